import { createVerify } from 'node:crypto';

/** OAuth 1.0a as RFC 5849 has it, with RSA-SHA1 alone: the method that Jira's application links take. */

/** Percent-encoding of RFC 5849 §3.6. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

export type Pair = readonly [name: string, value: string];

/** The parameters of an `Authorization: OAuth …` header, decoded; empty for any other header. */
export function readOAuthHeader(header: string | undefined): readonly Pair[] {
  if (header === undefined || !/^OAuth\s/i.test(header)) return [];
  return [...header.slice(6).matchAll(/([\w.~-]+)="([^"]*)"/g)]
    .map(([, name, value]): Pair => [decode(name ?? ''), decode(value ?? '')])
    .filter(([name]) => name !== 'realm');
}

const decode = (text: string): string => (/%(?![0-9a-f]{2})/i.test(text) ? text : decodeURIComponent(text));

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/**
 * The signature base string of RFC 5849 §3.4.1. `url`: whole, with the context path, as the client called it; its query counts
 * among the parameters, as do those of a form body.
 */
export function signatureBase(method: string, url: string, pairs: readonly Pair[]): string {
  const { protocol, host, pathname, searchParams } = new URL(url);
  const all: Pair[] = [...pairs.filter(([name]) => name !== 'oauth_signature'), ...searchParams];
  const normalized = all
    .map(([name, value]): Pair => [percentEncode(name), percentEncode(value)])
    .sort((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return [method.toUpperCase(), `${protocol}//${host}${pathname}`, normalized].map(percentEncode).join('&');
}

/** Whether the owner of a public key signed that text by RSA-SHA1. `signature` in base64. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const verify = createVerify('RSA-SHA1');
  verify.update(text);
  return verify.verify(publicKey, signature, 'base64');
}
