import { describe, expect, it } from '@jest/globals';
import { CLOUD } from './cloud/cloud-dialect.ts';
import { DATA_CENTER } from './datacenter/data-center-dialect.ts';
import type { Dialect } from './dialect.ts';
import { mapItem } from './map-item.ts';

const entry = (id: string, at: number, words: string) => ({
  id,
  created: new Date(at).toISOString().replace('Z', '+0000'),
  items: [{ field: 'summary', fieldtype: 'jira', fieldId: 'summary', fromString: '', toString: words }],
});
const NOON = Date.UTC(2026, 10, 22, 12);

/** Newest first, as Jira tells them: the entry of the lower number has the later time. */
const read = (dialect: Dialect) => {
  const raw = dialect.shapes.issue.parse({
    id: '1',
    key: 'SUP-1',
    fields: {
      project: { id: '10', key: 'SUP' },
      issuetype: { id: '1', name: 'Task' },
      status: { id: '1', name: 'To Do' },
      created: '2026-11-22T11:00:00.000+0000',
      updated: '2026-11-22T12:00:00.000+0000',
      comment: { comments: [], startAt: 0, maxResults: 0, total: 0 },
    },
    changelog: { histories: [entry('107', NOON, 'lower number'), entry('205', NOON - 1, 'higher number')] },
  });
  const item = mapItem(dialect, raw, [], []);
  return typeof item === 'string' ? item : item.changes.map(({ id, to }) => [id, to?.kind === 'text' ? to.text : null]);
};

describe('[O13] the changes of an item', () => {
  it('come in the order of their numbers', () => {
    expect(read(CLOUD)).toEqual([
      [107, 'lower number'],
      [205, 'higher number'],
    ]);
  });

  it('come in the order of their times from Data Center, of which each node has numbers of its own', () => {
    expect(read(DATA_CENTER)).toEqual([
      [null, 'higher number'],
      [null, 'lower number'],
    ]);
  });
});
