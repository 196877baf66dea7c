import { describe, expect, it } from '@jest/globals';
import type { CommentId, EffectId, IssueId, IssueKey, ProjectId, SynchronizationId, TenantId } from '../core/ids.ts';
import { createCommentEventBox } from './comment-event-box.ts';
import { createObservationBox } from './observation-box.ts';
import { createSecretBox } from './secret-box.ts';

const ACME = 'tenant-acme' as TenantId;
const secretBox = createSecretBox({ current: Buffer.alloc(32, 1), older: [] });
const box = createCommentEventBox(secretBox);
const EDIT = {
  kind: 'edited' as const,
  commentId: '10003' as CommentId,
  editedAt: 1_800_000_000_000,
  words: 'CANARY says',
  writer: null,
};

const sealed = (): string => box.seal(ACME, EDIT) ?? '';

describe('the event of a comment in its box', () => {
  it('comes out as it went in', () => {
    expect(box.open(ACME, sealed())).toEqual(EDIT);
    const ours = { ...EDIT, writer: { synchronizationId: 's' as SynchronizationId, effectId: 'e' as EffectId } };
    expect(box.open(ACME, box.seal(ACME, ours) ?? '')).toEqual(ours);
  });

  it('shows nothing, and opens for its own site alone', () => {
    expect(sealed()).not.toBe('');
    expect(`${sealed()}${Buffer.from(sealed(), 'base64url').toString('latin1')}`).not.toContain('CANARY');
    expect(box.open('globex' as TenantId, sealed())).toBeNull();
  });

  it('that is too large stays out', () => {
    expect(box.seal(ACME, { ...EDIT, words: 'x'.repeat(17_000) })).toBeNull();
  });

  it('is no observation, and an observation is none of a comment', () => {
    const observations = createObservationBox(secretBox);
    expect(observations.open(ACME, sealed())).toBeNull();
    const told = {
      event: 'created' as const,
      issueId: '1' as IssueId,
      issueKey: 'SUP-1' as IssueKey,
      projectId: '1' as ProjectId,
      type: { id: '1', name: 'Task' },
      status: { id: '1', name: 'To Do' },
      createdAt: 1,
      updatedAt: 1,
      fields: new Map(),
      richFilled: [],
      changes: [],
      changeId: null,
    };
    expect(box.open(ACME, observations.seal(ACME, told) ?? '')).toBeNull();
  });

  it.each(['', '{}', 'null', '{"form":"comment event 3"}'])('in another form tells nothing: %j', (text) => {
    expect(box.open(ACME, secretBox.seal(ACME, text))).toBeNull();
  });
});
