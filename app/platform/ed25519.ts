import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, sign, verify } from 'node:crypto';

/** A raw Ed25519 key, 32 bytes as base64url: 43 characters. */
export const ED25519_KEY = /^[A-Za-z0-9_-]{43}$/;

const publicJwk = (publicKey: string): JsonWebKey => ({ kty: 'OKP', crv: 'Ed25519', x: publicKey });

/** Checks base64url signatures by the owner of that key. Throws for a text that is no key; a signature of any form is just wrong. */
export function createEd25519Check(publicKey: string): (text: string, signature: string) => boolean {
  const key = createPublicKey({ key: publicJwk(publicKey), format: 'jwk' });
  return (text, signature) => verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}

/** Both halves as base64url. */
export interface Ed25519Pair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A new pair of keys, its halves as base64url. */
export function makeEd25519Pair(): Ed25519Pair {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { publicKey: x, privateKey: d };
}

/** The signature of that text, base64url. */
export function signEd25519({ publicKey, privateKey }: Ed25519Pair, text: string): string {
  const key = createPrivateKey({ key: { ...publicJwk(publicKey), d: privateKey }, format: 'jwk' });
  return sign(null, Buffer.from(text), key).toString('base64url');
}
