import { describe, expect, it } from '@jest/globals';
import { listFiles, readText } from './house-files.ts';

/** Words with a point between that are no actions: what body parsers call their complaints, and columns. */
const NO_ACTIONS = new Set([
  'charset.unsupported',
  'encoding.unsupported',
  'request.aborted',
  'given.at',
  'k.until',
  'parked.since',
]);
const FILE_ENDINGS = /\.(json|ts|js|mjs|node|hbs)$/;

const sources = listFiles('app').filter((file) => /^app\/(sync|hosts|web|connections|store|compose)[^.]*\.ts$/.test(file));

/** `'token.made'`: a noun and a verb, wherever it stands. */
const actionsIn = (text: string): string[] =>
  [...text.matchAll(/'([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)'/g)]
    .map(([, word = '']) => word)
    .filter((word) => !NO_ACTIONS.has(word) && !FILE_ENDINGS.test(word));

const rows = [...readText('docs/audit.md').matchAll(/^\| `([a-z-]+\.[a-z-]+)` \| (.+) \|$/gm)];

describe('docs/audit.md', () => {
  it('lists every action of the audit log, and none that is not there', () => {
    const inCode = [...new Set(sources.flatMap((file) => actionsIn(readText(file))))].sort();
    expect(inCode.length).toBeGreaterThan(20);
    expect(rows.map(([, action]) => action)).toEqual(inCode);
  });

  it('says of each what was done', () => {
    expect(rows.filter(([, , text = '']) => !/^[A-Z].+\.$/.test(text))).toEqual([]);
  });

  it.each([
    ["audit.note(tenantId, { action: 'token.made' })", ['token.made']],
    ["noteChange(ports, caller, synchronization, 'synchronization.draft-sent')", ['synchronization.draft-sent']],
    ["'entity.parse.failed' 'package.json' given.at", []],
  ])('is compared with what stands in %s', (text, actions) => {
    expect(actionsIn(text)).toEqual(actions);
  });
});
