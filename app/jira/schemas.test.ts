import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { adfNode, createdIssue, jiraTime, shapesWith, transitions } from './schemas.ts';

const { comment, issue } = shapesWith(adfNode);

const text = (shown: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text: shown }] }],
});

describe('times', () => {
  it.each([
    ['2024-07-04T05:40:59.251-0700', Date.UTC(2024, 6, 4, 12, 40, 59, 251)],
    ['2020-12-03T14:05:20.974+0100', Date.UTC(2020, 11, 3, 13, 5, 20, 974)],
    ['2020-12-03T14:05:20.974+01:00', Date.UTC(2020, 11, 3, 13, 5, 20, 974)],
    ['2020-12-03T14:05:20Z', Date.UTC(2020, 11, 3, 14, 5, 20)],
  ])('%s', (written, expected) => expect(jiraTime.parse(written)).toBe(expected));

  it('refuses what is none, without quoting it', () => {
    const parsed = jiraTime.safeParse('my secret');
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).not.toContain('secret');
  });
});

describe('ADF', () => {
  it('passes nodes and attributes nobody told us about, untouched', () => {
    const document = { type: 'doc', version: 1, content: [{ type: 'newThing', attrs: { a: [1] }, more: true, content: [] }] };
    expect(adfNode.parse(document)).toBe(document);
  });
  it.each([
    ['text', 'plain'],
    ['null', null],
    ['no type', { content: [] }],
    ['content is no list', { type: 'doc', content: {} }],
    ['bad child', { type: 'doc', content: [{ type: 'paragraph', content: ['text'] }] }],
    ['bad text', { type: 'text', text: 1 }],
    ['bad mark', { type: 'text', text: 'x', marks: [{}] }],
    ['bad attributes', { type: 'mention', attrs: [] }],
  ])('refuses: %s', (_name, raw) => expect(adfNode.safeParse(raw).success).toBe(false));
});

describe('comment', () => {
  const least = { id: '10012', body: text('x'), created: '2024-07-04T05:40:59.251-0700' };
  it('does with the least that Jira sends of an anonymous one', () => expect(comment.safeParse(least).success).toBe(true));
  it.each(['id', 'body', 'created'] as const)('needs %s', (part) => {
    expect(comment.safeParse({ ...least, [part]: undefined }).success).toBe(false);
  });
});

/** Recorded answers lie beside the project in development and CI, and are absent in a public clone. */
const RECORDED = new URL('../../../shared/payloads/api-cloud/', import.meta.url);
const present = existsSync(RECORDED);
const recorded = (file: string): unknown => JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8'));

describe('recorded answers of Jira Cloud', () => {
  it('are present in CI', () => {
    if (process.env.CI === 'true') expect(present).toBe(true);
    else expect(typeof present).toBe('boolean');
  });

  const rows: [string, z.ZodType][] = [['ankit-create.json', createdIssue]];
  it.each(present ? rows : [])('%s', (file, schema) => {
    expect(schema.safeParse(recorded(file)).error?.issues ?? []).toEqual([]);
  });

  it('read back to the last change, with a changelog that leaves out field ids', () => {
    if (!present) return expect(readable()).toBe('absent beside this clone');
    const [raw] = recorded('faros-issues-issues.json') as [Record<string, unknown>];
    const fields = { ...(raw.fields as object), comment: { startAt: 0, total: 0, comments: [] } };
    const parsed = issue.safeParse({ ...raw, fields });
    expect(parsed.error?.issues ?? []).toEqual([]);
    expect(parsed.data?.changelog?.histories.length).toBeGreaterThan(0);
  });

  it('shows why a transition needs its target: an answer without `to` is reported by path only', () => {
    if (!present) return expect(readable()).toBe('absent beside this clone');
    const parsed = transitions.safeParse(recorded('ankit-transitions.json'));
    expect(parsed.error?.issues.map((problem) => problem.path.join('.'))).toContain('transitions.0.to');
  });
});

const readable = (): string => (existsSync(RECORDED) ? readdirSync(RECORDED).join() : 'absent beside this clone');
