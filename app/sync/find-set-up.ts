import { fail, succeed } from '../core/failure.ts';
import type { SetUpId, TenantId } from '../core/ids.ts';
import { SET_UP_LASTS_MS, type SetUpStep } from '../core/set-up-steps.ts';
import type { ConnectionStore } from './connection-ports.ts';
import { accountOf } from './find-space.ts';
import { ensureMayConfigure } from './may-configure.ts';
import type { AdminRights } from './ports.ts';
import type { Caller, SetUp, SetUpEnd, SetUpFlowPorts, SetUpResult } from './set-up-ports.ts';

/** A set-up as a caller may go on with it. */
export interface OpenSetUp {
  readonly setUp: SetUp;
  readonly rights: AdminRights;
}

/** Those that the caller may go on with, the last touched first. */
export async function listSetUps(ports: SetUpFlowPorts, caller: Caller): SetUpResult<readonly SetUp[]> {
  const rights = await ensureMayConfigure(ports, caller);
  if (!rights.ok) return rights;
  const all = await ports.setUps.list(caller.siteTenantId);
  return succeed(all.filter((setUp) => isOpenTo(caller, rights.value, setUp, ports.clock.now())));
}

/** One of them. Somebody else's is not found, just like one that has ended. */
export async function findSetUp(ports: SetUpFlowPorts, caller: Caller, setUpId: SetUpId): SetUpResult<OpenSetUp> {
  const rights = await ensureMayConfigure(ports, caller);
  if (!rights.ok) return rights;
  const setUp = await ports.setUps.read(caller.siteTenantId, setUpId);
  return setUp !== null && isOpenTo(caller, rights.value, setUp, ports.clock.now())
    ? succeed({ setUp, rights: rights.value })
    : fail({ code: 'set-up-not-found' });
}

/** It is gone on with in the space where it was begun, by who began it or an admin of the site; programs speak for the whole tenant. */
const isOpenTo = (caller: Caller, rights: AdminRights, setUp: SetUp, now: number): boolean => {
  if (now >= setUp.touchedAt + SET_UP_LASTS_MS) return false;
  if (caller.kind === 'token') return true;
  return setUp.begunIn === caller.projectId && (rights.site || setUp.createdBy === accountOf(caller));
};

type StepPorts = Pick<SetUpFlowPorts, 'directory'> & { readonly connections: Pick<ConnectionStore, 'read'> };

/** Which of the steps are done, whatever the route. */
export async function doneSteps(ports: StepPorts, setUp: SetUp): Promise<ReadonlySet<SetUpStep>> {
  const { tenantId, own, partner, mode, name, content } = setUp;
  const there = await standingOf(ports, tenantId, partner);
  const facts: readonly (readonly [SetUpStep, boolean])[] = [
    ['own-space', own.projectKey !== null],
    ['site', partner.siteUrl !== null],
    ['space', partner.projectKey !== null],
    ['connection', there !== 'none'],
    ['authentication', there === 'in' && (own.connectionId === null || (await standingOf(ports, tenantId, own)) === 'in')],
    ['mode', mode !== null],
    ['name', name !== null],
    ['content', content !== null],
  ];
  return new Set(facts.flatMap(([step, done]) => (done ? [step] : [])));
}

/** `in`: the connection works, or the site is the tenant's own. `none`: not chosen yet, or removed since. */
async function standingOf(
  { connections, directory }: StepPorts,
  tenantId: TenantId,
  { connectionId }: SetUpEnd,
): Promise<'none' | 'waits' | 'in'> {
  if (connectionId === null) return 'none';
  const connection = await connections.read(tenantId, connectionId);
  if (connection !== null) return connection.state === 'working' ? 'in' : 'waits';
  return (await directory.read(tenantId, connectionId)) === null ? 'none' : 'in';
}
