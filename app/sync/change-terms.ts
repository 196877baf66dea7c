import type { Configuration, ConfigurationMode } from '../core/configuration.ts';
import { decideTerms, type TermsDecision, type TermsEvent } from '../core/decide-terms.ts';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import { type Offer, withholdUnoffered } from '../core/offer.ts';
import { otherSide, type Side } from '../core/side.ts';
import { ensurePermitted, sidesOf, type Visible } from './find-visible.ts';
import { noteChange } from './note-change.ts';
import type { Synchronization } from './ports.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';
import type { Decider, StandingTerms, TermsStore, Written } from './terms-ports.ts';

/** A synchronization whose terms a caller may change, with what they are. */
export interface OpenTerms extends Visible {
  readonly standing: StandingTerms;
}

/** What the caller wants the terms to be; what is left out stays. */
export interface WantedTerms {
  readonly agreed?: Configuration;
  readonly mode?: ConfigurationMode;
}

/** What became of a change: it counts, or it waits for the other side. */
export type TermsChanged = 'published' | 'drafted';

/** Whether the caller may change the terms of that synchronization, and what they are now. */
export async function openTerms(ports: SetUpPorts, caller: Caller, synchronizationId: SynchronizationId): SetUpResult<OpenTerms> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'change-content');
  if (!permitted.ok) return permitted;
  const { synchronization, side } = permitted.value;
  // Before both sides agreed on anything there is nothing to change by agreement.
  if (synchronization.state !== 'stopped' && synchronization.state !== 'running') return fail({ code: 'state-forbids' });
  const standing = await ports.terms.read(synchronization.tenantId, synchronizationId);
  return standing === null ? fail({ code: 'synchronization-not-found' }) : succeed({ synchronization, side, standing });
}

/** Other terms (SPEC V2, V5): at once, or as a draft for the other side. */
export async function changeTerms(
  ports: SetUpPorts,
  caller: Caller,
  open: OpenTerms,
  wanted: WantedTerms,
): SetUpResult<TermsChanged> {
  const { synchronization, side, standing } = open;
  const agreed = wanted.agreed ?? standing.agreed;
  const mode = wanted.mode ?? standing.mode;
  const decision = decideTerms(await standingOf(ports, open), { kind: 'change', to: mode }, side);
  if (typeof decision === 'object') return fail({ code: decision.refused });
  const by = deciderOf(caller, side);
  const at = ports.clock.now();
  if (decision === 'draft') {
    const { tenantId, synchronizationId } = synchronization;
    const saved = await ports.terms.saveDraft(tenantId, synchronizationId, { agreed, mode, by, at }, standing.readAs);
    return concluded(ports, caller, synchronization, saved, 'synchronization.draft-sent', 'drafted');
  }
  const published = await publish(ports, open, { agreed, mode, by, at, answeredBy: null, endedAt: at });
  return concluded(ports, caller, synchronization, published, 'synchronization.changed', 'published');
}

/** What somebody says to a draft. */
export interface DraftAnswer {
  readonly answer: 'accept' | 'decline' | 'withdraw';
  /** The draft that they saw (SPEC V4). */
  readonly draftAt: number;
  readonly reason: string | null;
}

/** The other side accepts or declines a draft, or its maker withdraws it (SPEC V3, V4). */
export async function answerDraft(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  { answer, draftAt, reason }: DraftAnswer,
): SetUpResult<Visible> {
  const open = await openTerms(ports, caller, synchronizationId);
  if (!open.ok) return open;
  const { synchronization, standing } = open.value;
  const decided = await decideFor(ports, caller, open.value, { kind: answer });
  if (!decided.ok) return decided;
  const { draft } = standing;
  if (draft === null) return fail({ code: 'no-draft' });
  if (draft.at !== draftAt) return fail({ code: 'terms-changed' });
  const by = deciderOf(caller, decided.value.side);
  const endedAt = ports.clock.now();
  const written =
    decided.value.decision === 'publish'
      ? await publish(ports, open.value, { ...draft, answeredBy: by, endedAt })
      : await ports.terms.endDraft(
          synchronization.tenantId,
          synchronizationId,
          { outcome: answer === 'decline' ? 'declined' : 'withdrawn', by, at: endedAt, reason },
          standing.readAs,
        );
  const { side } = decided.value;
  return concluded(ports, caller, synchronization, written, ANSWERED[answer], { synchronization, side });
}

