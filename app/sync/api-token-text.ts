import type { TenantId } from '../core/ids.ts';

/**
 * What a program shows: `tandem_`, the ids of tenant and token as 64 hexadecimal digits, `_`, and the secret. The word in front and the
 * fixed shape let scanners of repositories find one that was published; the tenant is in it so that one row of one tenant is read.
 */
export interface ApiTokenText {
  readonly tenantId: TenantId;
  readonly tokenId: string;
  /** 32 random bytes, base64url. Only its hash is kept. */
  readonly secret: string;
}

/** What every API token begins with, so that scanners of repositories can look for it. */
export const API_TOKEN_START = 'tandem_';

const SHAPE = /^tandem_([0-9a-f]{32})([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

const digitsOf = (uuid: string): string => uuid.replaceAll('-', '').toLowerCase();
const uuidOf = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The text that a program shows: `tandem_`, tenant and token, then the secret. */
export const writeApiToken = ({ tenantId, tokenId, secret }: ApiTokenText): string =>
  `${API_TOKEN_START}${digitsOf(tenantId)}${digitsOf(tokenId)}_${secret}`;

/** Null: no such text was ever made by {@link writeApiToken}. */
export function readApiToken(text: string): ApiTokenText | null {
  const [, tenant, token, secret] = SHAPE.exec(text) ?? [];
  if (tenant === undefined || token === undefined || secret === undefined) return null;
  return { tenantId: uuidOf(tenant) as TenantId, tokenId: uuidOf(token), secret };
}
