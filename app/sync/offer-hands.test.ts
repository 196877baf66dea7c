import { describe, expect, it } from '@jest/globals';
import type { TenantId } from '../core/ids.ts';
import { createHandOffers } from './offer-hands.ts';

const [NOISY, QUIET] = ['noisy', 'quiet'] as TenantId[] as [TenantId, TenantId];
const turns = (noisy: number, quiet = 0): TenantId[] => [
  ...Array<TenantId>(noisy).fill(NOISY),
  ...Array<TenantId>(quiet).fill(QUIET),
];

describe('what a worker of 64 hands looks for', () => {
  it.each([
    ['nothing in hand', turns(0), { hands: 64, kept: 8 }],
    ['enough hands free', turns(38, 2), { hands: 24, kept: 8 }],
    ['few hands free', turns(41), { hands: 8, kept: 8 }],
    ['only kept hands free', turns(56), { hands: 8, kept: 8 }],
    ['a few of them in use', turns(56, 3), { hands: 5, kept: 5 }],
    ['no hand free', turns(56, 8), null],
  ])('with %s', (_when, running, expected) => {
    const look = createHandOffers(64).look(running, 1_000);
    expect(look && { hands: look.hands, kept: look.kept.hands }).toEqual(expected);
  });

  it('says who has how many in hand', () => {
    expect(createHandOffers(64).look(turns(50, 2), 1_000)?.kept).toEqual({
      hands: 8,
      all: 64,
      inHand: new Map([
        [NOISY, 50],
        [QUIET, 2],
      ]),
    });
  });

  it('a worker of few hands keeps none', () => {
    expect(createHandOffers(4).look(turns(3), 1_000)).toMatchObject({ hands: 1, kept: { hands: 0 } });
    expect(createHandOffers(4).look(turns(4), 1_000)).toBeNull();
  });
});

describe('when a worker that has only kept hands free looks', () => {
  const busy = turns(56);
  const havingLooked = (found: number, took: number) => {
    const offers = createHandOffers(64);
    offers.looked(1_000 - took, 1_000, found);
    return offers;
  };

  it('soon when something became due, and once for that', () => {
    const offers = havingLooked(1, 2);
    offers.news();
    expect(offers.look(busy, 1_019)).toBeNull();
    expect(offers.restMs(1_015)).toBe(5);
    expect(offers.look(busy, 1_020)).not.toBeNull();
    expect(offers.look(busy, 1_021)).toBeNull();
  });

  it('now and then without', () => {
    expect(havingLooked(0, 2).look(busy, 1_099)).toBeNull();
    expect(havingLooked(0, 2).look(busy, 1_100)).not.toBeNull();
  });

  it('for no more than half of the time where a look takes long', () => {
    const offers = havingLooked(0, 40);
    offers.news();
    expect(offers.look(busy, 1_039)).toBeNull();
    expect(offers.look(busy, 1_040)).not.toBeNull();
  });
});

describe('how long a worker rests', () => {
  it('until its next poll, or longer after a long look for nothing', () => {
    const offers = createHandOffers(64);
    expect(offers.restMs(5_000)).toBe(500);
    offers.looked(5_000, 5_300, 0);
    expect(offers.restMs(5_300)).toBe(1_500);
  });

  it('has all hands look as soon as it is woken', () => {
    const offers = createHandOffers(64);
    offers.looked(5_000, 5_300, 0);
    expect(offers.look([], 5_301)).toMatchObject({ hands: 64 });
  });
});
