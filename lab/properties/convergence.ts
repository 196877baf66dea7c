import type { Evidence } from '../evidence.ts';
import { COUPLE_SIDES } from '../sites.ts';
import { seeComment, showFields } from '../witness.ts';
import type { Property } from './property.ts';
import { keepsDefault, livingPairs, nameOf, type TwinPair } from './twins.ts';

const TOKEN = /^c\d+$/;

/** A status of B that has no counterpart on A: the piece is parked, and says so (SPEC T3). */
const UNMAPPED = new Set(['In Review']);

function differences(evidence: Evidence, pair: TwinPair): string[] {
  const couple = evidence.couples[pair.couple];
  if (couple === undefined) return [];
  const shown = { A: showFields(couple.A.site.heart, pair.A), B: showFields(couple.B.site.heart, pair.B) };
  const fields = Object.keys(shown.A)
    .filter((field) => shown.A[field] !== shown.B[field])
    .filter((field) => !(field === 'status' && UNMAPPED.has(shown.B[field] ?? '')))
    .filter((field) => !keepsDefault(evidence, field, shown.A[field], shown.B[field]))
    .map((field) => `${nameOf(pair)}: ${field} is “${shown.A[field]}” on A and “${shown.B[field]}” on B`);
  return [...fields, ...commentDifferences(pair)];
}

function commentDifferences(pair: TwinPair): string[] {
  const seen = { A: pair.A.comments.map(seeComment), B: pair.B.comments.map(seeComment) };
  const secret = new Set([...seen.A, ...seen.B].filter((comment) => !comment.isForEverybody).map(({ token }) => token));
  const texts = (side: 'A' | 'B'): Map<string, string> =>
    new Map(seen[side].filter(({ token }) => TOKEN.test(token) && !secret.has(token)).map(({ token, text }) => [token, text]));
  const [a, b] = [texts('A'), texts('B')];
  const leaked = COUPLE_SIDES.flatMap((side) =>
    seen[side].filter((comment) => comment.isForEverybody && secret.has(comment.token)).map(({ token }) => token),
  );
  return [
    ...[...new Set([...a.keys(), ...b.keys()])]
      .filter((token) => a.get(token) !== b.get(token))
      .map(
        (token) => `${nameOf(pair)}: comment ${token} is “${a.get(token) ?? 'gone'}” on A and “${b.get(token) ?? 'gone'}” on B`,
      ),
    ...leaked.map((token) => `${nameOf(pair)}: the restricted comment ${token} crossed`),
  ];
}

export const convergence: Property = {
  name: 'convergence',
  promise: 'Once people stop and faults end, both items of a pair show the same.',
  check: (evidence) => livingPairs(evidence).flatMap((pair) => differences(evidence, pair)),
};
