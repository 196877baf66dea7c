import { type ChangeMark, isAfter, laterOf } from './change-mark.ts';
import type { Configuration } from './configuration.ts';
import type { FieldId, PieceKey, ProjectId } from './ids.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { type Fingerprinter, fingerprintStatus, fingerprintValue } from './normal-form.ts';
import { isTold, type Observation, type Told } from './observation.ts';
import { fieldPiece, lastSeen, type PieceBase, STATUS_PIECE } from './piece.ts';
import { isAsMeant, type Transitioned } from './replaced-status.ts';
import type { Side } from './side.ts';
import { type KnownUntil, UNREAD, type View } from './view.ts';

/** What is asked about what one side was told of. */
export interface ToldQuestion {
  readonly side: Side;
  /** In the order in which it came. */
  readonly told: readonly Told[];
  readonly configuration: Configuration;
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  /** The space of that side: an item elsewhere is looked at. */
  readonly projectId: ProjectId;
  /** Up to where it was last seen whole, and where the newest observation worked off was. */
  readonly known: KnownUntil;
  /** Our last transition there, if it is not known yet what it replaced. */
  readonly transitioned: Transitioned | null;
  readonly fingerprint: Fingerprinter;
}

export type Folded =
  /**
   * Nothing new was told: the side is as it was last seen. Or what was told is proven. `told`: up to the newest observation.
   * `transitioned`: null once it is told that our transition replaced what was seen.
   */
  | { readonly kind: 'view'; readonly view: View; readonly told: ChangeMark; readonly transitioned: Transitioned | null }
  /** What was told does not follow from what was last seen, or is not told whole. */
  | { readonly kind: 'look' };

/**
 * What webhooks told of one side, as far as it is proven (SPEC O2–O4): from what was last seen, change by change, each former value
 * must be the one we know, and the last observation must show nothing else. Whatever does not fit has to be read.
 */
export function foldTold(question: ToldQuestion): Folded {
  const observations = freshObservations(question);
  if (observations === null) return { kind: 'look' };
  const last = observations.at(-1);
  const transitioned = isHeard(question) ? null : question.transitioned;
  if (last === undefined) return { kind: 'view', view: UNREAD, told: question.known.told, transitioned };
  const chains = new Map<string, Chain>();
  for (const observation of observations)
    for (const change of observation.changes)
      if (!isOwn(change, question) && !follow(chains, change, question)) return { kind: 'look' };
  if (!showsNothingElse(last, chains, question)) return { kind: 'look' };
  const entries = [...chains];
  const isBack = ([field, { former, print }]: (typeof entries)[number]): boolean =>
    printOf(field, former, question.fingerprint) === print;
  const view: View = {
    fields: last.fields,
    status: last.status,
    comments: null,
    changedAt: new Map(entries.map(([field, { at }]) => [field, at])),
    changedBackAt: new Map(entries.filter(isBack).map(([field, { at }]) => [field, at])),
    changes: [],
    former: new Map(entries.map(([field, { former }]) => [field, former])),
    transitions: null,
    whole: false,
  };
  return { kind: 'view', view, told: laterOf(question.known.told, markOf(last)), transitioned };
}

/** The event of our own transition: it brought about what is known already (SPEC O11). */
const isOwn = (change: FieldChange, { transitioned, fingerprint }: ToldQuestion): boolean =>
  transitioned !== null && isAsMeant(transitioned, change, fingerprint);

const isHeard = (question: ToldQuestion): boolean =>
  question.told.some((one) => one.kind === 'observation' && one.observation.changes.some((change) => isOwn(change, question)));

const markOf = ({ changeId, updatedAt }: Observation): ChangeMark => ({ id: changeId, at: updatedAt });

const byAge = (one: Observation, other: Observation): number =>
  Number(isAfter(markOf(one), markOf(other))) - Number(isAfter(markOf(other), markOf(one)));

/** The oldest first, without those that are late (O3, O13). Null: a look is asked for. */
function freshObservations({ told, projectId, known, configuration }: ToldQuestion): readonly Observation[] | null {
  const fresh: Observation[] = [];
  for (const one of told) {
    if (one.kind === 'look' || one.kind === 'stray-edit') return null;
    if (one.kind === 'own-edit') continue;
    const { changes } = one.observation;
    const mark = markOf(one.observation);
    if (!isAfter(mark, known.seen)) continue;
    if (isAfter(known.told, mark)) {
      // What was told since shows all but the texts, so of a text that changed nothing else tells (O4).
      if (changes.some((change) => isMapped(change.field, configuration) && !isTold(change))) return null;
      continue;
    }
    if (one.observation.projectId !== projectId) return null;
    fresh.push(one.observation);
  }
  return fresh.sort(byAge);
}

/** What the changes told so far came to, for one field or the status. */
interface Chain {
  readonly former: FieldValue;
  readonly print: string;
  readonly at: number;
}

/** Whether the change begins where the chain, or what was last seen, ends. Fields that are not synchronized do not matter. */
function follow(chains: Map<string, Chain>, change: FieldChange, question: ToldQuestion): boolean {
  const { field, from, to, at } = change;
  if (!isMapped(field, question.configuration)) return true;
  if (from === null || to === null) return false;
  const begun = chains.get(field);
  const before = begun?.print ?? lastPrint(field, question);
  if (before === null || before !== printOf(field, from, question.fingerprint)) return false;
  chains.set(field, { former: begun?.former ?? from, print: printOf(field, to, question.fingerprint), at });
  return true;
}

function showsNothingElse(last: Observation, chains: ReadonlyMap<string, Chain>, question: ToldQuestion): boolean {
  const { configuration, fingerprint } = question;
  const fits = (field: string, print: string): boolean => {
    const known = chains.get(field)?.print ?? lastPrint(field, question);
    return known === null || known === print;
  };
  if (configuration.status !== null && !fits('status', fingerprintStatus(last.status, fingerprint))) return false;
  return configuration.fields.every(({ field }) => {
    const value = last.fields.get(field);
    // Rich text is not told; only a changelog line says that it changed, and that asks for a look.
    return value === undefined || fits(field, fingerprintValue(value, fingerprint));
  });
}

const isMapped = (field: string, { fields, status }: Configuration): boolean =>
  field === 'status' ? status !== null : fields.some((mapping) => mapping.field === field);

/** What that side showed last; null when that was never recorded, so that whatever it shows now has to be compared anyway. */
function lastPrint(field: string, { side, bases }: ToldQuestion): string | null {
  const base = bases.get(field === 'status' ? STATUS_PIECE : fieldPiece(field as FieldId));
  return base === undefined ? null : lastSeen(base, side);
}

const printOf = (field: string, value: FieldValue, fingerprint: Fingerprinter): string =>
  field === 'status' && value.kind === 'option' ? fingerprintStatus(value, fingerprint) : fingerprintValue(value, fingerprint);
