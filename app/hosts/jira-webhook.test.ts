import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { listShared, readShared, sharedIsHere } from '../../test/shared-data.ts';
import type { PieceKey } from '../core/ids.ts';
import { isExplainedBy, readWebhook, type Touched } from './jira-webhook.ts';

const pieces = (...keys: string[]): PieceKey[] => keys as PieceKey[];

const recordings = [...listShared('payloads/webhooks-cloud'), ...listShared('payloads/webhooks-server')];

/** What some recordings must become; the others must at least become something. */
const EXPECTED: Readonly<Record<string, object>> = {
  'mm-webhook-cloud-comment-deleted.json': {
    kind: 'hint',
    event: 'comment_deleted',
    issueId: '10357',
    issueKey: 'KT-7',
    projectId: '10008',
    touched: { kind: 'comment' },
  },
  'mm-webhook-cloud-issue-created-many-fields.json': { kind: 'hint', touched: { kind: 'creation' }, byPerson: true },
  'mm-webhook-issue-created.json': {
    kind: 'hint',
    byPerson: false,
    event: 'jira:issue_created',
    issueId: '10040',
    projectId: '10000',
    touched: { kind: 'creation' },
  },
  'mm-webhook-issue-deleted.json': { kind: 'hint', event: 'jira:issue_deleted', issueId: '10303', touched: { kind: 'unknown' } },
  'mm-webhook-issue-updated-resolved.json': { touched: { kind: 'pieces', pieces: ['field:resolution', 'status'] } },
  'mm-webhook-issue-assigned-empty-changelog.json': { kind: 'hint', touched: { kind: 'unknown' } },
  'mm-webhook-server-comment-created.json': {
    kind: 'hint',
    issueId: '10013',
    issueKey: null,
    projectId: null,
    touched: { kind: 'comment' },
  },
  'mm-webhook-server-issue-updated-commented-3.json': { kind: 'hint', issueId: '10231', touched: { kind: 'comment' } },
  'mm-webhook-server-issue-updated-in-progress.json': { touched: { kind: 'pieces', pieces: ['status'] } },
  'mobitel-issue-updated-generic.json': { touched: { kind: 'pieces', pieces: ['status', 'field:description', 'field:key'] } },
  'mobitel-project-created.json': { kind: 'declined', code: 'event-unused' },
  'zulip-attachment_created.json': { kind: 'declined', code: 'event-unused' },
  'zulip-worklog_deleted.json': { kind: 'declined', code: 'event-unused' },
};

describe('recorded webhooks', () => {
  it('are there, or this is a public clone', () => {
    expect(recordings.length > 40).toBe(sharedIsHere());
  });

  it('become a hint or are declined with a reason, every one', () => {
    const outcomes = recordings.map((path) => ({ path, reading: readWebhook(readShared(path)) }));
    expect(outcomes.filter(({ reading }) => reading.kind === 'malformed')).toEqual([]);
    for (const { path, reading } of outcomes)
      expect({ path, reading }).toMatchObject({ path, reading: EXPECTED[path.split('/').at(-1) ?? ''] ?? {} });
  });

  it('lose all content on the way', () => {
    for (const path of recordings) {
      const body = readShared(path);
      const { issue } = body as { issue?: { key?: string; fields?: { summary?: string } } };
      const summary = issue?.fields?.summary;
      if (summary !== undefined && summary.length > 5 && summary !== issue?.key)
        expect(JSON.stringify(readWebhook(body))).not.toContain(summary);
    }
  });
});

describe('readWebhook', () => {
  it.each<[string, unknown, object]>([
    [
      'numbers as ids',
      { webhookEvent: 'jira:issue_updated', issue: { id: 10001, fields: { project: { id: 10000 } } } },
      { issueId: '10001', projectId: '10000' },
    ],
    [
      'odd parts beside good ones',
      { webhookEvent: 'jira:issue_updated', issue: { id: '1', key: 7, fields: [] }, changelog: 'x', comment: 5 },
      { issueId: '1', issueKey: null, projectId: null },
    ],
    [
      'an id too long to be one',
      { webhookEvent: 'jira:issue_updated', issue: { id: '9'.repeat(20) } },
      { kind: 'declined', code: 'item-unnamed' },
    ],
    [
      'a comment address that hides another path',
      { webhookEvent: 'comment_created', comment: { self: 'https://x/issue/7/comment/8/../9' } },
      { kind: 'declined', code: 'item-unnamed' },
    ],
    [
      'a changelog item without a name',
      { webhookEvent: 'jira:issue_updated', issue: { id: '1' }, changelog: { items: [{ fieldId: 'summary' }, {}] } },
      { touched: { kind: 'unknown' } },
    ],
  ])('takes %s', (_name, body, expected) => {
    expect(readWebhook(body)).toMatchObject(expected);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.jsonValue(),
        fc.constantFrom('jira:issue_updated', 'comment_created', 'x'),
        (issue, comment, changelog, webhookEvent) => {
          expect(['hint', 'declined']).toContain(readWebhook({ webhookEvent, issue, comment, changelog }).kind);
        },
      ),
      runs(100),
    );
  });
});

describe('isExplainedBy', () => {
  it.each<[string, Touched, PieceKey[], boolean]>([
    [
      'the very pieces',
      { kind: 'pieces', pieces: pieces('field:summary', 'field:labels') },
      pieces('field:labels', 'field:summary'),
      true,
    ],
    ['some of the pieces', { kind: 'pieces', pieces: pieces('field:summary') }, pieces('field:labels', 'field:summary'), true],
    ['one piece more', { kind: 'pieces', pieces: pieces('field:labels', 'field:priority') }, pieces('field:labels'), false],
    ['a comment by a comment write', { kind: 'comment' }, pieces('comment:A:10001'), true],
    ['a comment by a field write', { kind: 'comment' }, pieces('field:summary'), false],
    ['a comment by a trace that says nothing', { kind: 'comment' }, [], false],
    ['a creation by a creation', { kind: 'creation' }, pieces('field:summary'), true],
    ['a creation by a comment write', { kind: 'creation' }, pieces('comment:A:1'), false],
    ['a creation by a trace that says nothing', { kind: 'creation' }, [], false],
    ['what nobody knows', { kind: 'unknown' }, pieces('field:summary'), false],
  ])('%s', (_name, touched, written, explained) => {
    expect(isExplainedBy(touched, written)).toBe(explained);
  });
});
