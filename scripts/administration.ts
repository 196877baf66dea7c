import type { TenantId } from '../app/core/ids.ts';
import { systemClock } from '../app/platform/clock.ts';
import { isUuid } from '../app/platform/columns.ts';
import { createDatabase, type Database } from '../app/platform/database.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { createLogger } from '../app/platform/logger.ts';
import { makeRandomSecret } from '../app/platform/make-secret.ts';
import { createApiTokens } from '../app/store/api-tokens.ts';
import { createAuditLog } from '../app/store/audit-log.ts';
import { createSynchronizationStore } from '../app/store/synchronization-store.ts';
import { createTenants } from '../app/store/tenants.ts';
import { TOKEN_SCOPES } from '../app/sync/api-token-ports.ts';
import { eraseTenant, stopTenant } from '../app/sync/erase-tenant.ts';
import { makeTenant } from '../app/sync/make-tenant.ts';
import { LONGEST_TOKEN_DAYS, makeApiToken, revokeApiToken } from '../app/sync/manage-api-tokens.ts';

/** What is wrong with a command, for whoever typed it. */
export class CommandError extends Error {}

/** What the commands work with. */
export const administrationOn = (database: Database) => {
  const clock = systemClock;
  return {
    clock,
    makeId: makeRandomId,
    makeSecret: makeRandomSecret,
    tenants: createTenants(database),
    tokens: createApiTokens(database),
    synchronizations: createSynchronizationStore(database),
    audit: createAuditLog({ database, clock, makeId: makeRandomId, logger: createLogger('error') }),
  };
};
export type Administration = ReturnType<typeof administrationOn>;

const OPERATOR = { kind: 'operator' } as const;

export const TENANT_USAGE = `Usage:
  npm run tenant -- create NAME             makes a tenant that has no Jira site with the app
  npm run tenant -- list                    all tenants
  npm run tenant -- erase TENANT --yes      erases all that is known of a tenant, now and for ever`;

export const TOKEN_USAGE = `Usage:
  npm run token -- create TENANT NAME [SCOPES] [DAYS]
                                            makes an API token and prints it, this once
                                            SCOPES: of ${TOKEN_SCOPES.join(',')} (default: all); DAYS: 1 to ${LONGEST_TOKEN_DAYS} (default: 90)
  npm run token -- list TENANT              the tokens of a tenant
  npm run token -- revoke TENANT TOKEN      refuses a token from now on`;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

async function tenantNamed(administration: Administration, text: string | undefined, usage: string): Promise<TenantId> {
  if (text === undefined) throw new CommandError(usage);
  const found = isUuid(text) ? await administration.tenants.read(text as TenantId) : null;
  if (found === null) throw new CommandError('There is no tenant with that id. List them with: npm run tenant -- list');
  return found.tenantId;
}

async function erase(administration: Administration, text: string | undefined, consent: string | undefined): Promise<string> {
  const tenantId = await tenantNamed(administration, text, TENANT_USAGE);
  if (consent !== '--yes') throw new CommandError('Nothing was erased. Say --yes behind the id: it cannot be taken back.');
  await administration.tenants.planErasure(tenantId, administration.clock.now());
  await stopTenant(administration, tenantId);
  // No site can be reached from here, so webhooks at sites that it connected stay, and call an address that refuses them.
  await eraseTenant({ ...administration, closeWebhooks: null }, tenantId);
  return 'All that was known of the tenant is gone. If the app is still installed on its site, uninstall it there. At sites that it connected without the app, delete the webhook named Tandem.';
}

/** `npm run tenant -- …`: what to print. Throws a {@link CommandError} when the command is wrong. */
export async function tenantCommand(administration: Administration, args: readonly string[]): Promise<string> {
  const [command, first, second] = args;
  if (command === 'list') {
    const rows = (await administration.tenants.list()).map(({ tenantId, name, createdAt, eraseAt }) =>
      [tenantId, day(createdAt), name, eraseAt === null ? '' : `(will be erased ${day(eraseAt)})`].join('  ').trimEnd(),
    );
    return rows.length === 0 ? 'There are no tenants yet.' : rows.join('\n');
  }
  if (command === 'erase') return erase(administration, first, second);
  const name = first?.trim() ?? '';
  if (command !== 'create' || name === '' || name.length > 100) throw new CommandError(TENANT_USAGE);
  const tenantId = await makeTenant(administration, name);
  return `${tenantId}\nMake its first API token with: npm run token -- create ${tenantId} "my program"`;
}

async function createToken(administration: Administration, tenantId: TenantId, args: readonly string[]): Promise<string> {
  const [name = '', scopeList = TOKEN_SCOPES.join(','), days = '90'] = args;
  const wanted = scopeList.split(',').map((scope) => scope.trim());
  const scopes = TOKEN_SCOPES.filter((scope) => wanted.includes(scope));
  const expiresInDays = /^\d{1,3}$/.test(days) ? Number(days) : 0;
  const isWrong = name.trim() === '' || name.length > 100 || scopes.length !== wanted.length;
  if (isWrong || expiresInDays < 1 || expiresInDays > LONGEST_TOKEN_DAYS) throw new CommandError(TOKEN_USAGE);
  const made = await makeApiToken(administration, tenantId, OPERATOR, { name: name.trim(), scopes, expiresInDays });
  if (!made.ok) throw new CommandError('This tenant has a hundred API tokens, which is the most it can have. Revoke some first.');
  return `${made.value.text}\nIt ends on ${day(made.value.token.expiresAt)} and is not shown again.`;
}

/** `npm run token -- …`: what to print. Throws a {@link CommandError} when the command is wrong. */
export async function tokenCommand(administration: Administration, args: readonly string[]): Promise<string> {
  const [command, tenant, ...rest] = args;
  if (command !== 'create' && command !== 'list' && command !== 'revoke') throw new CommandError(TOKEN_USAGE);
  const tenantId = await tenantNamed(administration, tenant, TOKEN_USAGE);
  if (command === 'create') return createToken(administration, tenantId, rest);
  if (command === 'revoke') {
    const revoked = await revokeApiToken(administration, tenantId, OPERATOR, rest[0] ?? '');
    if (!revoked.ok) throw new CommandError('The tenant has no such token that could be revoked.');
    return 'The token is refused from now on.';
  }
  const rows = (await administration.tokens.list(tenantId)).map(({ tokenId, name, scopes, expiresAt, revokedAt }) => {
    const end = revokedAt === null ? `until ${day(expiresAt)}` : `revoked ${day(revokedAt)}`;
    return [tokenId, end, scopes.join(','), name].join('  ');
  });
  return rows.length === 0 ? 'The tenant has no tokens.' : rows.join('\n');
}

/** Runs a command on the database of DATABASE_URL and prints what it says. */
export async function administer(
  command: (administration: Administration, args: readonly string[]) => Promise<string>,
): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (url === undefined || url === '') {
    console.error('DATABASE_URL is not set: this works on the database of an installation of your own.');
    process.exitCode = 1;
    return;
  }
  const database = createDatabase({ url, poolSize: 2, clock: systemClock });
  try {
    console.log(await command(administrationOn(database), process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await database.close();
  }
}
