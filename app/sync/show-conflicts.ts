import type { Configuration } from '../core/configuration.ts';
import { plainText } from '../core/document.ts';
import { fail, succeed } from '../core/failure.ts';
import type { FieldId, KeptId, PieceKey, SynchronizationId } from '../core/ids.ts';
import type { FieldValue, Item } from '../core/item.ts';
import { fieldPiece, STATUS_PIECE } from '../core/piece.ts';
import { type Direction, flowsFrom, SIDES, type Side, type Sides } from '../core/side.ts';
import type { ConflictPorts, KeptEntry, OpenConflict } from './conflict-ports.ts';
import { findVisible, type Visible } from './find-visible.ts';
import { ensureSpaceAdmin } from './may-configure.ts';
import type { Jira, Synchronization } from './ports.ts';
import { refusalOfSite } from './refusal-of-site.ts';
import type { Caller, SetUpResult } from './set-up-ports.ts';

/** The newest of each are shown; whoever has more open has another problem than the length of a list. */
const MOST_SHOWN = 200;

/** A kept value in a list; `isShared`: the caller's space may be shown the value. */
export interface ListedValue extends KeptEntry {
  readonly isShared: boolean;
}

/** What conflicts left behind in a synchronization. No content: which item, which piece, which side, when. */
export async function listConflicts(
  ports: ConflictPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<{ open: readonly OpenConflict[]; kept: readonly ListedValue[] }> {
  const visible = await findVisible(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const { tenantId } = visible.value.synchronization;
  const [open, kept] = await Promise.all([
    ports.conflicts.list(tenantId, synchronizationId, MOST_SHOWN),
    ports.kept.list(tenantId, synchronizationId, ports.clock.now(), MOST_SHOWN),
  ]);
  return succeed({
    open,
    kept: kept.map((entry) => ({ ...entry, isShared: mayBeShown(visible.value, entry.piece, entry.side) })),
  });
}

/** A kept value in words, for an admin of a space that it belongs to or flows to. Opened for this answer alone. */
export async function showKeptValue(
  ports: ConflictPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  keptId: KeptId,
): SetUpResult<string> {
  const visible = await visibleToAdmin(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const { tenantId } = visible.value.synchronization;
  const kept = await ports.kept.read(tenantId, synchronizationId, keptId, ports.clock.now());
  if (kept === null) return fail({ code: 'kept-value-not-found' });
  if (!mayBeShown(visible.value, kept.piece, kept.side)) return fail({ code: 'value-not-shared' });
  const value = ports.openValue(tenantId, kept.sealed);
  return value === null ? fail({ code: 'kept-value-unreadable' }) : succeed(inWords(value));
}

/** What both sides show now of a piece that waits for a decision, in words; null for a side that does not share it. */
export async function showConflict(
  ports: ConflictPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  conflictId: string,
): SetUpResult<Sides<string | null>> {
  const visible = await visibleToAdmin(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const { synchronization, side: ownSide } = visible.value;
  const conflict = await readConflict(ports, synchronization, conflictId);
  if (conflict === null) return fail({ code: 'conflict-not-found' });
  const words: { A: string | null; B: string | null } = { A: null, B: null };
  for (const side of SIDES) {
    if (!mayBeShown(visible.value, conflict.piece, side)) continue;
    const { siteTenantId, connectionId, projectId } = synchronization.sides[side];
    const whose = side === ownSide ? 'own' : 'partner';
    const jira = await ports.sites.reach(siteTenantId, connectionId);
    if (jira === null) return fail(refusalOfSite({ kind: 'unauthorized' }, whose));
    const item = await readPiece(jira, conflict.pair.issueIds[side], conflict.piece);
    if (!item.ok) return fail(refusalOfSite(item.failure, whose));
    if (item.value.projectId !== projectId) return fail({ code: 'item-not-reachable' });
    words[side] = inWords(shownIn(item.value, conflict.piece));
  }
  return succeed(words);
}

/** Content is shown to those only who administer the space at this moment, by Jira's own word. */
async function visibleToAdmin(ports: ConflictPorts, caller: Caller, synchronizationId: SynchronizationId): SetUpResult<Visible> {
  const visible = await findVisible(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const admin = await ensureSpaceAdmin(ports, caller);
  return admin.ok ? visible : admin;
}

/**
 * A space's own values are its own; those of the partner are shown where they would have crossed anyway. Comments are not: one that lost
 * may have been restricted to some people of its site, and such words never leave it (SPEC K5).
 */
const mayBeShown = ({ synchronization, side }: Visible, piece: PieceKey, of: Side): boolean => {
  const direction = directionOf(synchronization.configuration, piece);
  return of === side || (direction !== null && flowsFrom(of, direction));
};

/** Null: nothing of it is shown to the other side. */
const directionOf = ({ fields, status }: Configuration, piece: PieceKey): Direction | null => {
  if (piece === STATUS_PIECE) return status?.direction ?? null;
  return fields.find(({ field }) => fieldPiece(field) === piece)?.direction ?? null;
};

/** Conflicts have no id of their own: a pair has at most one for each piece. */
export const conflictIdOf = ({ pair, piece }: Pick<OpenConflict, 'pair' | 'piece'>): string => `${pair.pairId}:${piece}`;

/** The open conflict of that id; null when it is none, or not open any more. */
export function readConflict(
  ports: Pick<ConflictPorts, 'conflicts'>,
  { tenantId, synchronizationId }: Synchronization,
  conflictId: string,
): Promise<OpenConflict | null> {
  const at = conflictId.indexOf(':');
  const pairId = conflictId.slice(0, Math.max(at, 0)) as OpenConflict['pair']['pairId'];
  return ports.conflicts.read(tenantId, synchronizationId, pairId, conflictId.slice(at + 1) as PieceKey);
}

/** The item with that piece in it. */
export const readPiece = (
  jira: Pick<Jira, 'readItem'>,
  issueId: Item['issueId'],
  piece: PieceKey,
): ReturnType<Jira['readItem']> => jira.readItem(issueId, piece.startsWith('field:') ? [fieldOf(piece)] : []);

/** The field of a field's piece. */
export const fieldOf = (piece: PieceKey): FieldId => piece.slice('field:'.length) as FieldId;

/** What an item shows of a field or of its status. */
const shownIn = (item: Item, piece: PieceKey): FieldValue =>
  piece === STATUS_PIECE ? { kind: 'option', ...item.status } : (item.fields.get(fieldOf(piece)) ?? { kind: 'empty' });

/** For reading, not for putting back: links, colours and pictures are left out. */
export function inWords(value: FieldValue): string {
  switch (value.kind) {
    case 'empty':
      return '';
    case 'text':
      return value.text;
    case 'rich':
      return plainText(value.document);
    case 'set':
      return value.members.join(', ');
    case 'option':
      return value.name;
    case 'date':
      return value.date;
  }
}
