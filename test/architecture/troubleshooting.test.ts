import { describe, expect, it } from '@jest/globals';
import { CAUSES } from '../../app/core/causes.ts';
import { AUTHENTICATION_REFUSALS } from '../../app/sync/authentication-refusal.ts';
import { CONNECTION_CAUSES } from '../../app/sync/connection-causes.ts';
import { CONNECTION_REFUSALS } from '../../app/sync/connection-refusal.ts';
import { SET_UP_REFUSALS } from '../../app/sync/set-up-refusal.ts';
import { WEBHOOK_CAUSES } from '../../app/sync/webhook-causes.ts';
import { listFiles, readText } from './house-files.ts';

const page = readText('docs/troubleshooting.md');

/** The rows of one section: code and the cells after it. */
const rowsOf = (heading: string): [code: string, ...cells: string[]][] => {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, code = '', cells = '']) => [code, ...cells.split(' | ')]);
};

const written = (texts: Readonly<Record<string, { readonly message: string; readonly remedy: string }>>): string[][] =>
  Object.entries(texts).map(([code, { message, remedy }]) => [code, message, remedy]);

/** Codes with their status as they stand in the routes and guards; the two ways in which refusals are written there. */
const refusalsInWeb = (): string[] => {
  const sources = listFiles('app/web').filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return sources.flatMap((file) => {
    const text = readText(file);
    return [
      ...[...text.matchAll(/status: (\d{3}),\s*code: '([a-z-]+)'/g)].map(([, status = '', code = '']) => `${code} ${status}`),
      ...[...text.matchAll(/refused\(\s*'([a-z-]+)',((?:[^()'`]|'(?:[^'\\]|\\.)*'|`[^`]*`)*)\)/g)].map(
        ([, code = '', rest = '']) => `${code} ${/(\d{3}),?\s*$/.exec(rest)?.[1] ?? '401'}`,
      ),
    ];
  });
};

describe('docs/troubleshooting.md', () => {
  it('lists every cause with its sentences, in the order of the code', () => {
    expect(rowsOf('Work items')).toEqual(written(CAUSES));
  });

  it('lists every refusal of set-up with its sentences', () => {
    expect(rowsOf('Steps of setting up')).toEqual(written(SET_UP_REFUSALS));
  });

  it('lists every refusal of getting into a site with its sentences', () => {
    expect(rowsOf('Getting into a site')).toEqual(written(AUTHENTICATION_REFUSALS));
  });

  it('lists every refusal around connections with its sentences', () => {
    expect(rowsOf('Connections and one-time links')).toEqual(written(CONNECTION_REFUSALS));
    expect(rowsOf('Connections that need')).toEqual(written(CONNECTION_CAUSES));
    expect(rowsOf('Events of sites')).toEqual(written(WEBHOOK_CAUSES));
  });

  it('lists every refusal of the web with its status, and none that is not there', () => {
    const known = new Set(Object.keys(SET_UP_REFUSALS));
    const inCode = new Set(refusalsInWeb().filter((entry) => !known.has(entry.split(' ')[0] ?? '')));
    const onPage = rowsOf('Calls that are refused').map(([code, status]) => `${code} ${status}`);
    expect(inCode.size).toBeGreaterThan(20);
    expect(onPage.sort()).toEqual([...inCode].sort());
  });

  it('lists every reason for which an event is refused or not acted on', () => {
    const [, union = ''] = /export type DeliveryRefusal =([^;]+);/.exec(readText('app/hosts/remote-webhook.ts')) ?? [];
    const refused = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code);
    const answers = `${readText('app/web/receive-webhook.ts')}${readText('app/hosts/jira-webhook.ts')}`;
    const answered = [...answers.matchAll(/(?:outcome|kind): '(?:accepted|declined)', code: '([a-z-]+)', reason/g)];
    expect(refused.length).toBeGreaterThan(5);
    expect(answered.length).toBeGreaterThan(3);
    expect(rowsOf('Events that are refused').map(([code]) => code)).toEqual([
      'connection-unknown',
      ...refused,
      ...answered.map(([, code]) => code),
    ]);
  });

  it('says something in every cell', () => {
    const rows = page.split('\n').filter((line) => /^\| `/.test(line));
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.filter((line) => line.split(' | ').length < 3 || line.split(' | ').some((cell) => cell.trim() === ''))).toEqual(
      [],
    );
  });
});
