import { describe, expect, it } from '@jest/globals';
import { buildPair } from '../../test/contract/ledger-world.ts';
import { pairRow, pairToRow } from './turn-rows.ts';

describe('the row of a pair', () => {
  const made = { from: 'f', to: 't', since: { id: 7, at: 8 }, at: 9 };
  const pair = buildPair({ transitioned: { A: made, B: null } });
  const row = { tenant_id: pair.tenantId, synchronization_id: pair.synchronizationId, ...pairToRow(pair) };

  it('is the pair again', () => {
    expect(pairRow.parse(row)).toEqual(pair);
  });

  it.each<[string, unknown]>([
    ['in the form of another version', { A: ['f', 't', 8], B: null }],
    ['that is none', 'x'],
  ])('forgets a transition %s, and stays readable', (_, transitioned) => {
    expect(pairRow.parse({ ...row, transitioned })).toEqual({ ...pair, transitioned: { A: null, B: null } });
  });

  it('forgets edits of comments in the form of another version, and stays readable', () => {
    expect(pairRow.parse({ ...row, own_edits: { A: [['comment:A:1']], B: [] } })).toEqual(pair);
  });
});
