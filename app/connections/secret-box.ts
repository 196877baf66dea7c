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

/** Brings sealed texts under the current master key. */
export interface Resealer {
  /** The id of the master key that sealed it, whether we have that key or not; null: it is no sealed text. */
  keyIdOf(sealed: string): string | null;
  readonly currentKeyId: string;
  /** What every text begins with that is sealed with the current master key in today's form. */
  readonly currentPrefix: string;
  /** The same secret under the current master key, in today's form; what is so already comes back as it is. */
  reseal(tenantId: TenantId, sealed: string): Result<string, 'unknown-key' | 'not-ours'>;
}

/*
 * Two forms (docs/adr/0012):
 *   v1.<key id>.<text>                       until 0.1: the text under the master key itself
 *   v2.<key id>.<wrapped data key>.<text>    the text under a data key, and that one under the master key
 * each part as base64url of nonce, ciphertext, tag. The key id names the master key.
 */
const OLD_FORM = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/;
const FORM = /^v2\.([0-9a-f]{8})\.([A-Za-z0-9_-]{80})\.([A-Za-z0-9_-]+)$/;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;
/** Far below the 2^32 texts with random nonces that NIST SP 800-38D allows a key, and far above what makes wrapping noticeable. */
const MOST_SEALED = 2 ** 20;
/** Tenants at work at the same time in one process, and data keys of theirs that are met; a miss costs one small decryption. */
const MOST_KEPT = 10_000;

/** Names a key without telling anything about it. */
export const keyIdOf = (key: Buffer): string =>
  createHash('sha256').update('tandem/key-id/').update(key).digest('hex').slice(0, 8);

/** What a text is bound to. The master key's id is bound to the data key alone, so that a new master key leaves texts as they are. */
const boundTo = {
  oldText: (keyId: string, tenantId: TenantId): string => `tandem/v1/${keyId}/${tenantId}`,
  dataKey: (keyId: string, tenantId: TenantId): string => `tandem/v2/data-key/${keyId}/${tenantId}`,
  text: (tenantId: TenantId): string => `tandem/v2/text/${tenantId}`,
};

function encrypt(key: KeyObject, binding: string, plain: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(binding));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function decrypt(key: KeyObject, binding: string, text: string): Result<Buffer, 'not-ours'> {
  const packed = Buffer.from(text, 'base64url');
  if (packed.length < NONCE_BYTES + TAG_BYTES) return fail('not-ours');
  const decipher = createDecipheriv('aes-256-gcm', key, packed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(binding));
  decipher.setAuthTag(packed.subarray(packed.length - TAG_BYTES));
  const start = decipher.update(packed.subarray(NONCE_BYTES, packed.length - TAG_BYTES));
  try {
    return succeed(Buffer.concat([start, decipher.final()]));
  } catch {
    // `final` throws for one reason only: the tag does not match.
    return fail('not-ours');
  }
}

/** A map that forgets what it has held longest. */
function createShelf<Value>(): { get(name: string): Value | undefined; put(name: string, value: Value): void } {
  const kept = new Map<string, Value>();
  return {
    get: (name) => kept.get(name),
    put(name, value) {
      const oldest = kept.keys().next();
      if (kept.size >= MOST_KEPT && oldest.done !== true) kept.delete(oldest.value);
      kept.set(name, value);
    },
  };
}

interface MasterKeys {
  readonly current: KeyObject;
  readonly currentId: string;
  readonly byId: ReadonlyMap<string, KeyObject>;
}

/** Data keys that came with sealed texts, out of their wrapping. */
function createUnwrapping({ byId }: MasterKeys) {
  const opened = createShelf<KeyObject>();
  return (tenantId: TenantId, keyId: string, wrapped: string): Result<KeyObject, 'unknown-key' | 'not-ours'> => {
    const name = `${tenantId}/${keyId}/${wrapped}`;
    const known = opened.get(name);
    if (known !== undefined) return succeed(known);
    const master = byId.get(keyId);
    if (master === undefined) return fail('unknown-key');
    const key = decrypt(master, boundTo.dataKey(keyId, tenantId), wrapped);
    if (!key.ok) return key;
    const dataKey = createSecretKey(key.value);
    opened.put(name, dataKey);
    return succeed(dataKey);
  };
}