const ANSWERED = {
  accept: 'synchronization.draft-accepted',
  decline: 'synchronization.draft-declined',
  withdraw: 'synchronization.draft-withdrawn',
} as const;

/** A version counts again, as a new one (SPEC V1): at once, or as a draft. */
export async function bringBackVersion(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  number: number,
): SetUpResult<TermsChanged> {
  const open = await openTerms(ports, caller, synchronizationId);
  if (!open.ok) return open;
  const version = await ports.terms.readVersion(open.value.synchronization.tenantId, synchronizationId, number);
  return version === null
    ? fail({ code: 'version-not-found' })
    : changeTerms(ports, caller, open.value, { agreed: version.agreed });
}

/** What the caller's side lets the other have from now on (SPEC C1): at once, in either mode. */
export async function changeOffer(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  offer: Offer,
): SetUpResult<Visible> {
  const open = await openTerms(ports, caller, synchronizationId);
  if (!open.ok) return open;
  const { synchronization, side, standing } = open.value;
  const carried = withholdUnoffered(standing.agreed, { ...standing.offers, [side]: offer });
  const { tenantId } = synchronization;
  const written = await ports.terms.changeOffer(tenantId, synchronizationId, { side, offer, carried }, standing.readAs);
  return concluded(ports, caller, synchronization, written, 'synchronization.offer-changed', { synchronization, side });
}

const deciderOf = (caller: Caller, side: Side): Decider => ({
  side,
  accountId: caller.kind === 'space' ? caller.accountId : null,
});

/** Whether people can be asked at the other side: nobody can at a site that has not installed the app. */
async function standingOf(ports: SetUpPorts, { synchronization, side, standing }: OpenTerms) {
  const { siteTenantId, connectionId } = synchronization.sides[otherSide(side)];
  const remote = await ports.connections.read(siteTenantId, connectionId);
  return { mode: standing.mode, draftOf: standing.draft?.by.side ?? null, partnerIsAsked: remote === null };
}

/** Who speaks for both sides answers as the one that may. */
async function decideFor(
  ports: SetUpPorts,
  caller: Caller,
  open: OpenTerms,
  event: TermsEvent,
): Promise<Result<{ decision: TermsDecision; side: Side }, SetUpRefusal>> {
  let refusal: SetUpRefusal = { code: 'side-forbids' };
  for (const side of sidesOf(caller, open.synchronization)) {
    const decision = decideTerms(await standingOf(ports, { ...open, side }), event, side);
    if (typeof decision !== 'object') return succeed({ decision, side });
    refusal = { code: decision.refused };
  }
  return fail(refusal);
}

const publish = (
  { terms }: SetUpPorts,
  { synchronization: { tenantId, synchronizationId }, standing }: OpenTerms,
  version: Omit<Parameters<TermsStore['publish']>[2], 'carried'>,
): Promise<Written> =>
  terms.publish(
    tenantId,
    synchronizationId,
    { ...version, carried: withholdUnoffered(version.agreed, standing.offers) },
    standing.readAs,
  );

/** A line for the audit log, or the refusal of what came too late. */
async function concluded<T>(
  ports: SetUpPorts,
  caller: Caller,
  synchronization: Synchronization,
  written: Written,
  action: string,
  value: T,
): SetUpResult<T> {
  if (written === 'changed-meanwhile') return fail({ code: 'terms-changed' });
  await noteChange(ports, caller, synchronization, action);
  return succeed(value);
}
