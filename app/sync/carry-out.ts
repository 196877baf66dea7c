import type { CauseCode } from '../core/causes.ts';
import { type Failure, fail, type Result, succeed } from '../core/failure.ts';
import type { CommentId, PieceKey } from '../core/ids.ts';
import type { AdfNode, Comment, FieldValue, Item, Transition } from '../core/item.ts';
import { type Fingerprinter, fingerprintStatus } from '../core/normal-form.ts';
import type { Operation } from '../core/plan.ts';
import { settledFingerprint, wasDropped } from '../core/settle.ts';
import { sameName } from '../core/translate.ts';
import type { Ground } from './ground.ts';
import type { Effect, Jira, Pair } from './ports.ts';
import { type Turn, traceOf } from './turn.ts';

/** What a successful write tells about the target. */
export interface Done {
  readonly remoteId: string | null;
  /** Per piece: the target's fingerprint as it came out (absent: as planned), and for a new comment its id. */
  readonly settled: ReadonlyMap<PieceKey, { readonly fingerprint?: string; readonly commentId?: CommentId }>;
  /** Pieces that Jira accepted without a word and did not take (SPEC B2). */
  readonly refused: ReadonlyMap<PieceKey, CauseCode>;
  /** The whole target as it is after the write, where the answer tells: the plan is made again with it. */
  readonly item: Item | null;
  /** The comment as it is after the write; null: there was none to write. */
  readonly comment: Comment | 'deleted' | null;
}

/** One operation as one remote write. */
export function carryOut(turn: Turn, { pair, views }: Ground, operation: Operation, effect: Effect): Promise<Result<Done>> {
  const call: Call = {
    jira: turn.jiras[operation.target],
    issueId: pair.issueIds[operation.target],
    trace: traceOf(turn, effect),
    fingerprint: turn.ports.fingerprinter(turn.claim.tenantId),
    offered: views[operation.target].transitions,
  };
  switch (operation.kind) {
    case 'write-fields':
      return writeFields(call, operation, turn);
    case 'transition':
      return applyTransition(call, operation);
    case 'create-comment':
      return commentWritten(
        call,
        operation.piece,
        operation.body,
        call.jira.createComment(call.issueId, operation.body, effect.effectId, call.trace),
      );
    case 'edit-comment':
      return commentWritten(
        call,
        operation.piece,
        operation.body,
        call.jira.editComment(call.issueId, operation.commentId, operation.body, call.trace),
      );
    case 'delete-comment':
      return deleteComment(call, operation);
  }
}

interface Call {
  readonly jira: Jira;
  readonly issueId: Pair['issueIds']['A'];
  readonly trace: string;
  readonly fingerprint: Fingerprinter;
  /** What may be done with the target's status, as far as the last look told. */
  readonly offered: readonly Transition[] | null;
}

const nothingSettled: Done = { remoteId: null, settled: new Map(), refused: new Map(), item: null, comment: null };

async function writeFields(call: Call, operation: Operation & { kind: 'write-fields' }, turn: Turn): Promise<Result<Done>> {
  const written = await call.jira.writeFields(call.issueId, operation.writes, turn.asked, call.trace);
  if (!written.ok) return written;
  const settled = new Map<PieceKey, { fingerprint: string }>();
  const refused = new Map<PieceKey, CauseCode>();
  for (const { piece, field, value } of operation.writes) {
    const shown = written.value.fields.get(field);
    if (wasDropped(value, shown)) refused.set(piece, 'field-refused');
    else if (value.kind !== 'set-change') settled.set(piece, { fingerprint: settledFingerprint(value, shown, call.fingerprint) });
  }
  return succeed({ remoteId: null, settled, refused, item: written.value, comment: null });
}

/** SPEC T2, T3. */
async function applyTransition(call: Call, operation: Operation & { kind: 'transition' }): Promise<Result<Done>> {
  const offered = call.offered === null ? await call.jira.readTransitions(call.issueId) : succeed(call.offered);
  if (!offered.ok) return offered;
  const transition = offered.value.find((candidate) => sameName(candidate.to.name, operation.toStatus));
  if (transition === undefined)
    return succeed({ ...nothingSettled, refused: new Map([[operation.piece, 'no-direct-transition']]) });
  const applied = await call.jira.applyTransition(call.issueId, transition.id, call.trace);
  if (applied.ok)
    return succeed({
      ...nothingSettled,
      settled: new Map([[operation.piece, { fingerprint: fingerprintStatus(transition.to, call.fingerprint) }]]),
    });
  return isRefusal(applied.failure)
    ? succeed({ ...nothingSettled, refused: new Map([[operation.piece, 'transition-refused']]) })
    : applied;
}

/** A condition, a validator or a required screen field: the transition's own doing, whatever fields it names. */
const isRefusal = (failure: Failure): boolean => failure.kind === 'rejected';

/** A comment that is gone already is as deleted as it can be. */
async function deleteComment(call: Call, operation: Operation & { kind: 'delete-comment' }): Promise<Result<Done>> {
  const deleted = await call.jira.deleteComment(call.issueId, operation.commentId, call.trace);
  if (deleted.ok) return succeed({ ...nothingSettled, comment: 'deleted' });
  return deleted.failure.kind === 'missing' ? succeed(nothingSettled) : deleted;
}

async function commentWritten(
  call: Call,
  piece: PieceKey,
  body: AdfNode,
  writing: Promise<Result<Comment>>,
): Promise<Result<Done>> {
  const written = await writing;
  if (!written.ok) return fail(written.failure);
  const { commentId } = written.value;
  const shown: FieldValue = { kind: 'rich', document: written.value.body };
  const fingerprint = settledFingerprint({ kind: 'rich', document: body }, shown, call.fingerprint);
  return succeed({
    remoteId: commentId,
    settled: new Map([[piece, { fingerprint, commentId }]]),
    refused: new Map(),
    item: null,
    comment: written.value,
  });
}
