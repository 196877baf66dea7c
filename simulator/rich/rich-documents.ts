import type { AdfNode } from '../heart/adf.ts';
import { documentOf, paragraphOf } from '../heart/adf.ts';

const text = (value: string, ...marks: AdfNode[]): AdfNode => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 ? { marks } : {}),
});
const node = (type: string, attrs: Record<string, unknown>, ...content: AdfNode[]): AdfNode => ({
  type,
  ...(Object.keys(attrs).length > 0 ? { attrs } : {}),
  ...(content.length > 0 ? { content } : {}),
});
const paragraph = (...content: AdfNode[]): AdfNode => node('paragraph', {}, ...content);
const item = (value: string, ...more: AdfNode[]): AdfNode => node('listItem', {}, paragraphOf(value), ...more);
const row = (kind: 'tableHeader' | 'tableCell', ...cells: string[]): AdfNode =>
  node('tableRow', {}, ...cells.map((cell) => node(kind, {}, paragraphOf(cell))));

const MARKED: readonly AdfNode[] = [
  text('strong', { type: 'strong' }),
  text(' emphasized', { type: 'em' }),
  text(' struck', { type: 'strike' }),
  text(' underlined', { type: 'underline' }),
  text(' code', { type: 'code' }),
  text(' red', { type: 'textColor', attrs: { color: '#bf2600' } }),
  text(' marked', { type: 'backgroundColor', attrs: { color: '#fedec8' } }),
  text(' low', { type: 'subsup', attrs: { type: 'sub' } }),
  text(' linked', { type: 'link', attrs: { href: 'https://help.example.com/cart?x=1&y=2' } }),
];

/** What a document names that only one site knows. */
export interface DocumentPlace {
  readonly accountId: string;
  readonly personName: string;
  /** The media id of a file of the item. */
  readonly mediaId: string;
  readonly now: number;
  readonly browseUrl: string;
}

const inlines = ({ accountId, personName, now, browseUrl }: DocumentPlace): AdfNode =>
  paragraph(
    text('Ask '),
    node('mention', { id: accountId, text: `@${personName}`, accessLevel: '' }),
    text(' '),
    node('emoji', { shortName: ':warning:', id: 'atlassian-warning', text: ':warning:' }),
    node('emoji', { shortName: ':smile:', id: '1f604', text: '😄' }),
    text(' before '),
    node('date', { timestamp: String(now) }),
    node('hardBreak', {}),
    node('status', { text: 'Waiting for supplier', color: 'yellow', localId: '6b1f4a9e-0001' }),
    text(' see '),
    node('inlineCard', { url: browseUrl }),
  );

const blocks: readonly AdfNode[] = [
  node('panel', { panelType: 'warning' }, paragraphOf('Customers lose their cart. Do not restart the shop during the day.')),
  node('blockquote', {}, paragraphOf('“I paid twice and got nothing.”')),
  node(
    'bulletList',
    {},
    item('Phones only', node('orderedList', { order: 3 }, item('third'), item('fourth'))),
    item('All carriers'),
  ),
  node(
    'taskList',
    { localId: 'tasks-1' },
    node('taskItem', { localId: 'task-1', state: 'DONE' }, text('Ask for a log')),
    node('taskItem', { localId: 'task-2', state: 'TODO' }, text('Call the customer back')),
  ),
  node(
    'decisionList',
    { localId: 'dec-1' },
    node('decisionItem', { localId: 'dec-2', state: 'DECIDED' }, text('No refund by hand')),
  ),
  node(
    'table',
    { isNumberColumnEnabled: false, layout: 'default' },
    row('tableHeader', 'Device', 'Orders', 'Failed'),
    row('tableCell', 'Pixel 9', '1,204', '31 %'),
    node(
      'tableRow',
      {},
      node(
        'tableCell',
        { colspan: 2 },
        node('nestedExpand', { title: 'All other devices' }, paragraphOf('412 orders of 38 devices.')),
      ),
      node('tableCell', { background: '#e3fcef' }, paragraphOf('2 %')),
    ),
  ),
  node(
    'expand',
    { title: 'The whole answer of the server' },
    node('codeBlock', { language: 'json' }, text('{"error":"cart_gone"}')),
  ),
  node('rule', {}),
  node(
    'layoutSection',
    {},
    node('layoutColumn', { width: 50 }, paragraphOf('Expected: one order.')),
    node('layoutColumn', { width: 50 }, paragraphOf('Found: two payments.')),
  ),
  node('blockCard', { url: 'https://status.example.com/incidents/512' }),
  node('embedCard', { url: 'https://videos.example.com/watch/77', layout: 'center' }),
  node('extension', { extensionType: 'com.atlassian.confluence.macro.core', extensionKey: 'gantt', parameters: { rows: 4 } }),
  node('bodiedExtension', { extensionType: 'com.vendor.unknown', extensionKey: 'box' }, paragraphOf('Inside an app’s box.')),
  paragraph(node('inlineExtension', { extensionType: 'com.vendor.unknown', extensionKey: 'counter', parameters: {} })),
];

const media = ({ mediaId }: DocumentPlace): readonly AdfNode[] => [
  node(
    'mediaSingle',
    { layout: 'center' },
    node('media', { id: mediaId, type: 'file', collection: '', width: 640, height: 480 }),
  ),
  node('mediaGroup', {}, node('media', { id: mediaId, type: 'file', collection: '' })),
  paragraph(node('mediaInline', { id: mediaId, type: 'file', collection: '' })),
];

/** A description with every kind of node and mark that Jira's editor makes, and some of apps that nobody knows. */
export const everyNode = (place: DocumentPlace): AdfNode =>
  documentOf(
    node('heading', { level: 2 }, text('What happens')),
    paragraph(...MARKED),
    inlines(place),
    ...blocks,
    ...media(place),
  );
