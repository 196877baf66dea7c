import { z } from 'zod';
import type { Configuration } from '../core/configuration.ts';
import type { AccountId, ConnectionId, FieldId, ProjectId, SynchronizationId, TenantId } from '../core/ids.ts';
import type { ContentChoice } from '../core/propose-configuration.ts';
import { count, epochMs, id, side, time } from '../platform/columns.ts';
import type { Synchronization } from '../sync/ports.ts';

const direction = z.enum(['both', 'A-to-B', 'B-to-A']);
const conflict = z.enum(['newest', 'A', 'B', 'ask']);
const mappedType = z.object({ id: z.string(), name: z.string() });

/** What the jsonb column holds. Parsed on the way out, since an older version may have written it. */
export const configuration = z.object({
  types: z.array(z.object({ types: z.object({ A: mappedType, B: mappedType }), direction })),
  fields: z.array(z.object({ field: id<FieldId>(), direction, conflict })),
  status: z.object({ direction, conflict, map: z.array(z.object({ A: z.string(), B: z.string() })) }).nullable(),
  comments: z.object({ direction, authorLine: z.boolean(), anonymous: z.array(side).exactOptional() }).nullable(),
  strict: z.boolean().default(false),
}) satisfies z.ZodType<Configuration>;

/** What a person chose, before anything is matched; also a jsonb column. */
export const contentColumn = z.object({
  fields: z.array(z.object({ field: id<FieldId>(), direction, conflict })),
  status: z.object({ direction, conflict }).nullable(),
  comments: z.object({ direction, authorLine: z.boolean() }).nullable(),
  strict: z.boolean(),
}) satisfies z.ZodType<ContentChoice>;

export const SYNCHRONIZATION_COLUMNS = `
  s.tenant_id, s.synchronization_id, s.name, s.description, s.state, s.mode,
  s.asked_by, ${epochMs('s.asked_at')} AS asked_at, s.decline_reason,
  s.a_site_tenant_id, s.a_connection_id, s.a_project_id, s.a_project_key, ${epochMs('s.a_scanned_until')} AS a_scanned_until,
  s.b_site_tenant_id, s.b_connection_id, s.b_project_id, s.b_project_key, ${epochMs('s.b_scanned_until')} AS b_scanned_until,
  s.configuration, s.configuration_version, ${epochMs('s.created_at')} AS created_at`;

export const READ = (tenant = '$1', synchronization = '$2'): string =>
  `SELECT ${SYNCHRONIZATION_COLUMNS} FROM synchronization s WHERE s.tenant_id = ${tenant} AND s.synchronization_id = ${synchronization}`;

export const synchronizationRow = z
  .object({
    tenant_id: id<TenantId>(),
    synchronization_id: id<SynchronizationId>(),
    name: z.string(),
    description: z.string(),
    state: z.enum(['requested', 'declined', 'expired', 'stopped', 'running']),
    mode: z.enum(['review', 'immediate']),
    asked_by: id<AccountId>().nullable(),
    asked_at: time.nullable(),
    decline_reason: z.string().nullable(),
    a_site_tenant_id: id<TenantId>(),
    a_connection_id: id<ConnectionId>(),
    a_project_id: id<ProjectId>(),
    a_project_key: z.string(),
    a_scanned_until: time.nullable(),
    b_site_tenant_id: id<TenantId>(),
    b_connection_id: id<ConnectionId>(),
    b_project_id: id<ProjectId>(),
    b_project_key: z.string(),
    b_scanned_until: time.nullable(),
    configuration,
    configuration_version: count,
    created_at: time,
  })
  .transform(
    (row): Synchronization => ({
      tenantId: row.tenant_id,
      synchronizationId: row.synchronization_id,
      name: row.name,
      description: row.description,
      state: row.state,
      mode: row.mode,
      request: row.asked_at === null ? null : { askedBy: row.asked_by, askedAt: row.asked_at, declineReason: row.decline_reason },
      sides: {
        A: {
          siteTenantId: row.a_site_tenant_id,
          connectionId: row.a_connection_id,
          projectId: row.a_project_id,
          projectKey: row.a_project_key,
        },
        B: {
          siteTenantId: row.b_site_tenant_id,
          connectionId: row.b_connection_id,
          projectId: row.b_project_id,
          projectKey: row.b_project_key,
        },
      },
      configuration: row.configuration,
      configurationVersion: row.configuration_version,
      scannedUntil: { A: row.a_scanned_until, B: row.b_scanned_until },
      createdAt: row.created_at,
    }),
  );
