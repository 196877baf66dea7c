import { createHmac, KeyObject, timingSafeEqual, verify, type webcrypto } from 'node:crypto';

type Subtle = webcrypto.SubtleCrypto;
type Verify = Subtle['verify'];

const bytesOf = (source: Parameters<Verify>[2]): Buffer =>
  ArrayBuffer.isView(source) ? Buffer.from(source.buffer, source.byteOffset, source.byteLength) : Buffer.from(source);

const verifyNow: Verify = async (_algorithm, key, signature, data) => {
  const [object, given, signed] = [KeyObject.from(key), bytesOf(signature), bytesOf(data)];
  if (object.type !== 'secret') return verify('sha256', signed, object, given);
  const made = createHmac('sha256', object).update(signed).digest();
  return made.length === given.length && timingSafeEqual(made, given);
};

type RawImport = [
  format: 'raw',
  data: webcrypto.BufferSource,
  algorithm: 'PBKDF2' | webcrypto.HmacImportParams,
  extractable: boolean,
  usages: webcrypto.KeyUsage[],
];

let isDone = false;

/**
 * The machine checks signatures in threads of its own, which end in an order and at a time that no seed decides, and which virtual
 * time does not wait for. In this process they are checked on the spot from now on: the same answers, HS256 and RS256 alone.
 */
export function checkSignaturesOnTheSpot(): void {
  if (isDone) return;
  isDone = true;
  const { subtle }: { subtle: Subtle } = globalThis.crypto;
  const importKey = subtle.importKey.bind(subtle);
  // What is checked on the spot has to be taken out of its key; other kinds of keys may not be (those of the database's passwords).
  const importOpen = (...[format, data, algorithm, extractable, usages]: RawImport) =>
    importKey(format, data, algorithm, typeof algorithm === 'object' || extractable, usages);
  Object.defineProperty(subtle, 'importKey', { value: importOpen, configurable: true });
  Object.defineProperty(subtle, 'verify', { value: verifyNow, configurable: true });
}
