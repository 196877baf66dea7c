import type { ConflictPolicy } from './configuration.ts';
import { type Direction, flowsFrom, otherSide, type Side, type Sides } from './side.ts';

/** What a piece that is one value on each side asks for. */
export type Verdict =
  /** Nobody changed it since both sides last agreed. */
  | { readonly kind: 'unchanged' }
  /** Both show the same: record that. */
  | { readonly kind: 'agreed' }
  /** Carry the source's value over. `overwrites`: the target had changed too and loses. `decided`: because a person said so. */
  | { readonly kind: 'flow'; readonly source: Side; readonly overwrites: boolean; readonly decided?: true }
  /** Both changed it, and a person is to say whose value stays. */
  | { readonly kind: 'ask' }
  /** Changed on a side from which this piece does not flow: record it as seen. */
  | { readonly kind: 'declined'; readonly source: Side };

export interface ScalarQuestion {
  /** Fingerprints last agreed; null when the sides never agreed on this piece. */
  readonly base: Sides<string | null> | null;
  readonly now: Sides<string>;
  readonly empty: Sides<boolean>;
  /** Whether both sides show the same, compared across (N4). */
  readonly same: boolean;
  readonly direction: Direction;
  readonly conflict: ConflictPolicy;
  /** When each side last changed it, epoch ms; null when Jira does not say. */
  readonly changedAt: Sides<number | null>;
  /** When somebody there changed it and changed it back, so that it shows what was agreed; null: nobody did. */
  readonly changedBackAt: Sides<number | null>;
}

/** SPEC F1–F6, F8, F10: decides on a piece that is one value on each side. */
export function decideScalar(question: ScalarQuestion): Verdict {
  const { base, now, same, direction } = question;
  const changed: Sides<boolean> = { A: base?.A !== now.A, B: base?.B !== now.B };
  if (!changed.A && !changed.B) return { kind: 'unchanged' };
  if (same) return { kind: 'agreed' };
  if (base === null) return decideFirst(question);
  if (changed.A && changed.B) {
    const source = winner(question);
    return source === 'ask' ? { kind: 'ask' } : { kind: 'flow', source, overwrites: true };
  }
  const source: Side = changed.A ? 'A' : 'B';
  if (isOutdated(question, source)) {
    const wins = winner({ ...question, changedAt: withChangeBack(question, otherSide(source)) });
    return wins === 'ask' ? { kind: 'ask' } : { kind: 'flow', source: wins, overwrites: true };
  }
  return flowsFrom(source, direction) ? { kind: 'flow', source, overwrites: false } : { kind: 'declined', source };
}

/** The only change is older than one of the other side, which was changed and changed back since (F10). */
function isOutdated({ direction, changedAt, changedBackAt }: ScalarQuestion, source: Side): boolean {
  const back = changedBackAt[otherSide(source)];
  return direction === 'both' && back !== null && (changedAt[source] ?? 0) < back;
}

const withChangeBack = ({ changedAt, changedBackAt }: ScalarQuestion, side: Side): Sides<number | null> => ({
  ...changedAt,
  [side]: changedBackAt[side],
});

/** The sides never agreed: an empty value never overwrites a filled one (F5). */
function decideFirst(question: ScalarQuestion): Verdict {
  const { empty, direction } = question;
  const source = empty.A === empty.B ? winner(question) : empty.A ? 'B' : 'A';
  if (source === 'ask') return { kind: 'ask' };
  if (!flowsFrom(source, direction)) return { kind: 'declined', source };
  return { kind: 'flow', source, overwrites: !empty[otherSide(source)] };
}

/** Which side wins when both changed: the only one that may flow, else by policy; equal times go to A (F4). */
function winner({ direction, conflict, changedAt }: ScalarQuestion): Side | 'ask' {
  if (direction !== 'both') return flowsFrom('A', direction) ? 'A' : 'B';
  switch (conflict) {
    case 'A':
    case 'B':
    case 'ask':
      return conflict;
    case 'newest':
      return (changedAt.B ?? 0) > (changedAt.A ?? 0) ? 'B' : 'A';
  }
}
