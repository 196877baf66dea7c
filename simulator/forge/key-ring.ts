import { createPublicKey } from 'node:crypto';
import jwt from 'atlassian-jwt';
import { makeInstallKey } from '../connect/key-server.ts';
import type { InstallKey } from '../connect/sign.ts';
import type { Random } from '../heart/random.ts';

/** The keys of the simulated Forge platform: one signs, older ones are still published, so that their tokens stay good. */
export interface KeyRing {
  /** The document behind `/.well-known/jwks.json`. */
  jwks(): { readonly keys: readonly Record<string, unknown>[] };
  /** From now on a new key signs. `forget`: the old ones are no longer published, as after a leak. */
  rotate(options?: { readonly forget: boolean }): void;
  /** RS256, with the newest key's id in the header. */
  sign(claims: Readonly<Record<string, unknown>>): string;
  /** The claims of a token that a published key signed, or null. Says nothing of its time. */
  read(token: string): Readonly<Record<string, unknown>> | null;
}

const published = ({ kid, publicKey }: InstallKey): Record<string, unknown> => ({
  ...createPublicKey(publicKey).export({ format: 'jwk' }),
  kid,
  use: 'sig',
  alg: 'RS256',
});

const RS256 = jwt.AsymmetricAlgorithm.RS256;

export function createKeyRing(random: Random): KeyRing {
  // Made when first needed: an RSA key takes longer than all the rest of a start.
  let made: readonly InstallKey[] = [];
  const keys = (): readonly InstallKey[] => {
    if (made.length === 0) made = [makeInstallKey(random)];
    return made;
  };
  const opened = (token: string, key: InstallKey): Readonly<Record<string, unknown>> | null => {
    try {
      return jwt.decodeAsymmetric(token, key.publicKey, RS256) as Readonly<Record<string, unknown>>;
    } catch (error) {
      // The library throws for a token that this key did not sign.
      if (error instanceof Error) return null;
      throw error;
    }
  };
  return {
    jwks: () => ({ keys: keys().map(published) }),
    rotate: (options) => {
      const old = options?.forget === true ? [] : keys();
      made = [makeInstallKey(random), ...old];
    },
    sign: (claims) => {
      const [newest] = keys();
      if (newest === undefined) throw new Error('A key ring always has a key');
      return jwt.encodeAsymmetric(claims, newest.privateKey, RS256, { kid: newest.kid });
    },
    read: (token) =>
      keys()
        .map((key) => opened(token, key))
        .find((claims) => claims !== null) ?? null,
  };
}
