import type { AuthenticationLinkId, TenantId } from '../core/ids.ts';

/** What stands in the address of a one-time link, and in the `state` that a provider brings back: where to look, and the proof. */
export interface LinkToken {
  readonly tenantId: TenantId;
  readonly linkId: AuthenticationLinkId;
  /** 32 random bytes, base64url. Only its hash is kept. */
  readonly secret: string;
}

const UUID_BYTES = 16;
const SECRET_BYTES = 32;
const TOKEN_BYTES = 2 * UUID_BYTES + SECRET_BYTES;

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

const uuidOf = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** 86 characters of base64url. */
export const writeLinkToken = ({ tenantId, linkId, secret }: LinkToken): string =>
  Buffer.concat([bytesOf(tenantId), bytesOf(linkId), Buffer.from(secret, 'base64url')]).toString('base64url');

/** Null: no such text was ever made by {@link writeLinkToken}. */
export function readLinkToken(text: string): LinkToken | null {
  if (!/^[A-Za-z0-9_-]{86}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== TOKEN_BYTES || bytes.toString('base64url') !== text) return null;
  return {
    tenantId: uuidOf(bytes.subarray(0, UUID_BYTES)) as TenantId,
    linkId: uuidOf(bytes.subarray(UUID_BYTES, 2 * UUID_BYTES)) as AuthenticationLinkId,
    secret: bytes.subarray(2 * UUID_BYTES).toString('base64url'),
  };
}
