import { fail, succeed } from '../core/failure.ts';
import type { SetUpId } from '../core/ids.ts';
import { SET_UP_LASTS_MS, type SetUpStep } from '../core/set-up-steps.ts';
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

/** Which of the steps are done, whatever the route. */
export async function doneSteps(ports: Pick<SetUpFlowPorts, 'connections'>, setUp: SetUp): Promise<ReadonlySet<SetUpStep>> {
  const { own, partner, mode, name, content } = setUp;
  const facts: readonly (readonly [SetUpStep, boolean])[] = [
    ['own-space', own.projectKey !== null],
    ['site', partner.siteUrl !== null],
    ['space', partner.projectKey !== null],
    ['connection', partner.connectionId !== null],
    ['authentication', (await isIn(ports, setUp, own)) && partner.connectionId !== null && (await isIn(ports, setUp, partner))],
    ['mode', mode !== null],
    ['name', name !== null],
    ['content', content !== null],
  ];
  return new Set(facts.flatMap(([step, done]) => (done ? [step] : [])));
}

/** Whether nobody has to authenticate at that end: its connection works, or the site is the tenant's own. */
async function isIn(ports: Pick<SetUpFlowPorts, 'connections'>, { tenantId }: SetUp, end: SetUpEnd): Promise<boolean> {
  if (end.connectionId === null) return true;
  const connection = await ports.connections.read(tenantId, end.connectionId);
  return connection === null || connection.state === 'working';
}
