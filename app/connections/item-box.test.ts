import { describe, expect, it } from '@jest/globals';
import { buildComment, buildItem } from '../../test/factories/core.ts';
import type { CommentId, FieldId, TenantId } from '../core/ids.ts';
import type { FieldValue, Item } from '../core/item.ts';
import { createItemBox } from './item-box.ts';
import { createObservationBox } from './observation-box.ts';
import { createSecretBox } from './secret-box.ts';

const secretBox = createSecretBox({ current: Buffer.alloc(32, 7), older: [] });
const box = createItemBox(secretBox);
const ACME = 'acme' as TenantId;

const fields = new Map<FieldId, FieldValue>([
  ['summary' as FieldId, { kind: 'text', text: 'Printer on fire' }],
  [
    'description' as FieldId,
    { kind: 'rich', document: { type: 'doc', content: [{ type: 'paragraph', attrs: { localId: '1' } }] } },
  ],
  ['labels' as FieldId, { kind: 'set', members: ['hot'] }],
  ['priority' as FieldId, { kind: 'option', id: '1', name: 'Highest' }],
  ['duedate' as FieldId, { kind: 'empty' }],
]);
const item: Item = {
  ...buildItem(),
  fields,
  comments: [buildComment({ commentId: '1' as CommentId })],
  transitions: null,
  changes: [],
  changedAt: new Map(),
};

const sealed = (): string => {
  const text = box.seal(ACME, item);
  if (text === null) throw new Error('too large');
  return text;
};

describe('a listed item in its box', () => {
  it('comes out as it went in, but for what a list does not tell', () => {
    expect(box.open(ACME, sealed())).toEqual(item);
  });

  it('shows nothing, and opens for its own site alone', () => {
    expect(sealed()).not.toMatch(/Printer|hot|Highest/);
    expect(box.open('globex' as TenantId, sealed())).toBeNull();
  });

  it('that is too large stays out', () => {
    const large = new Map(item.fields).set('summary' as FieldId, { kind: 'text', text: 'x'.repeat(17_000) });
    expect(box.seal(ACME, { ...item, fields: large })).toBeNull();
  });

  it('is no observation, and an observation is no item', () => {
    const observations = createObservationBox(secretBox);
    expect(observations.open(ACME, sealed())).toBeNull();
    const { issueId, issueKey, projectId, type, status, createdAt, updatedAt } = item;
    const told = {
      event: 'created' as const,
      issueId,
      issueKey,
      projectId,
      type,
      status,
      createdAt,
      updatedAt,
      fields: new Map(),
      richFilled: [],
      changes: [],
      changeId: null,
    };
    expect(box.open(ACME, observations.seal(ACME, told) ?? '')).toBeNull();
  });

  it.each(['', '{}', 'null'])('in another form is looked at anew: %j', (text) => {
    expect(box.open(ACME, secretBox.seal(ACME, text))).toBeNull();
  });
});
