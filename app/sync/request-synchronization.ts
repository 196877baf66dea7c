import type { ConfigurationMode } from '../core/configuration.ts';
import { fail, succeed } from '../core/failure.ts';
import type { SynchronizationId, TenantId } from '../core/ids.ts';
import { type ContentChoice, unmatchedConfiguration } from '../core/propose-configuration.ts';
import { accountOf, readSpace, refusalOfTie } from './find-space.ts';
import { applyChange, ensurePermitted, type Visible } from './find-visible.ts';
import { ensureMayConfigure } from './may-configure.ts';
import { noteChange } from './note-change.ts';
import type { SideAddress, Synchronization } from './ports.ts';
import type { Caller, SetUpPorts, SetUpResult, SpaceCaller } from './set-up-ports.ts';

export type PartnerSpace =
  | { readonly kind: 'same-site'; readonly projectKey: string }
  | { readonly kind: 'other-site'; readonly siteUrl: string; readonly projectKey: string };

/** What a person gives a synchronization besides its two sides. */
export interface SynchronizationWish {
  readonly name: string;
  readonly description: string;
  readonly content: ContentChoice;
  readonly mode: ConfigurationMode;
}

export interface SynchronizationRequest extends SynchronizationWish {
  readonly partner: PartnerSpace;
}

/**
 * Sends a request to the partner space. The caller's space is side A, and its site owns the synchronization. `as`: its id, where one
 * was chosen already.
 */
export async function requestSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  request: SynchronizationRequest,
  as = ports.makeId() as SynchronizationId,
): SetUpResult<Visible> {
  const may = await ensureMayConfigure(ports, caller);
  if (!may.ok) return may;
  if (caller.kind === 'token') return fail({ code: 'space-needed' });
  const found = await findPartner(ports, caller, request.partner);
  if (!found.ok) return found;
  const { siteTenantId, connectionId, projectId, projectKey } = caller;
  const { name, description, mode, content } = request;
  const now = ports.clock.now();
  const synchronization: Synchronization = {
    tenantId: siteTenantId,
    synchronizationId: as,
    name,
    description,
    state: 'requested',
    mode,
    request: { askedBy: accountOf(caller), askedAt: now, declineReason: null },
    sides: { A: { siteTenantId, connectionId, projectId, projectKey }, B: found.value },
    configuration: unmatchedConfiguration(content),
    configurationVersion: 1,
    scannedUntil: { A: null, B: null },
    createdAt: now,
  };
  if (!(await ports.synchronizations.insertUnlessTied(synchronization))) return fail({ code: 'already-synchronized' });
  await noteChange(ports, caller, synchronization, 'synchronization.requested');
  return succeed({ synchronization, side: 'A' });
}

/** A request that was declined or expired goes to the partner once more, as it is now. */
export async function sendRequestAgain(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'send-again');
  if (!permitted.ok) return permitted;
  const readRefusal = () => refusalOfTie(ports, permitted.value.synchronization.sides, synchronizationId);
  const refusal = await readRefusal();
  if (refusal !== null) return fail(refusal);
  const request = { askedBy: accountOf(caller), askedAt: ports.clock.now(), declineReason: null };
  const sent = await applyChange(ports, permitted.value, { state: 'requested', request });
  if (!sent.ok) {
    // Perhaps somebody tied the two spaces at the same moment.
    const since = await readRefusal();
    return since === null ? sent : fail(since);
  }
  await noteChange(ports, caller, sent.value.synchronization, 'synchronization.requested', 'again');
  return sent;
}

/**
 * The space that a request is to go to, free to be asked. One refusal for every reason that there is none (see set-up-refusal.ts): a
 * stranger must not learn which spaces a site has.
 */
export async function findPartner(ports: SetUpPorts, caller: SpaceCaller, partner: PartnerSpace): SetUpResult<SideAddress> {
  const site = partner.kind === 'same-site' ? caller : await ports.directory.findByUrl(partner.siteUrl);
  const isOfOthers = site !== null && site.siteTenantId !== caller.siteTenantId;
  if (isOfOthers && !ports.lookups.begin(caller.siteTenantId)) return fail({ code: 'too-many-lookups' });
  const space = site === null ? null : await readSpace(ports, site, partner, 'partner');
  if (space?.ok !== true) {
    if (isOfOthers) await noteStranger(ports, site.siteTenantId);
    return fail({ code: 'partner-not-found' });
  }
  if (isOfOthers) ports.lookups.succeed(caller.siteTenantId);
  const { siteTenantId, connectionId, projectId, projectKey } = caller;
  const sides = { A: { siteTenantId, connectionId, projectId, projectKey }, B: space.value.address };
  const refusal = await refusalOfTie(ports, sides, null);
  return refusal === null ? succeed(space.value.address) : fail(refusal);
}

/** Whoever guesses keys of spaces elsewhere leaves a trace there; who it was is not for the other site to know. */
const noteStranger = ({ audit, clock }: Pick<SetUpPorts, 'audit' | 'clock'>, of: TenantId): Promise<void> =>
  audit.note(of, {
    at: clock.now(),
    actor: { kind: 'stranger' },
    action: 'access.refused',
    subject: null,
    detail: 'partner-not-found',
    outcome: 'refused',
  });
