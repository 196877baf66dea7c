import { z } from 'zod';
import type { AuditLine, AuditPage } from '../../contract/administration.ts';
import { type AuditEntry, actorIdOf } from '../../sync/audit-ports.ts';
import { type Refusal, sendRefusal } from '../errors.ts';
import type { ApiHandler } from '../guards.ts';
import type { ApiPorts } from './api-v1-ports.ts';

const query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  before: z.iso.datetime().optional(),
});

const QUERY_INVALID: Refusal = {
  status: 400,
  code: 'audit-query-invalid',
  message: 'The query of the address is not what the audit log expects.',
  remedy: 'Send limit as a whole number from 1 to 200 and before as a time like 2026-11-22T08:00:00.000Z, or leave them out.',
};

const isoTime = (at: number): string => new Date(at).toISOString();

const viewLine = ({ at, actor, action, subject, detail, outcome }: AuditEntry): AuditLine => ({
  at: isoTime(at),
  actor: { kind: actor.kind, id: actorIdOf(actor) },
  action,
  subject,
  detail,
  outcome,
});

/** GET /api/v1/audit?limit=100&before=…: newest first. */
export const auditGet =
  ({ administration: { audit } }: Pick<ApiPorts, 'administration'>): ApiHandler =>
  async ({ tenantId }, request, response) => {
    const parsed = query.safeParse(request.query);
    if (!parsed.success) return sendRefusal(request, response, QUERY_INVALID);
    const { limit, before } = parsed.data;
    const lines = await audit.list(tenantId, { before: before === undefined ? null : Date.parse(before), limit });
    const last = lines.at(-1);
    const next = last === undefined || lines.length < limit ? null : isoTime(last.at);
    response.json({ lines: lines.map(viewLine), next } satisfies AuditPage);
  };
