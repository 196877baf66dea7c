import { describe, expect, it } from '@jest/globals';
import { itemsName, needsALook, outcomeName, pieceName } from './history-words.ts';

const sides = { A: 'SUP', B: 'ENG' };

describe('pieceName', () => {
  it.each([
    [null, 'Work item'],
    ['status', 'Status'],
    ['field:duedate', 'Due date'],
    ['field:customfield_10020', 'customfield_10020'],
    ['comment:A:10012', 'Comment'],
  ])('%s', (piece, expected) => {
    expect(pieceName(piece)).toBe(expected);
  });
});

describe('outcomeName', () => {
  it('has words for what it knows and shows the rest as it is', () => {
    expect(outcomeName('created')).toBe('Twin created');
    expect(outcomeName('something-new')).toBe('something-new');
  });

  it.each([
    ['parked', true],
    ['declined', true],
    ['item-gone', true],
    ['applied', false],
    ['something-new', false],
  ])('%s needs a second look: %s', (outcome, expected) => {
    expect(needsALook(outcome)).toBe(expected);
  });
});

describe('itemsName', () => {
  it.each([
    ['from A', { A: 'SUP-3', B: 'ENG-7' }, 'A', 'SUP-3 → ENG-7'],
    ['from B', { A: 'SUP-3', B: 'ENG-7' }, 'B', 'ENG-7 → SUP-3'],
    ['from neither', { A: 'SUP-3', B: 'ENG-7' }, null, 'SUP-3 ↔ ENG-7'],
    ['without a twin', { A: 'SUP-3', B: null }, 'A', 'SUP-3'],
    ['only a side known', { A: null, B: null }, 'B', 'ENG'],
    ['nothing known', { A: null, B: null }, null, '–'],
  ] as const)('%s', (_name, issueKeys, source, expected) => {
    expect(itemsName({ issueKeys, source }, sides)).toBe(expected);
  });
});
