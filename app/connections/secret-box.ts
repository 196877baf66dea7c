import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Result } from '../core/failure.ts';
import { fail, succeed } from '../core/failure.ts';
import type { TenantId } from '../core/ids.ts';

/** Seals small secrets for the database. A sealed text opens only for the tenant it was sealed for. */
export interface SecretBox {
  seal(tenantId: TenantId, secret: string): string;
  /**
   * `unknown-key`: sealed with a master key we no longer have. `not-ours`: not our form, altered, or sealed for another
   * tenant; which of these cannot be told.
   */
  open(tenantId: TenantId, sealed: string): Result<string, 'unknown-key' | 'not-ours'>;
}

/** Form: `v1.<key id>.<base64url of nonce, ciphertext, tag>`. */
const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/;

/** Names a key without telling anything about it. */
const keyIdOf = (key: Buffer): string => createHash('sha256').update('tandem/key-id/').update(key).digest('hex').slice(0, 8);

const additionalData = (keyId: string, tenantId: TenantId): Buffer => Buffer.from(`tandem/${VERSION}/${keyId}/${tenantId}`);

const openWith = (key: KeyObject, keyId: string, tenantId: TenantId, packed: Buffer): Result<string, 'not-ours'> => {
  if (packed.length < NONCE_BYTES + TAG_BYTES) return fail('not-ours');
  const decipher = createDecipheriv('aes-256-gcm', key, packed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(keyId, tenantId));
  decipher.setAuthTag(packed.subarray(packed.length - TAG_BYTES));
  const start = decipher.update(packed.subarray(NONCE_BYTES, packed.length - TAG_BYTES));
  try {
    return succeed(Buffer.concat([start, decipher.final()]).toString('utf8'));
  } catch {
    // `final` throws for one reason only: the tag does not match.
    return fail('not-ours');
  }
};

/** AES-256-GCM. Keys are 32 bytes: `current` seals, `current` and `older` open. */
export const createSecretBox = (keys: { current: Buffer; older: readonly Buffer[] }): SecretBox => {
  const currentId = keyIdOf(keys.current);
  const current = createSecretKey(keys.current);
  const byId = new Map([...keys.older, keys.current].map((key) => [keyIdOf(key), createSecretKey(key)]));
  return {
    seal(tenantId, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(additionalData(currentId, tenantId));
      const packed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${currentId}.${packed.toString('base64url')}`;
    },
    open(tenantId, sealed) {
      const [, keyId, packed] = SEALED.exec(sealed) ?? [];
      if (keyId === undefined || packed === undefined) return fail('not-ours');
      const key = byId.get(keyId);
      return key === undefined ? fail('unknown-key') : openWith(key, keyId, tenantId, Buffer.from(packed, 'base64url'));
    },
  };
};
