import { z } from 'zod';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { SecretBox } from './secret-box.ts';

const credentials = z.discriminatedUnion('kind', [
  /** Times of the access token, epoch ms. `refreshToken` null: the site gave none, so the consent ends with it. */
  z.object({
    kind: z.literal('oauth2'),
    accessToken: z.string(),
    issuedAt: z.number(),
    refreshAt: z.number(),
    expiresAt: z.number(),
    refreshToken: z.string().nullable(),
    /** Data Center takes a refresh token only with the address that the consent was sent back to, wherever Tandem is meanwhile. */
    redirectUri: z.string(),
  }),
  z.object({ kind: z.literal('oauth1'), token: z.string() }),
  z.object({ kind: z.literal('bearer'), token: z.string() }),
  z.object({ kind: z.literal('basic'), userName: z.string(), secret: z.string() }),
]);

/** By what a request to a site without the app becomes ours. Lives in memory and sealed, nowhere else. */
export type RemoteCredentials = z.output<typeof credentials>;

/** Those of OAuth 2.0, which are refreshed. */
export type GrantedCredentials = Extract<RemoteCredentials, { kind: 'oauth2' }>;

const sealedForm = z.object({ of: z.string(), credentials });

/** For that connection of that tenant alone. */
export const sealCredentials = (
  box: SecretBox,
  tenantId: TenantId,
  connectionId: ConnectionId,
  secret: RemoteCredentials,
): string => box.seal(tenantId, JSON.stringify({ of: connectionId, credentials: secret }));

/** `sealed`: no key of ours opens it, or it was sealed for another tenant or connection. */
export const openCredentials = (
  box: SecretBox,
  tenantId: TenantId,
  connectionId: ConnectionId,
  sealed: string,
): Result<RemoteCredentials, 'sealed'> => {
  const opened = box.open(tenantId, sealed);
  if (!opened.ok) return fail('sealed');
  const { of, credentials: found } = sealedForm.parse(JSON.parse(opened.value));
  return of === connectionId ? succeed(found) : fail('sealed');
};
