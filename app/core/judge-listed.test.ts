import { describe, expect, it } from '@jest/globals';
import { buildConfiguration, buildItem, fieldId, fingerprint } from '../../test/factories/core.ts';
import type { EffectId, IssueId, SynchronizationId } from './ids.ts';
import { judgeListed, type Listing } from './judge-listed.ts';
import { fingerprintValue } from './normal-form.ts';
import { AWAY_PIECE, fieldPiece, synchronizedBase } from './piece.ts';
import { GRACE_MS, SHORT_OVERLAP_MS } from './plan-scan.ts';

const NOW = 1_800_000_000_000;
const LONG_AGO = NOW - 10 * GRACE_MS;
const configuration = buildConfiguration({ fields: ['summary'] });
const synchronizationId = 's' as SynchronizationId;
const context = {
  synchronizationId,
  configuration,
  fingerprint,
  now: NOW,
  listeningSince: LONG_AGO - 1,
  itemsSince: LONG_AGO - 2,
  isFirst: false,
};

const item = buildItem({ fields: { summary: 'Shown' } });
const agreed = new Map([
  [
    fieldPiece(fieldId('summary')),
    synchronizedBase({ A: fingerprintValue({ kind: 'text', text: 'Shown' }, fingerprint), B: 'b' }),
  ],
]);
const pair = (seenAt: number, toldAt: number, since: number | null = null): Listing['pair'] => ({
  seenAt,
  toldAt,
  transitioned: since === null ? null : { from: 'f', to: 't', since: { id: null, at: since }, at: since },
});
const listing = (given: Partial<Listing>): Listing => ({
  side: 'A',
  updatedAt: LONG_AGO,
  item,
  pair: pair(0, 0),
  bases: new Map(),
  lookedAt: null,
  lane: 'idle',
  ...given,
});
const unpaired = (given: Partial<Listing>): Listing => listing({ pair: null, lane: 'none', ...given });
const marked = (createdAt: number, of = synchronizationId, originSide: 'A' | 'B' = 'B') => ({
  ...buildItem({ createdAt }),
  twinMarks: [{ synchronizationId: of, effectId: 'e' as EffectId, originSide, originIssueId: '7' as IssueId, through: [] }],
});
const odd = buildItem({ type: { id: '99', name: 'Story' } });

describe('[H3] a listed item with a pair', () => {
  it.each<{ title: string; given: Partial<Listing>; kind: string }>([
    {
      title: 'is known when it was seen as it is',
      given: { bases: agreed, pair: pair(LONG_AGO, 0) },
      kind: 'known',
    },
    {
      title: 'is known when it was seen and is not shown whole now',
      given: { item: null, pair: pair(LONG_AGO, 0) },
      kind: 'known',
    },
    {
      title: 'is known when something newer was told and it shows what was agreed',
      given: { bases: agreed, pair: pair(0, LONG_AGO + 1) },
      kind: 'known',
    },
    {
      title: 'is looked at when it is no newer than what was seen and shows something else: a clock was put back',
      given: { pair: pair(LONG_AGO, 0) },
      kind: 'look',
    },
    { title: 'is known when it shows what was agreed', given: { bases: agreed }, kind: 'known' },
    {
      title: 'is known also when an event told of it',
      given: { bases: agreed, pair: pair(0, LONG_AGO) },
      kind: 'known',
    },
    {
      title: 'is looked at when one of the two was missing, though it shows what was agreed',
      given: { bases: new Map([...agreed, [AWAY_PIECE, synchronizedBase({ A: null, B: null })]]) },
      kind: 'look',
    },
    {
      title: 'is looked at when no event tells what our last transition replaced, though it shows what was agreed',
      given: { bases: agreed, pair: pair(0, LONG_AGO, LONG_AGO - 1) },
      kind: 'ask',
    },
    {
      title: 'is known as long as the event of that transition may be on its way',
      given: { bases: agreed, updatedAt: NOW - GRACE_MS + 1, pair: pair(0, 0, LONG_AGO) },
      kind: 'known',
    },
    {
      title: 'is known as long as that event may be what its lane works off',
      given: { bases: agreed, updatedAt: NOW - SHORT_OVERLAP_MS + 1, pair: pair(0, 0, LONG_AGO), lane: 'busy' },
      kind: 'known',
    },
    {
      title: 'is looked at though its lane works when no scan after this one is certain to list it',
      given: { bases: agreed, updatedAt: NOW - SHORT_OVERLAP_MS, pair: pair(0, 0, LONG_AGO), lane: 'busy' },
      kind: 'ask',
    },
    {
      title: 'is looked at like any other when it shows something else since our transition',
      given: { pair: pair(0, LONG_AGO, LONG_AGO - 1) },
      kind: 'look',
    },
    {
      title: 'is known as long as the list is older than that transition',
      given: { bases: agreed, pair: pair(0, LONG_AGO, LONG_AGO) },
      kind: 'known',
    },
    { title: 'is looked at when it shows something else', given: {}, kind: 'look' },
    { title: 'is looked at when it was not shown whole', given: { item: null, bases: agreed }, kind: 'look' },
  ])('$title', ({ given, kind }) => {
    expect(judgeListed(listing(given), context).kind).toBe(kind);
  });
});

