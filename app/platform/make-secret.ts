import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Makes a secret nobody can guess: 32 random bytes as base64url, 43 characters. Taken as an argument so that tests can count. */
export type MakeSecret = () => string;

const SECRET_BYTES = 32;

export const makeRandomSecret: MakeSecret = () => randomBytes(SECRET_BYTES).toString('base64url');

/**
 * What is kept of a secret that comes back to us later: SHA-256, base64url. Good for what {@link makeRandomSecret} made, which has too
 * many values to try; never for what people choose.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Whether that is the hash of that secret. Takes the same time whatever is wrong. */
export function isHashOf(hash: string, secret: string): boolean {
  const [kept, shown] = [Buffer.from(hash), Buffer.from(hashSecret(secret))];
  return kept.length === shown.length && timingSafeEqual(kept, shown);
}
