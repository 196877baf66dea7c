import type { ConfigurationMode } from './configuration.ts';
import type { Side } from './side.ts';

/** What an admin of a side wants of the terms of an accepted synchronization. */
export type TermsEvent =
  /** Other terms. */
  { readonly kind: 'change'; readonly to: ConfigurationMode } | { readonly kind: 'accept' | 'decline' | 'withdraw' };

export interface TermsStanding {
  readonly mode: ConfigurationMode;
  /** Who made the open draft; null: there is none. */
  readonly draftOf: Side | null;
  /** Whether people can be asked at the other side: its site has the app. */
  readonly partnerIsAsked: boolean;
}

export type TermsDecision =
  /** A version at once. */
  | 'publish'
  /** A draft, in place of an older one of the same side. */
  | 'draft'
  | 'end-draft'
  | { readonly refused: 'draft-open' | 'no-draft' | 'own-draft' | 'partner-draft' | 'partner-not-asked' };

/** What becomes of it (SPEC V2–V5). */
export function decideTerms(standing: TermsStanding, event: TermsEvent, side: Side): TermsDecision {
  const { mode, draftOf, partnerIsAsked } = standing;
  if (event.kind === 'change') {
    if (!partnerIsAsked) return event.to === 'review' ? { refused: 'partner-not-asked' } : 'publish';
    // Terms that wait for an answer are not pulled from under the one who reads them.
    if (draftOf !== null && draftOf !== side) return { refused: 'draft-open' };
    return mode === 'immediate' ? 'publish' : 'draft';
  }
  if (draftOf === null) return { refused: 'no-draft' };
  if (event.kind === 'withdraw') return draftOf === side ? 'end-draft' : { refused: 'partner-draft' };
  if (draftOf === side) return { refused: 'own-draft' };
  return event.kind === 'accept' ? 'publish' : 'end-draft';
}
