import { describe, expect, it } from '@jest/globals';
import { commentId, doc, fingerprint, paragraph } from '../../test/factories/core.ts';
import { type DeletionQuestion, findDeletion, GONE_COPY } from './deleted-copy.ts';
import type { FieldChange } from './item.ts';
import { toldPrint } from './loose-print.ts';
import type { CommentEvent } from './observation.ts';

const MEANT = 100;
const told = (...words: readonly string[]): string =>
  toldPrint({ kind: 'rich', document: doc(...words.map((one) => paragraph(one))) }, fingerprint);
const deleted = (of: Partial<CommentEvent> = {}): CommentEvent => ({
  kind: 'deleted',
  commentId: commentId('9'),
  editedAt: MEANT,
  words: '*Mia Lindqvist:*\n\nIt *burns*',
  writer: null,
  ...of,
});
const line = (fromText: string, at = MEANT, field = 'comment'): FieldChange => ({
  id: null,
  at,
  field,
  from: null,
  to: null,
  fromText,
  toText: null,
});
const find = (given: Partial<DeletionQuestion>) =>
  findDeletion({
    sent: told('Mia Lindqvist:', 'It burns'),
    intendedAt: MEANT,
    events: [],
    isAbout: () => true,
    changes: [],
    gone: [],
    fingerprint,
    ...given,
  });
const LINE = line('*Mia Lindqvist:*\n\nIt *burns*');

describe('what a write of ours sent, and which is not there', () => {
  it('[K9] [O10] was deleted if the event of a deletion tells its words', () => {
    expect(find({ events: [deleted()] })).toBe('9');
  });

  it('[K9] [O10] was deleted if the changelog tells its words', () => {
    expect(find({ changes: [line('Another'), LINE] })).toBe(GONE_COPY);
  });

  it.each<[string, readonly string[], string]>([
    ['a heading', ['Heading', 'words'], 'h2. Heading\n\nwords'],
    ['a link', ['See the page'], 'See [the page|https://acme.example/page]'],
    ['code', ['run it'], '{code:java}\nrun it\n{code}'],
    ['a mention of somebody unknown there', ['@Jonas please look'], '@Jonas please look'],
  ])('[K9] is known by its words, whatever the markup: %s', (_, words, markup) => {
    expect(find({ sent: told(...words), changes: [line(markup)] })).toBe(GONE_COPY);
  });

  it.each<[string, Partial<DeletionQuestion>]>([
    ['what was deleted says something else', { events: [deleted({ words: 'Somebody says: It burns' })] }],
    ['it was edited only', { events: [deleted({ kind: 'edited' })] }],
    ['the event is about another comment', { events: [deleted()], isAbout: () => false }],
    ['it was another field that lost these words', { changes: [line('Mia Lindqvist: It burns', MEANT, 'description')] }],
    ['that was deleted before it was sent', { changes: [{ ...LINE, at: MEANT - 1 }] }],
    ['it is not known what was sent', { sent: null, events: [deleted()], changes: [LINE] }],
    ['there are no letters to know it by', { sent: told('🎉'), events: [deleted({ words: '👍' })], changes: [line('👍')] }],
  ])('[K9] [O10] was never there if %s', (_, given) => {
    expect(find(given)).toBeNull();
  });

  it.each<[string, readonly (string | null)[]]>([
    ['the copy of another with the same words', ['It burns']],
    ['another that began there, and whose copy has an author line', ['Noah Becker:\nMia Lindqvist:\nIt burns']],
    ['another of which nobody knows the words any more', [null]],
  ])('[K9] a line of the changelog may be %s: then it counts for that one', (_, gone) => {
    expect(find({ changes: [LINE], gone })).toBeNull();
    expect(find({ changes: [LINE, LINE], gone })).toBe(GONE_COPY);
    expect(find({ changes: [LINE], gone: ['Something else'] })).toBe(GONE_COPY);
  });
});
