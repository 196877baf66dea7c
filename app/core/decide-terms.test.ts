import { describe, expect, it } from '@jest/globals';
import { decideTerms, type TermsDecision, type TermsEvent, type TermsStanding } from './decide-terms.ts';
import type { Side } from './side.ts';

const standing = (mode: TermsStanding['mode'], draftOf: Side | null = null, partnerIsAsked = true): TermsStanding => ({
  mode,
  draftOf,
  partnerIsAsked,
});
const change = (to: TermsStanding['mode']): TermsEvent => ({ kind: 'change', to });

describe('terms', () => {
  it.each<[string, TermsStanding, TermsEvent, Side, TermsDecision]>([
    ['[V2] a change counts at once in immediate mode', standing('immediate'), change('immediate'), 'A', 'publish'],
    ['[V2] a change waits in review mode', standing('review'), change('review'), 'B', 'draft'],
    ['[V2] it counts when the other side accepts', standing('review', 'A'), { kind: 'accept' }, 'B', 'publish'],
    ['[V3] its maker may replace it', standing('review', 'A'), change('review'), 'A', 'draft'],
    ['[V3] the other side may not make one meanwhile', standing('review', 'A'), change('review'), 'B', { refused: 'draft-open' }],
    ['[V3] its maker withdraws it', standing('review', 'A'), { kind: 'withdraw' }, 'A', 'end-draft'],
    ['[V3] the other side does not', standing('review', 'A'), { kind: 'withdraw' }, 'B', { refused: 'partner-draft' }],
    ['[V3] the other side declines it', standing('review', 'A'), { kind: 'decline' }, 'B', 'end-draft'],
    ['[V3] its maker does not accept it', standing('review', 'A'), { kind: 'accept' }, 'A', { refused: 'own-draft' }],
    ['[V3] its maker does not decline it', standing('review', 'A'), { kind: 'decline' }, 'A', { refused: 'own-draft' }],
    ['[V3] without one there is nothing to accept', standing('review'), { kind: 'accept' }, 'B', { refused: 'no-draft' }],
    ['[V5] review becomes immediate by a draft', standing('review'), change('immediate'), 'A', 'draft'],
    ['[V5] immediate becomes review at once', standing('immediate'), change('review'), 'A', 'publish'],
    ['[V5] a site without the app is asked nothing', standing('immediate', null, false), change('immediate'), 'A', 'publish'],
    [
      '[V5] so nothing can wait for it',
      standing('immediate', null, false),
      change('review'),
      'A',
      { refused: 'partner-not-asked' },
    ],
  ])('%s', (_name, before, event, side, decision) => expect(decideTerms(before, event, side)).toEqual(decision));
});
