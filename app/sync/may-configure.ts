import { type Failure, fail, succeed } from '../core/failure.ts';
import type { ProjectId } from '../core/ids.ts';
import type { AdminRights } from './ports.ts';
import type { Caller, RightsPorts, SetUpResult, SpaceCaller, TokenCaller, TokenScope } from './set-up-ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

type Jira = NonNullable<Awaited<ReturnType<RightsPorts['sites']['reach']>>>;

/** What a token may: everything of its tenant, as far as its scopes go. */
const ALL_RIGHTS: AdminRights = { site: true, space: true };

/**
 * Whether the caller is an admin of their space or site, by Jira's word at this moment: a right taken away a minute ago must not count.
 * That is enough to look; to change something takes {@link ensureMayConfigure}.
 */
export async function ensureSpaceAdmin(ports: Pick<RightsPorts, 'sites'>, caller: Caller): SetUpResult<AdminRights> {
  if (caller.kind === 'token') return ensureScope(caller, 'read');
  const jira = await ports.sites.reach(caller.siteTenantId, caller.connectionId);
  return jira === null ? fail({ code: 'site-unreachable' }) : readRights(jira, caller, caller.projectId);
}

/** The whole rule of who may configure (SPEC S11), asked at this moment. Answers with what the caller administers. */
export async function ensureMayConfigure(ports: RightsPorts, caller: Caller): SetUpResult<AdminRights> {
  return caller.kind === 'token' ? ensureScope(caller, 'configure') : ensureMayConfigureSpace(ports, caller, caller.projectId);
}

/** The same for another space of the caller's site. */
export async function ensureMayConfigureSpace(
  ports: RightsPorts,
  caller: SpaceCaller,
  projectId: ProjectId,
): SetUpResult<AdminRights> {
  const jira = await ports.sites.reach(caller.siteTenantId, caller.connectionId);
  if (jira === null) return fail({ code: 'site-unreachable' });
  const rights = await readRights(jira, caller, projectId);
  if (!rights.ok || rights.value.site) return rights;
  const { configuringGroups } = await ports.settings.read(caller.siteTenantId);
  if (configuringGroups.length === 0) return rights;
  const groups = await jira.listGroupsOf(caller.accountId);
  if (!groups.ok) return fail(refusalOfOwnSite(groups.failure));
  const isIn = groups.value.some(({ groupId }) => configuringGroups.some((wanted) => wanted.groupId === groupId));
  return isIn ? rights : fail({ code: 'not-in-group' });
}

const ensureScope = ({ scopes }: TokenCaller, scope: TokenScope): Awaited<SetUpResult<AdminRights>> =>
  scopes.includes(scope) ? succeed(ALL_RIGHTS) : fail({ code: 'scope-missing' });

async function readRights(jira: Jira, { accountId }: SpaceCaller, projectId: ProjectId): SetUpResult<AdminRights> {
  const rights = await jira.readAdminRights(accountId, projectId);
  if (!rights.ok) return fail(refusalOfOwnSite(rights.failure));
  return rights.value.site || rights.value.space ? rights : fail({ code: 'not-space-admin' });
}

/** What a caller is told when their own site did not answer as it should. */
export const refusalOfOwnSite = (failure: Failure): SetUpRefusal => ({
  code: failure.kind === 'rate-limited' ? 'site-busy' : 'site-unreachable',
});
