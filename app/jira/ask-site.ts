import { z } from 'zod';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { AccountId, ProjectId } from '../core/ids.ts';
import { shownName } from '../platform/shown-name.ts';
import type { Product, RightStanding, SyncUser } from '../sync/connection-ports.ts';
import { pathBelow, type Speaker } from './dialect.ts';
import { unreadable } from './failure.ts';

/** What a site says of itself and of whoever asks. */

/**
 * The rights that synchronizing needs in a space: Jira's names, alike in both products. Comments of people are edited and deleted when
 * their copies are (SPEC K2, K6); a due date needs the right to schedule.
 */
export const NEEDED_RIGHTS = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'SCHEDULE_ISSUES',
  'TRANSITION_ISSUES',
  'ADD_COMMENTS',
  'EDIT_ALL_COMMENTS',
  'DELETE_ALL_COMMENTS',
] as const;

const server = z.object({ deploymentType: z.string(), version: z.string().regex(/^[\w.+ -]{1,100}$/) });

/** Cloud says `Cloud`, Data Center `Server`. The version of Cloud says nothing. */
export async function readServer(speaker: Speaker): Promise<Result<{ product: Product; version: string | null }>> {
  const answer = await ask(speaker, 'GET /serverInfo', 'serverInfo', server);
  if (!answer.ok) return answer;
  const { deploymentType, version } = answer.value;
  return succeed(
    deploymentType.toLowerCase() === 'cloud' ? { product: 'cloud', version: null } : { product: 'data-center', version },
  );
}

/** Users of Data Center before 8.4 may have no key but their name. */
const myself = z.object({
  accountId: z.string().nullish(),
  key: z.string().nullish(),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
});

/** As whom we are there: by account id, on Data Center by the key of the user, which stays when the name is changed. */
export async function readSyncUser(speaker: Speaker): Promise<Result<SyncUser>> {
  const answer = await ask(speaker, 'GET /myself', 'myself', myself);
  if (!answer.ok) return answer;
  const { accountId, key, name, displayName } = answer.value;
  const id = accountId ?? key ?? name;
  if (id == null) return fail(unreadable('read', 'unexpected answer: a user without a name'));
  return succeed({ accountId: id as AccountId, name: shownName(displayName ?? name ?? id) });
}

const permissions = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean().nullish() })) });

/** What the sync user may in that space, of those rights. */
export async function readRights(
  speaker: Speaker,
  projectId: ProjectId,
  wanted: readonly string[],
): Promise<Result<readonly RightStanding[]>> {
  // Cloud wants the rights named, Data Center tells all of them.
  const named = speaker.dialect.api === '/rest/api/3' ? { permissions: wanted.join(',') } : {};
  const answer = await ask(speaker, 'GET /mypermissions', 'mypermissions', permissions, { projectId, ...named });
  if (!answer.ok) return answer;
  const { permissions: held } = answer.value;
  return succeed(wanted.map((right) => ({ right, has: held[right]?.havePermission === true })));
}

const ask = <Value>(
  { client, dialect }: Speaker,
  endpoint: string,
  what: string,
  schema: z.ZodType<Value>,
  query: Readonly<Record<string, string>> = {},
) => client.call({ endpoint, method: 'GET', path: pathBelow(dialect.api, [what], query), intent: 'read', schema });
