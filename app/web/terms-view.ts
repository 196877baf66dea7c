import { fieldIds } from '../contract/synchronizations.ts';
import type { DraftChange, OfferBody, TermsBody, VersionBody } from '../contract/terms.ts';
import type { Difference, Flow } from '../core/describe-difference.ts';
import { type Offer, withholdUnoffered } from '../core/offer.ts';
import { type Direction, otherSide, type Side } from '../core/side.ts';
import type { PricedDifference, ShownTerms } from '../sync/show-terms.ts';
import type { Decider, StandingTerms, Version } from '../sync/terms-ports.ts';
import { viewContent } from './synchronization-view.ts';

const isoTime = (at: number): string => new Date(at).toISOString();

/** What is agreed, as one side may know it. */
export function viewTerms({ synchronization, side, standing, changes }: ShownTerms): TermsBody {
  const { draft, offers } = standing;
  return {
    side,
    mode: standing.mode,
    content: viewContent(standing.agreed),
    version: synchronization.configurationVersion,
    offer: viewOffer(offers[side]),
    withheldByPartner: viewWithheld(standing, otherSide(side)),
    draft:
      draft === null
        ? null
        : {
            draftAt: isoTime(draft.at),
            by: viewDecider(draft.by, side),
            mode: draft.mode,
            content: viewContent(draft.agreed),
            changes: (changes ?? []).map((change) => viewChange(change)),
          },
  };
}

/** One line of the history of versions, as one side may know it. */
export const viewVersion = (version: Version, side: Side): VersionBody => ({
  number: version.number,
  outcome: version.outcome,
  mode: version.mode,
  content: viewContent(version.agreed),
  at: isoTime(version.at),
  by: version.by === null ? null : viewDecider(version.by, side),
  answeredBy: version.answeredBy === null ? null : viewDecider(version.answeredBy, side),
  endedAt: isoTime(version.endedAt),
  reason: version.reason,
});

/** Accounts of the other site are not for this one to know (SPEC C1). */
const viewDecider = ({ side: of, accountId }: Decider, viewer: Side): { side: Side; accountId: string | null } => ({
  side: of,
  accountId: of === viewer ? accountId : null,
});

/** Fields that this version does not offer (a later one may have stored them) are left out. */
const viewOffer = ({ types, fields, status, comments, authors }: Offer): OfferBody => ({
  types: types === null ? null : [...types],
  fields: fields === null ? null : fieldIds.filter((id) => fields.some((field) => field === id)),
  status,
  comments,
  authors,
});

/** Of what was agreed to come from that side: what does not, by its own choice. Names of its work types stay its own. */
function viewWithheld({ agreed, offers }: StandingTerms, partner: Side): TermsBody['withheldByPartner'] {
  const all = { A: { ...offers.A }, B: { ...offers.B } };
  const open = { ...offers[partner], types: null, fields: null, status: true, comments: true, authors: true };
  const carried = withholdUnoffered(agreed, all);
  const possible = withholdUnoffered(agreed, { ...all, [partner]: open });
  const parts = possible.fields
    .filter((mapping) => carried.fields.find(({ field }) => field === mapping.field)?.direction !== mapping.direction)
    .map(({ field }) => String(field));
  if (possible.status?.direction !== carried.status?.direction) parts.push('status');
  if (possible.comments?.direction !== carried.comments?.direction) parts.push('comments');
  if (!offers[partner].authors) parts.push('authors');
  return { parts, types: possible.types.length - carried.types.length };
}

const viewChange = ({ difference, items }: PricedDifference): DraftChange => ({
  kind: difference.kind,
  text: inWords(difference),
  items,
});

const WAYS: Readonly<Record<Direction, string>> = { both: 'both ways', 'A-to-B': 'from A to B', 'B-to-A': 'from B to A' };
const WINS: Readonly<Record<Flow['conflict'], string>> = {
  newest: 'the newest change wins',
  A: 'side A wins',
  B: 'side B wins',
  ask: 'a person decides',
};

const flowInWords = ({ direction, conflict }: Flow): string => `${WAYS[direction]}; ${WINS[conflict]}`;

const flowChange = (what: string, before: Flow | null, after: Flow | null): string => {
  if (after === null) return `${what} is no longer synchronized`;
  if (before === null) return `${what} is synchronized (${flowInWords(after)})`;
  return `${what}: ${flowInWords(after)}, instead of ${flowInWords(before)}`;
};

/** A difference as a sentence for an admin of either side. */
function inWords(difference: Difference): string {
  switch (difference.kind) {
    case 'field':
      return flowChange(`Field “${difference.field}”`, difference.before, difference.after);
    case 'status':
      return flowChange('Status', difference.before, difference.after);
    case 'status-pair':
      return difference.change === 'added'
        ? `Status “${difference.names.A}” of A stands for “${difference.names.B}” of B`
        : `Status “${difference.names.A}” of A no longer stands for “${difference.names.B}” of B`;
    case 'type': {
      const names = `Work type “${difference.types.A.name}” of A and “${difference.types.B.name}” of B`;
      return difference.after === null
        ? `${names} are no longer synchronized`
        : `${names} are synchronized ${WAYS[difference.after]}`;
    }
    case 'comments':
      if (difference.after === null) return 'Comments are no longer synchronized';
      return `Comments are synchronized ${WAYS[difference.after.direction]}, ${difference.after.authorLine ? 'with' : 'without'} the author’s name`;
    case 'strict':
      return difference.after
        ? 'Both sides are read before each write'
        : 'Webhooks are trusted instead of reading both sides first';
    case 'mode':
      return difference.after === 'immediate'
        ? 'Changes count at once, without an answer of the other side'
        : 'Changes wait until the other side accepts them';
  }
}
