import { fail, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import { type ContentChoice, unmatchedConfiguration } from '../core/propose-configuration.ts';
import { SIDES } from '../core/side.ts';
import { applyChange, ensurePermitted, ensureSpaceAdmin, type Visible } from './find-visible.ts';
import type { SideAddress, Synchronization } from './ports.ts';
import type { Caller, SetUpPorts, SetUpResult, SpaceCaller } from './set-up-ports.ts';

export type PartnerSpace =
  | { readonly kind: 'same-site'; readonly projectKey: string }
  | { readonly kind: 'other-site'; readonly siteUrl: string; readonly projectKey: string };

export interface SynchronizationRequest {
  readonly partner: PartnerSpace;
  readonly name: string;
  readonly description: string;
  readonly content: ContentChoice;
}

/** Sends a request to the partner space. The caller's space is side A, and its site owns the synchronization. */
export async function requestSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  request: SynchronizationRequest,
): SetUpResult<Visible> {
  const admin = await ensureSpaceAdmin(ports, caller);
  if (!admin.ok) return admin;
  if (caller.kind === 'token') return fail({ code: 'space-needed' });
  const partner = await findPartner(ports, caller, request.partner);
  if (partner === null) return fail({ code: 'partner-not-found' });
  if (isSameSpace(partner, caller)) return fail({ code: 'same-space' });
  const { siteTenantId, connectionId, projectId, projectKey } = caller;
  const sides = { A: { siteTenantId, connectionId, projectId, projectKey }, B: partner };
  if (await isTaken(ports, sides, null)) return fail({ code: 'already-synchronized' });
  const synchronization: Synchronization = {
    tenantId: siteTenantId,
    synchronizationId: ports.makeId() as SynchronizationId,
    name: request.name,
    description: request.description,
    state: 'requested',
    sides,
    configuration: unmatchedConfiguration(request.content),
    configurationVersion: 1,
    scannedUntil: { A: null, B: null },
    createdAt: ports.clock.now(),
  };
  await ports.synchronizations.insert(synchronization);
  return succeed({ synchronization, side: 'A' });
}

/** A declined request goes to the partner once more, as it is now. */
export async function sendRequestAgain(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'send-again');
  if (!permitted.ok) return permitted;
  const { synchronization } = permitted.value;
  if (await isTaken(ports, synchronization.sides, synchronizationId)) return fail({ code: 'already-synchronized' });
  return applyChange(ports, permitted.value, { state: 'requested' });
}

/** Null for every reason alike (see set-up-refusal.ts): a stranger must not learn which sites have the app. */
async function findPartner(ports: SetUpPorts, caller: SpaceCaller, partner: PartnerSpace): Promise<SideAddress | null> {
  const site = partner.kind === 'same-site' ? caller : await ports.directory.findByUrl(partner.siteUrl);
  if (site === null) return null;
  const jira = await ports.sites.reach(site.siteTenantId, site.connectionId);
  // Jira's keys are upper case, and it compares them exactly.
  const shape = await jira?.readSpaceShape(partner.projectKey.trim().toUpperCase());
  if (shape?.ok !== true) return null;
  const { projectId, projectKey } = shape.value;
  return { siteTenantId: site.siteTenantId, connectionId: site.connectionId, projectId, projectKey };
}

type Space = Pick<SideAddress, 'siteTenantId' | 'connectionId' | 'projectId'>;

const isSameSpace = (one: Space, other: Space): boolean =>
  one.siteTenantId === other.siteTenantId && one.connectionId === other.connectionId && one.projectId === other.projectId;

/** Whether another synchronization or open request ties the same two spaces, whichever of them is A there. */
export async function isTaken(
  ports: Pick<SetUpPorts, 'synchronizations'>,
  sides: Synchronization['sides'],
  except: SynchronizationId | null,
): Promise<boolean> {
  const known = await ports.synchronizations.listOfSite(sides.A.siteTenantId);
  return known.some(
    (other) =>
      other.synchronizationId !== except &&
      other.state !== 'declined' &&
      SIDES.every((side) => SIDES.some((there) => isSameSpace(sides[side], other.sides[there]))),
  );
}
