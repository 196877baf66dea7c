import { expect, it } from '@jest/globals';
import { findUnshowable } from './find-unshowable.ts';

it.each<[string, unknown, readonly string[]]>([
  ['texts of several lines', { name: 'Łukasz 佐藤', description: 'a\tb\r\nc' }, []],
  ['joined letters and marks of scripts from right to left', { name: '\u{1f469}\u200d\u{1f4bb} דוד\u200f!' }, []],
  ['what is no text', { a: 1, b: null, c: true, d: undefined }, []],
  ['a zero character', { name: 'a\u0000b' }, ['name']],
  ['an escape', { own: { projectKey: '\u001b[2J' } }, ['own.projectKey']],
  ['half a character', { list: ['a', '\ud800'] }, ['list.1']],
  ['letters that are turned', { a: '\u202emoc', b: { c: '\u2066' } }, ['a', 'b.c']],
  ['a text alone', 'a\u007f', ['']],
])('%s', (_what, body, paths) => {
  expect(findUnshowable(body)).toEqual(paths);
});
