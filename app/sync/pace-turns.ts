import type { LaneKey } from '../core/ids.ts';
import type { Claim, TurnStore } from './ports.ts';
import type { TurnResult } from './take-turn.ts';
import { emptyRecord } from './turn.ts';

/**
 * How long an item rests before the next turn of a row, counted from the end of the last: two edits shortly after one another both cross
 * at once, an item that a script edits all the time crosses every two seconds, with what it came to.
 */
const RESTS_MS = [0, 0, 250, 1_000, 2_000] as const;
const LONGEST_REST_MS = 2_000;
/** A turn that begins so long after the last one ended begins a new row. */
const FORGOTTEN_AFTER_MS = LONGEST_REST_MS + 1_000;

interface Row {
  readonly turns: number;
  readonly endedAt: number;
}

export type TakeTurn = (claim: Claim, isOurs: () => boolean) => Promise<TurnResult>;

export interface PacePorts {
  readonly turns: Pick<TurnStore, 'complete'>;
  readonly clock: { now(): number };
}

/**
 * Takes turns, but puts those off that come too soon after the last turns of the same lane (rule L17 of app/lanes/README.md). Each
 * process knows of its own turns alone: of several, each may take one where it alone would have taken one.
 */
export function paceTurns(takeTurn: TakeTurn, { turns, clock }: PacePorts): TakeTurn {
  /** In order of `endedAt`, so that the forgettable ones are the first. */
  const rows = new Map<LaneKey, Row>();

  const rowOf = (claim: Claim): Row | null => {
    const row = rows.get(claim.laneKey);
    return row === undefined || clock.now() - row.endedAt >= FORGOTTEN_AFTER_MS ? null : row;
  };

  const note = (laneKey: LaneKey, row: Row): void => {
    for (const [known, { endedAt }] of rows) {
      if (row.endedAt - endedAt < FORGOTTEN_AFTER_MS) break;
      rows.delete(known);
    }
    rows.delete(laneKey);
    rows.set(laneKey, row);
  };

  return async (claim, isOurs) => {
    const row = rowOf(claim);
    const at = row === null ? 0 : row.endedAt + (RESTS_MS[row.turns] ?? LONGEST_REST_MS);
    // A failed turn has a wait of its own behind it.
    if (at > clock.now() && claim.attempts === 0) {
      const written = await turns.complete(claim, emptyRecord(null, { kind: 'again', at, attempt: false }));
      return written === 'fenced'
        ? { kind: 'fenced' }
        : { kind: 'recorded', end: { kind: 'again', at, attempt: false }, wrote: false };
    }
    const result = await takeTurn(claim, isOurs);
    // A look that finds nothing to do is no part of a row.
    if (result.kind === 'recorded' && result.wrote) note(claim.laneKey, { turns: (row?.turns ?? 0) + 1, endedAt: clock.now() });
    return result;
  };
}
