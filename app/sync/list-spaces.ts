import { fail } from '../core/failure.ts';
import type { ConnectionId } from '../core/ids.ts';
import { ensureUsable } from './establish-synchronization.ts';
import { refusalOfSilence } from './find-space.ts';
import { ensureSpaceAdmin } from './may-configure.ts';
import type { Jira } from './ports.ts';
import { refusalOfSite } from './refusal-of-site.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';

type Spaces = Extract<Awaited<ReturnType<Jira['listSpaces']>>, { ok: true }>['value'];

/**
 * The spaces to choose from. Of the own site: those that the person may browse; a program sees all that the app sees. Of a site behind a
 * connection: those that its sync user may browse.
 */
export async function listSpaces(ports: SetUpPorts, caller: Caller, connectionId: ConnectionId | null): SetUpResult<Spaces> {
  const { siteTenantId } = caller;
  const own = caller.kind === 'space' ? caller : await ports.directory.readOwn(siteTenantId);
  const isOwn = connectionId === null || connectionId === own?.connectionId;
  if (!isOwn) {
    const rights = await ensureSpaceAdmin(ports, caller);
    if (!rights.ok) return rights;
    const usable = await ensureUsable(ports, caller, rights.value, connectionId);
    if (!usable.ok) return usable;
  }
  const site = isOwn ? own : { siteTenantId, connectionId };
  if (site === null) return fail({ code: 'site-unreachable' });
  const whose = isOwn ? 'own' : 'partner';
  const jira = await ports.sites.reach(site.siteTenantId, site.connectionId);
  if (jira === null) return fail(await refusalOfSilence(ports, site, whose));
  const spaces = await jira.listSpaces(isOwn && caller.kind === 'space' ? caller.accountId : undefined);
  return spaces.ok ? spaces : fail(refusalOfSite(spaces.failure, whose));
}