/** A data key of our own for each tenant, made here and known to no other process; others find it with each text. */
function createDataKeys({ current, currentId }: MasterKeys) {
  const own = createShelf<{ readonly key: KeyObject; readonly wrapped: string; sealed: number }>();
  return (tenantId: TenantId): { readonly key: KeyObject; readonly wrapped: string } => {
    const known = own.get(tenantId);
    if (known !== undefined && known.sealed < MOST_SEALED) {
      known.sealed += 1;
      return known;
    }
    const bytes = randomBytes(DATA_KEY_BYTES);
    const wrapped = encrypt(current, boundTo.dataKey(currentId, tenantId), bytes);
    const made = { key: createSecretKey(bytes), wrapped, sealed: 1 };
    own.put(tenantId, made);
    return made;
  };
}

/**
 * Envelope encryption with AES-256-GCM. Master keys are 32 bytes: `current` wraps, all open. `next` will be the current one soon:
 * other processes may use it already.
 */
export function createSecretBox(keys: { current: Buffer; older: readonly Buffer[]; next?: Buffer | null }): SecretBox & Resealer {
  const all = [...keys.older, ...(keys.next ? [keys.next] : []), keys.current];
  const masters: MasterKeys = {
    current: createSecretKey(keys.current),
    currentId: keyIdOf(keys.current),
    byId: new Map(all.map((key) => [keyIdOf(key), createSecretKey(key)])),
  };
  const dataKeyOf = createDataKeys(masters);
  const unwrap = createUnwrapping(masters);
  const seal = (tenantId: TenantId, secret: string): string => {
    const { key, wrapped } = dataKeyOf(tenantId);
    return `v2.${masters.currentId}.${wrapped}.${encrypt(key, boundTo.text(tenantId), Buffer.from(secret))}`;
  };
  const open = (tenantId: TenantId, sealed: string): Result<string, 'unknown-key' | 'not-ours'> => {
    const [, keyId, wrapped, text] = FORM.exec(sealed) ?? [];
    if (keyId === undefined || wrapped === undefined || text === undefined) return openOld(masters, tenantId, sealed);
    const key = unwrap(tenantId, keyId, wrapped);
    const plain = key.ok ? decrypt(key.value, boundTo.text(tenantId), text) : key;
    return plain.ok ? succeed(plain.value.toString('utf8')) : plain;
  };
  return {
    seal,
    open,
    keyIdOf: (sealed) => (FORM.exec(sealed) ?? OLD_FORM.exec(sealed))?.[1] ?? null,
    currentKeyId: masters.currentId,
    currentPrefix: `v2.${masters.currentId}.`,
    reseal(tenantId, sealed) {
      const form = FORM.exec(sealed);
      if (form !== null) return rewrap(masters, tenantId, sealed, form);
      const opened = open(tenantId, sealed);
      return opened.ok ? succeed(seal(tenantId, opened.value)) : opened;
    },
  };
}

function openOld({ byId }: MasterKeys, tenantId: TenantId, sealed: string): Result<string, 'unknown-key' | 'not-ours'> {
  const [, keyId, text] = OLD_FORM.exec(sealed) ?? [];
  if (keyId === undefined || text === undefined) return fail('not-ours');
  const key = byId.get(keyId);
  if (key === undefined) return fail('unknown-key');
  const plain = decrypt(key, boundTo.oldText(keyId, tenantId), text);
  return plain.ok ? succeed(plain.value.toString('utf8')) : plain;
}

/** Only the data key is opened; the text is carried over unread. */
function rewrap(
  { byId, current, currentId }: MasterKeys,
  tenantId: TenantId,
  sealed: string,
  [, keyId = '', wrapped = '', text = '']: RegExpExecArray,
): Result<string, 'unknown-key' | 'not-ours'> {
  if (keyId === currentId) return succeed(sealed);
  const master = byId.get(keyId);
  if (master === undefined) return fail('unknown-key');
  const bytes = decrypt(master, boundTo.dataKey(keyId, tenantId), wrapped);
  return bytes.ok
    ? succeed(`v2.${currentId}.${encrypt(current, boundTo.dataKey(currentId, tenantId), bytes.value)}.${text}`)
    : bytes;
}
