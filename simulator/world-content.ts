import type { AdfNode } from './heart/adf.ts';
import { documentOf, paragraphOf } from './heart/adf.ts';

/** What lies on the two sites of the world `small` when it begins. */
export interface SeedItem {
  readonly project: string;
  readonly type: 'Task' | 'Bug' | 'Story';
  readonly summary: string;
  readonly description: AdfNode | null;
  readonly labels?: readonly string[];
  readonly priority?: string;
  /** Days from the day the world begins. */
  readonly dueInDays?: number;
  readonly status?: string;
  /** Index into the site's people. */
  readonly by: number;
  readonly comments?: readonly (readonly [by: number, text: string])[];
}

const text = (value: string, ...marks: string[]): AdfNode => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 ? { marks: marks.map((type) => ({ type })) } : {}),
});
const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const heading = (value: string): AdfNode => ({ type: 'heading', attrs: { level: 3 }, content: [text(value)] });
const list = (type: 'bulletList' | 'orderedList', ...items: string[]): AdfNode => ({
  type,
  content: items.map((item) => ({ type: 'listItem', content: [paragraphOf(item)] })),
});
const link = (label: string, href: string): AdfNode => ({
  type: 'text',
  text: label,
  marks: [{ type: 'link', attrs: { href } }],
});
const code = (language: string, value: string): AdfNode => ({ type: 'codeBlock', attrs: { language }, content: [text(value)] });
const plain = (...lines: string[]): AdfNode => documentOf(...lines.map(paragraphOf));

export const ACME_PEOPLE = ['Mia Lindqvist', 'Jonas Okafor', 'Priya Raman', 'Tomás Herrera', 'Hana Sato'] as const;
export const GLOBEX_PEOPLE = ['Elif Demir', 'Noah Becker', 'Amara Nwosu', 'Luca Moretti', 'Sofia Novak'] as const;

export const ACME_ITEMS: readonly SeedItem[] = [
  {
    project: 'SUP',
    type: 'Bug',
    summary: 'Invoice PDF shows the wrong VAT rate for Norwegian customers',
    by: 2,
    priority: 'High',
    dueInDays: 4,
    labels: ['billing', 'norway'],
    description: documentOf(
      paragraph(
        text('Three customers from Norway report '),
        text('15 %', 'strong'),
        text(' VAT on invoices that should carry '),
        text('25 %', 'strong'),
        text('.'),
      ),
      heading('Steps to reproduce'),
      list('orderedList', 'Set the billing country to Norway', 'Buy any yearly plan', 'Download the invoice as PDF'),
    ),
    comments: [
      [1, 'The web view of the same invoice is right, only the PDF is wrong.'],
      [2, 'Customer Fjordlaks AS needs a corrected invoice before the end of the month.'],
    ],
  },
  {
    project: 'SUP',
    type: 'Task',
    summary: 'Password reset mail arrives after ten minutes',
    by: 1,
    priority: 'Medium',
    status: 'In Progress',
    labels: ['login', 'mail'],
    description: plain(
      'Since Tuesday reset mails take about ten minutes.',
      'Ordinary notifications arrive at once, so it is not the mail provider as a whole.',
    ),
    comments: [[0, 'Is this all customers or only those with their own domain?']],
  },
  {
    project: 'SUP',
    type: 'Story',
    summary: 'Let customers choose the language of their invoices',
    by: 0,
    priority: 'Low',
    dueInDays: 21,
    labels: ['billing'],
    description: plain(
      'Invoices are always in the language of the site. Customers with accounting abroad ask for a choice per invoice address.',
    ),
  },
  {
    project: 'SUP',
    type: 'Bug',
    summary: 'Search finds nothing when the term contains a hyphen',
    by: 3,
    priority: 'Highest',
    dueInDays: 1,
    status: 'In Progress',
    labels: ['search'],
    description: documentOf(
      paragraph(
        text('Searching for '),
        text('a-17', 'code'),
        text(' returns nothing although the article exists. See '),
        link('the article', 'https://help.example.com/a-17'),
        text('.'),
      ),
      code('text', 'GET /search?q=a-17\n200 OK, 0 results'),
    ),
  },
  {
    project: 'SUP',
    type: 'Task',
    summary: 'Answer the security questionnaire of Nordbank',
    by: 4,
    priority: 'Medium',
    dueInDays: 9,
    labels: ['sales', 'security'],
    description: plain('42 questions. Last year’s answers are in the shared folder; sections 3 and 7 are new.'),
  },
  {
    project: 'SUP',
    type: 'Bug',
    summary: 'Export to CSV drops the last row',
    by: 2,
    priority: 'High',
    status: 'Done',
    labels: ['export'],
    description: plain('With exactly 1,000 rows the last one is missing.'),
    comments: [[2, 'Confirmed fixed with today’s release.']],
  },
  {
    project: 'SUP',
    type: 'Task',
    summary: 'Update the help page about single sign-on',
    by: 1,
    priority: 'Lowest',
    description: null,
  },
  {
    project: 'SUP',
    type: 'Story',
    summary: 'Show the status of a refund in the customer portal',
    by: 0,
    priority: 'Medium',
    status: 'Done',
    labels: ['billing', 'portal'],
    description: plain('Support gets about thirty calls a week that only ask where a refund is.'),
  },
  {
    project: 'OPS',
    type: 'Task',
    summary: 'Renew the certificate of status.acme.example',
    by: 3,
    priority: 'High',
    dueInDays: 12,
    description: plain('It runs out at the end of next month.'),
  },
];