describe('[H4] an item that has to be looked at is found late', () => {
  it.each<{ title: string; one: Listing; late: boolean }>([
    { title: 'when nothing told of it', one: listing({}), late: true },
    { title: 'not when its event may be on its way', one: listing({ updatedAt: NOW - GRACE_MS }), late: false },
    { title: 'not when its lane is at work', one: listing({ lane: 'busy' }), late: false },
    { title: 'not when an event told of it', one: listing({ pair: pair(0, LONG_AGO) }), late: false },
    { title: 'not when something newer was seen', one: listing({ pair: pair(LONG_AGO + 1, 0) }), late: false },
    { title: 'not when it changed before anybody listened', one: listing({ updatedAt: LONG_AGO - 1 }), late: false },
    { title: 'when it is new and has no lane', one: unpaired({}), late: true },
    { title: 'not when it has no pair but a lane', one: unpaired({ lane: 'idle' }), late: false },
  ])('$title', ({ one, late }) => {
    expect(judgeListed(one, context)).toEqual({ kind: 'look', late });
  });

  it.each<{ title: string; given: Partial<Listing>; kind: string }>([
    { title: 'is looked at', given: {}, kind: 'look' },
    { title: 'is not looked at when its type is not synchronized', given: { item: odd }, kind: 'known' },
    {
      title: 'is looked at when its time is before the first start, and it was not there then',
      given: { updatedAt: LONG_AGO - 3 },
      kind: 'look',
    },
    { title: 'is looked at once', given: { lookedAt: LONG_AGO }, kind: 'known' },
    { title: 'is looked at again when it changed', given: { lookedAt: LONG_AGO - 1 }, kind: 'look' },
    { title: 'is looked at when its type was not shown', given: { item: null }, kind: 'look' },
    { title: 'is left to the turn that is just making it', given: { item: marked(NOW - GRACE_MS) }, kind: 'known' },
    {
      title: 'is looked at when it was made long ago and nobody paired it',
      given: { item: marked(NOW - GRACE_MS - 1) },
      kind: 'look',
    },
    {
      title: 'is looked at when the clock that says it is new is wrong',
      given: { item: marked(NOW + GRACE_MS + 1) },
      kind: 'look',
    },
    {
      title: 'is looked at when another synchronization made it',
      given: { item: marked(NOW, 'x' as SynchronizationId) },
      kind: 'look',
    },
    {
      title: 'is looked at when its mark came back to where it was given',
      given: { item: marked(NOW, synchronizationId, 'A') },
      kind: 'look',
    },
  ])('and one without a pair $title', ({ given, kind }) => {
    expect(judgeListed(unpaired(given), context).kind).toBe(kind);
  });

  it.each([
    [LONG_AGO - 3, 'left'],
    [LONG_AGO, 'look'],
  ])('and at the first scan one of %i is: %s', (updatedAt, kind) => {
    expect(judgeListed(unpaired({ updatedAt }), { ...context, isFirst: true }).kind).toBe(kind);
  });
});
