import { fail, succeed } from '../core/failure.ts';
import { ensureSpaceAdmin, refusalOfOwnSite } from './may-configure.ts';
import { actorOf } from './note-change.ts';
import type { SiteGroup } from './ports.ts';
import type { SettingsStore, SetUpPorts, SetUpResult, SpaceCaller, TenantSettings } from './set-up-ports.ts';

/** What changing the settings of a tenant takes. */
export interface SettingsPorts extends Pick<SetUpPorts, 'sites' | 'audit' | 'clock'> {
  readonly settings: SettingsStore;
}

/** What holds for the tenant now. For admins of the site. */
export async function readSettings(ports: SettingsPorts, caller: SpaceCaller): SetUpResult<TenantSettings> {
  const admin = await ensureSiteAdmin(ports, caller);
  return admin.ok ? succeed(await ports.settings.read(caller.siteTenantId)) : admin;
}

/** Who may configure from now on (SPEC S11): members of these groups, by name; none: every admin of a space. For admins of the site. */
export async function changeSettings(
  ports: SettingsPorts,
  caller: SpaceCaller,
  groupNames: readonly string[],
): SetUpResult<TenantSettings> {
  const admin = await ensureSiteAdmin(ports, caller);
  if (!admin.ok) return admin;
  const groups = await findGroups(ports, caller, groupNames);
  if (!groups.ok) return groups;
  const settings: TenantSettings = { configuringGroups: groups.value };
  await ports.settings.write(caller.siteTenantId, settings);
  await ports.audit.note(caller.siteTenantId, {
    at: ports.clock.now(),
    actor: actorOf(caller),
    action: 'settings.changed',
    subject: null,
    detail: groups.value.length === 0 ? 'no groups' : groups.value.map(({ groupId }) => groupId).join(', '),
    outcome: 'done',
  });
  return succeed(settings);
}

async function findGroups(
  { sites }: SettingsPorts,
  { siteTenantId, connectionId }: SpaceCaller,
  names: readonly string[],
): SetUpResult<readonly SiteGroup[]> {
  const jira = await sites.reach(siteTenantId, connectionId);
  if (jira === null) return fail({ code: 'site-unreachable' });
  const found: SiteGroup[] = [];
  for (const name of new Set(names)) {
    const group = await jira.findGroup(name);
    if (!group.ok) return fail(refusalOfOwnSite(group.failure));
    if (group.value === null) return fail({ code: 'group-not-found' });
    found.push(group.value);
  }
  return succeed(found);
}

async function ensureSiteAdmin(ports: SettingsPorts, caller: SpaceCaller): SetUpResult<null> {
  const rights = await ensureSpaceAdmin(ports, caller);
  if (!rights.ok) return rights;
  return rights.value.site ? succeed(null) : fail({ code: 'not-site-admin' });
}
