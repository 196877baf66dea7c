import { type Failure, fail, type Result, succeed } from '../core/failure.ts';
import type { KeptId, SynchronizationId } from '../core/ids.ts';
import type { AdfNode, FieldValue, Item } from '../core/item.ts';
import { normalForm } from '../core/normal-form.ts';
import { STATUS_PIECE } from '../core/piece.ts';
import type { ConflictJira, ConflictPorts, KeptEntry } from './conflict-ports.ts';
import { ensurePermitted, type Visible } from './find-visible.ts';
import { noteChange } from './note-change.ts';
import type { Trace } from './ports.ts';
import { refusalOfSite } from './refusal-of-site.ts';
import type { Caller, SetUpResult } from './set-up-ports.ts';
import { fieldOf, readPiece } from './show-conflicts.ts';

/** Longer than any call to Jira takes, short enough that a crash stands in nobody's way for long. */
const RESERVED_MS = 2 * 60_000;

/**
 * Proves nothing to ourselves (app/connections/trace.ts), and shall not: the webhook of this write counts as a person's edit, which
 * is what carries the value to the other side.
 */
const PUT_BACK_TRACE: Trace = 'tandem/put-back';

/**
 * Writes a value that lost a conflict to the side that lost, as a new edit there; the lane carries it on like any edit.
 *
 * Once, whatever dies on the way: one at a time has the value reserved, and the item is read first. When the write happened and we
 * died before we could say so, the value is still listed, and putting it back again finds it there and writes nothing.
 */
export async function putBack(
  ports: ConflictPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  keptId: KeptId,
): SetUpResult<null> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'settle-conflict');
  if (!permitted.ok) return permitted;
  const { tenantId } = permitted.value.synchronization;
  const now = ports.clock.now();
  const kept = await ports.kept.read(tenantId, synchronizationId, keptId, now);
  if (kept === null) return fail({ code: 'kept-value-not-found' });
  const value = ports.openValue(tenantId, kept.sealed);
  if (value === null) return fail({ code: 'kept-value-unreadable' });
  if (!(await ports.kept.reserve(tenantId, keptId, now, now + RESERVED_MS))) return fail({ code: 'put-back-under-way' });
  const written = await writeAtItsSide(ports, permitted.value, kept, value);
  if (!written.ok) {
    await ports.kept.release(tenantId, keptId);
    return written;
  }
  await ports.kept.finish(tenantId, synchronizationId, keptId, {
    at: ports.clock.now(),
    pairId: kept.pair.pairId,
    issueKeys: kept.pair.issueKeys,
    piece: kept.piece,
    outcome: 'put-back',
    source: kept.side,
    cause: null,
  });
  await noteChange(ports, caller, permitted.value.synchronization, 'conflict.put-back', kept.side);
  return succeed(null);
}

async function writeAtItsSide(
  ports: Pick<ConflictPorts, 'sites'>,
  { synchronization, side: ownSide }: Visible,
  kept: KeptEntry,
  value: FieldValue,
): SetUpResult<null> {
  const whose = kept.side === ownSide ? 'own' : 'partner';
  const { siteTenantId, connectionId, projectId } = synchronization.sides[kept.side];
  const jira = await ports.sites.reach(siteTenantId, connectionId);
  if (jira === null) return fail(refusalOfSite({ kind: 'unauthorized' }, whose));
  const item = await readPiece(jira, kept.pair.issueIds[kept.side], kept.piece);
  if (!item.ok) return fail(refusalOfSite(item.failure, whose));
  if (item.value.projectId !== projectId) return fail({ code: 'item-not-reachable' });
  const written = await writePiece(jira, item.value, kept, value);
  return written.ok ? succeed(null) : fail(refusalOfSite(written.failure, whose));
}

const DONE = succeed(null);
const refused: Result<null> = fail({ kind: 'rejected', fields: [], detail: 'the item does not offer this now' });
const gone: Result<null> = fail({ kind: 'missing' });

function writePiece(
  jira: ConflictJira,
  item: Item,
  kept: KeptEntry,
  value: FieldValue,
): Promise<Result<unknown, Failure>> | Result<null> {
  if (kept.piece === STATUS_PIECE) return value.kind === 'option' ? setStatus(jira, item, value) : refused;
  if (kept.piece.startsWith('comment:')) return value.kind === 'rich' ? setComment(jira, item, kept, value.document) : refused;
  const field = fieldOf(kept.piece);
  const shown = item.fields.get(field);
  if (shown === undefined) return refused;
  if (normalForm(shown) === normalForm(value)) return DONE;
  return jira.writeFields(item.issueId, [{ field, value }], [field], PUT_BACK_TRACE);
}

async function setStatus(jira: ConflictJira, item: Item, wanted: { readonly id: string }): Promise<Result<null>> {
  if (item.status.id === wanted.id) return DONE;
  const offered = await jira.readTransitions(item.issueId);
  if (!offered.ok) return offered;
  const transition = offered.value.find(({ to }) => to.id === wanted.id);
  return transition === undefined ? refused : jira.applyTransition(item.issueId, transition.id, PUT_BACK_TRACE);
}

async function setComment(
  jira: ConflictJira,
  item: Item,
  { commentId }: KeptEntry,
  body: AdfNode,
): Promise<Result<unknown, Failure>> {
  const shown = item.comments.find((comment) => comment.commentId === commentId);
  if (shown === undefined) return gone;
  if (normalForm({ kind: 'rich', document: shown.body }) === normalForm({ kind: 'rich', document: body })) return DONE;
  return jira.editComment(item.issueId, shown.commentId, body, PUT_BACK_TRACE);
}