export const GLOBEX_ITEMS: readonly SeedItem[] = [
  {
    project: 'ENG',
    type: 'Story',
    summary: 'Move the invoice renderer to the new template engine',
    by: 0,
    priority: 'High',
    status: 'In Progress',
    labels: ['billing', 'renderer'],
    description: documentOf(
      paragraph(text('The old engine is no longer maintained. '), text('All seven templates', 'em'), text(' have to move.')),
      list(
        'bulletList',
        'Invoices and credit notes first',
        'Reminders after that',
        'Keep the old output for comparison until the end of the quarter',
      ),
    ),
    comments: [[1, 'Credit notes render the same to the pixel now.']],
  },
  {
    project: 'ENG',
    type: 'Bug',
    summary: 'Mail worker holds its database connection while waiting',
    by: 1,
    priority: 'Highest',
    dueInDays: 2,
    status: 'In Review',
    labels: ['mail', 'performance'],
    description: plain('Under load all connections are held by workers that wait for the mail provider.'),
    comments: [
      [2, 'Review asks for a test with a slow provider.'],
      [1, 'Added.'],
    ],
  },
  {
    project: 'ENG',
    type: 'Task',
    summary: 'Upgrade the search cluster to the current release',
    by: 3,
    priority: 'Medium',
    dueInDays: 30,
    labels: ['search'],
    description: plain('Rolling upgrade, one node a night.'),
  },
  {
    project: 'ENG',
    type: 'Bug',
    summary: 'Tokenizer splits article numbers at hyphens',
    by: 3,
    priority: 'High',
    labels: ['search'],
    description: documentOf(
      paragraph(
        text('The standard tokenizer makes '),
        text('a', 'code'),
        text(' and '),
        text('17', 'code'),
        text(' of '),
        text('a-17', 'code'),
        text('.'),
      ),
    ),
  },
  {
    project: 'ENG',
    type: 'Task',
    summary: 'Write a runbook for failed nightly exports',
    by: 2,
    priority: 'Low',
    description: plain('Who to call, what to restart, how to tell customers.'),
  },
  {
    project: 'ENG',
    type: 'Story',
    summary: 'Cursor paging for the export API',
    by: 4,
    priority: 'Medium',
    status: 'Done',
    labels: ['api', 'export'],
    description: plain('Offset paging skips rows when rows are deleted meanwhile.'),
  },
  {
    project: 'ENG',
    type: 'Task',
    summary: 'Rotate the signing keys of the login service',
    by: 0,
    priority: 'High',
    dueInDays: 6,
    labels: ['login', 'security'],
    description: plain('Keys are two years old. Both old and new must be accepted for a week.'),
  },
  {
    project: 'ENG',
    type: 'Bug',
    summary: 'Dashboard shows yesterday’s numbers after midnight UTC',
    by: 4,
    priority: 'Lowest',
    description: null,
  },
  {
    project: 'WEB',
    type: 'Task',
    summary: 'Replace the stock photos on the pricing page',
    by: 2,
    priority: 'Low',
    dueInDays: 15,
    description: plain('The new ones are with the designers.'),
  },
];
