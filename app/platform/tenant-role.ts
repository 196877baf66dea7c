import { isUuid } from './columns.ts';

/** What requests run as (tenant-wall.ts). It may not log in and owns nothing. */
export const TENANT_ROLE = 'tandem_tenant';

/**
 * SQL that puts a transaction behind the wall of that tenant, until it ends. What is asked there is planned for what is asked: it is
 * seldom the same twice, and of tenants of any size (database.ts says what holds elsewhere).
 */
export function enterWall(tenantId: string): string {
  // The id becomes part of a text, since SET takes no parameters.
  if (!isUuid(tenantId)) throw new Error('A tenant is named by a uuid.');
  return `SET LOCAL ROLE ${TENANT_ROLE}; SET LOCAL app.tenant = '${tenantId}'; SET LOCAL plan_cache_mode = auto;`;
}
