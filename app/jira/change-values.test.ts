import { describe, expect, it } from '@jest/globals';
import type { FieldValue } from '../core/item.ts';
import { changedField, readChange } from './change-values.ts';
import { changeItem } from './schemas.ts';

const AT = 1_800_000_000_000;
/** As it comes: what a line leaves out is really not there. */
const read = (line: object) => readChange(changeItem.parse({ field: 'x', ...line }), { id: 7, at: AT });
type Words = string | null;
const line = (field: string, from: Words, fromString: Words, to: Words, toWords: Words) => ({
  field,
  fieldtype: 'jira',
  fieldId: field,
  from,
  fromString,
  to,
  toString: toWords,
});
const EMPTY: FieldValue = { kind: 'empty' };
const set = (...members: string[]): FieldValue => ({ kind: 'set', members });
const option = (id: string, name: string): FieldValue => ({ kind: 'option', id, name });
const day = (date: string): FieldValue => ({ kind: 'date', date });

describe('a line of a changelog', () => {
  it.each<[string, object, FieldValue | null, FieldValue | null]>([
    ['a summary', line('summary', null, 'Old', null, 'New'), { kind: 'text', text: 'Old' }, { kind: 'text', text: 'New' }],
    ['labels', line('labels', null, 'bad test-label', null, 'sad'), set('bad', 'test-label'), set('sad')],
    ['first labels', line('labels', null, '', null, 'a b c'), set(), set('a', 'b', 'c')],
    ['last labels', line('labels', null, 'a', null, null), set('a'), set()],
    ['a priority', line('priority', '2', 'High', '4', 'Low'), option('2', 'High'), option('4', 'Low')],
    ['a first priority', line('priority', null, null, '4', 'Low'), EMPTY, option('4', 'Low')],
    ['a priority without its id', line('priority', null, 'High', '4', 'Low'), null, option('4', 'Low')],
    ['a due date', line('duedate', '2026-12-24', '2026-12-24 00:00:00.0', null, null), day('2026-12-24'), EMPTY],
    [
      'a due date by its words',
      line('duedate', null, '2026-12-24 00:00:00.0', null, '2027-01-02'),
      day('2026-12-24'),
      day('2027-01-02'),
    ],
    ['a due date in the words of a person', line('duedate', null, '24/Dec/26', null, null), null, EMPTY],
    ['a status', line('status', '3', 'In Progress', '10002', 'Done'), option('3', 'In Progress'), option('10002', 'Done')],
    ['a status of no name', line('status', '3', null, '10002', 'Done'), null, option('10002', 'Done')],
    ['what it does not say', { fieldId: 'summary', field: 'summary' }, null, null],
    ['labels it does not say', { fieldId: 'labels', field: 'labels' }, null, null],
    ['a due date it does not say', { fieldId: 'duedate', field: 'duedate' }, null, null],
  ])('tells the values of %s', (_name, raw, from, to) => {
    expect(read(raw)).toMatchObject({ at: AT, from, to });
  });

  it('tells the words of what it has no value for, and no others', () => {
    expect(read(line('description', null, 'Old *words*', null, 'New'))).toEqual({
      id: 7,
      at: AT,
      field: 'description',
      from: null,
      to: null,
      fromText: 'Old *words*',
      toText: 'New',
    });
    expect(read(line('summary', null, 'Old', null, 'New'))?.fromText).toBeNull();
    expect(read({ field: 'summary', fieldId: 'summary' })?.fromText).toBeNull();
  });

  it.each([
    ['where Data Center gives no id', { field: 'Comment', fieldtype: 'jira', fromString: 'So *said*', toString: null }],
    ['by its id', { ...line('comment', null, 'So *said*', null, null), field: 'Comentario' }],
  ])('tells the words of a deleted comment %s', (_name, raw) =>
    expect(read(raw)).toEqual({ id: 7, at: AT, field: 'comment', from: null, to: null, fromText: 'So *said*', toText: null }),
  );

  it.each([
    ['another field', line('assignee', 'a', 'Ana', 'b', 'Bo')],
    ['a custom field', { ...line('customfield_10001', null, 'x', null, 'y'), field: 'Summary' }],
    ['a custom field of Data Center, which has no id', { field: 'Summary', fieldtype: 'custom', fromString: 'x', toString: 'y' }],
  ])('is nothing to us about %s', (_name, raw) => expect(read(raw)).toBeNull());

  it.each([
    ['by its id, whatever language its name is in', { field: 'Статус', fieldId: 'status' }, 'status'],
    ['by its name where Data Center gives no id', { field: 'Status', fieldtype: 'jira' }, 'status'],
    ['by nothing', { field: '', fieldId: '' }, null],
  ])('names its field %s', (_name, raw, field) => expect(changedField(changeItem.parse(raw))).toBe(field));
});
