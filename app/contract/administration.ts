/** The HTTP API of what admins of a site do for their tenant as a whole: API tokens, audit log. Strict: unknown keys are refused. */
import { z } from 'zod';

const scope = z.enum(['read', 'configure', 'connections']);

export const makeToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(scope)
    .min(1)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'names a scope twice'),
  expiresInDays: z.number().int().min(1).max(365),
});

/** A token as it is listed. `lastUsedAt` to the hour. */
export const token = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  /** Account id; null: made by a command on the server. */
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  state: z.enum(['active', 'expired', 'revoked']),
});
export type Token = z.infer<typeof token>;

export const tokenList = z.strictObject({ tokens: z.array(token) });
export type TokenList = z.infer<typeof tokenList>;

/** `secret` is the whole token, shown this once. */
export const madeToken = z.strictObject({ token, secret: z.string() });
export type MadeToken = z.infer<typeof madeToken>;

/** What actions mean: docs/audit.md. */
export const auditLine = z.strictObject({
  at: z.iso.datetime(),
  actor: z.strictObject({
    kind: z.enum(['person', 'token', 'link', 'site', 'partner', 'operator', 'stranger', 'tandem']),
    /** Account, token or link; null where the kind says all. */
    id: z.string().nullable(),
  }),
  action: z.string(),
  subject: z.string().nullable(),
  detail: z.string().nullable(),
  outcome: z.enum(['done', 'refused']),
});
export type AuditLine = z.infer<typeof auditLine>;

/** Newest first. `next`: the `before` of the following page; null: this was the last one. */
export const auditPage = z.strictObject({ lines: z.array(auditLine), next: z.iso.datetime().nullable() });
export type AuditPage = z.infer<typeof auditPage>;

/** Typed by a person who means it: the address of their own site. */
export const eraseTenant = z.strictObject({ confirm: z.string() });

/**
 * | method and path                        | body        | answer |
 * |---|---|---|
 * | GET    /api/v1/tokens                        |             | TokenList |
 * | POST   /api/v1/tokens                        | MakeToken   | 201 MadeToken |
 * | DELETE /api/v1/tokens/:id                    |             | 204: revoked |
 * | GET    /api/v1/audit?limit=100&before=…      |             | AuditPage |
 * | POST   /api/v1/tenant/erase                  | EraseTenant | 202: all that is known of the site goes within minutes |
 */
