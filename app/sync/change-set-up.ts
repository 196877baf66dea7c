import { fail, type Result, succeed } from '../core/failure.ts';
import type { SetUpId } from '../core/ids.ts';
import { finishOf, type SetUpRoute } from '../core/set-up-steps.ts';
import { ensureUsable } from './establish-synchronization.ts';
import { findSetUp } from './find-set-up.ts';
import { accountOf, readSpace } from './find-space.ts';
import { ensureMayConfigure } from './may-configure.ts';
import type { AdminRights } from './ports.ts';
import { findPartner } from './request-synchronization.ts';
import type { Caller, SetUp, SetUpEnd, SetUpFlowPorts, SetUpResult } from './set-up-ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

/** What somebody entered; what is left out stays as it is. */
export type SetUpEntry = Partial<Pick<SetUp, 'mode' | 'name' | 'description' | 'content'>> & {
  readonly own?: Partial<Omit<SetUpEnd, 'siteUrl'>>;
  readonly partner?: Partial<SetUpEnd>;
};

/** More than any site sets up at the same time; what is left lying is removed after 30 days. */
const MOST_SET_UPS = 500;

/** Begins a set-up (SPEC S12). In a space, that space is side A; a program says which one is. */
export async function beginSetUp(
  ports: SetUpFlowPorts,
  caller: Caller,
  route: SetUpRoute,
  entry: SetUpEntry,
): SetUpResult<SetUp> {
  const rights = await ensureMayConfigure(ports, caller);
  if (!rights.ok) return rights;
  if (caller.kind === 'token' && finishOf(route) === 'request') return fail({ code: 'space-needed' });
  if ((await ports.setUps.list(caller.siteTenantId)).length >= MOST_SET_UPS) return fail({ code: 'too-many-set-ups' });
  const now = ports.clock.now();
  const begun: SetUp = {
    tenantId: caller.siteTenantId,
    setUpId: ports.makeId() as SetUpId,
    route,
    own: ownEnd(caller),
    begunIn: caller.kind === 'token' ? null : caller.projectId,
    partner: { siteUrl: null, connectionId: null, projectKey: null },
    mode: null,
    name: null,
    description: '',
    content: null,
    createdBy: accountOf(caller),
    createdAt: now,
    touchedAt: now,
  };
  const setUp = withEntry(caller, begun, entry, now);
  const refusal = await refusalOfEnds(ports, caller, rights.value, begun, setUp);
  if (refusal !== null) return fail(refusal);
  await ports.setUps.insert(setUp);
  return succeed(setUp);
}

/** Enters more, or something else. Where the partner is or how it is reached is looked at, so that a mistake is told at once. */
export async function changeSetUp(
  ports: SetUpFlowPorts,
  caller: Caller,
  setUpId: SetUpId,
  entry: SetUpEntry,
): SetUpResult<SetUp> {
  const open = await findSetUp(ports, caller, setUpId);
  if (!open.ok) return open;
  const before = open.value.setUp;
  const setUp = withEntry(caller, before, entry, Math.max(ports.clock.now(), before.touchedAt + 1));
  const refusal = await refusalOfEnds(ports, caller, open.value.rights, before, setUp);
  if (refusal !== null) return fail(refusal);
  // Somebody entered something else meanwhile, which stays: this is added to it. If it was removed, reading it again says so.
  return (await ports.setUps.replace(setUp, before.touchedAt)) ? succeed(setUp) : changeSetUp(ports, caller, setUpId, entry);
}

const ownEnd = (caller: Caller): SetUpEnd =>
  caller.kind === 'token'
    ? { siteUrl: null, connectionId: null, projectKey: null }
    : { siteUrl: null, connectionId: caller.connectionId, projectKey: caller.projectKey };

/** Side A of a person is the space they are in, whatever was entered. */
const withEntry = (caller: Caller, setUp: SetUp, { own, partner, ...rest }: SetUpEntry, touchedAt: number): SetUp => ({
  ...setUp,
  ...rest,
  own: caller.kind === 'token' ? { ...setUp.own, ...own } : setUp.own,
  partner: { ...setUp.partner, ...partner },
  touchedAt,
});

/** Why what was entered of the ends leads nowhere; null: it leads somewhere, or too little is entered yet. */
async function refusalOfEnds(
  ports: SetUpFlowPorts,
  caller: Caller,
  rights: AdminRights,
  before: SetUp,
  setUp: SetUp,
): Promise<SetUpRefusal | null> {
  for (const end of ['own', 'partner'] as const) {
    if (JSON.stringify(before[end]) === JSON.stringify(setUp[end])) continue;
    const refusal = await refusalOfConnection(ports, caller, rights, setUp.route, setUp[end]);
    if (refusal !== null) return refusal;
    const found = end === 'own' ? succeed(null) : await lookAtPartner(ports, caller, setUp);
    if (!found.ok) return found.failure;
  }
  return null;
}

async function refusalOfConnection(
  ports: SetUpFlowPorts,
  caller: Caller,
  rights: AdminRights,
  route: SetUpRoute,
  { siteUrl, connectionId }: SetUpEnd,
): Promise<SetUpRefusal | null> {
  if (connectionId === null || (await ports.directory.readOwn(caller.siteTenantId))?.connectionId === connectionId) return null;
  const usable = await ensureUsable(ports, caller, rights, connectionId);
  if (!usable.ok) return usable.failure;
  const { product, siteUrl: leadsTo } = usable.value;
  if (route === 'cloud-without-app' && product !== 'cloud') return { code: 'connection-unfit' };
  if (route === 'data-center' && product !== 'data-center') return { code: 'connection-unfit' };
  return siteUrl === null || isWithin(siteUrl, leadsTo) ? null : { code: 'connection-unfit' };
}

/** Whether what a person typed is the address of that site, or of a page of it. */
const isWithin = (typed: string, siteUrl: string): boolean => {
  const site = `${siteUrl.toLowerCase()}/`;
  return `${typed.trim().toLowerCase()}/`.startsWith(site);
};

/** The partner space is looked for as soon as there is a way to it. */
async function lookAtPartner(
  ports: SetUpFlowPorts,
  caller: Caller,
  { route, partner }: SetUp,
): Promise<Result<unknown, SetUpRefusal>> {
  const { siteUrl, connectionId, projectKey } = partner;
  if (projectKey === null) return succeed(null);
  if (caller.kind === 'space' && route === 'same-site') return findPartner(ports, caller, { kind: 'same-site', projectKey });
  if (caller.kind === 'space' && route === 'cloud-with-app')
    return siteUrl === null ? succeed(null) : findPartner(ports, caller, { kind: 'other-site', siteUrl, projectKey });
  if (connectionId === null) return succeed(null);
  const { siteTenantId } = caller;
  const found = await readSpace(ports, { siteTenantId, connectionId }, { projectKey }, 'partner');
  // The key may be entered before anybody has authenticated.
  return found.ok || found.failure.code === 'authentication-needed' ? succeed(null) : found;
}
