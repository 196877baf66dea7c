import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { RemoteConnection } from '../sync/connection-ports.ts';

/** What a delivery of a remote site shows besides its address. Every line of a header, in order. */
export interface PresentedDelivery {
  readonly authorizations: readonly string[];
  readonly signatures: readonly string[];
  /** The body as it came. */
  readonly raw: Buffer;
}

export interface DeliverySecrets {
  /** What the webhook was registered with. */
  readonly webhook: string;
  /** Of Tandem's app at Atlassian; null where none is set up. */
  readonly client: string | null;
}

/** Why a delivery is not believed. For the audit log; its sender learns nothing of it. */
export type DeliveryRefusal =
  | 'proof-missing'
  | 'proof-ambiguous'
  | 'token-malformed'
  | 'token-algorithm'
  | 'token-signature'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'signature-malformed'
  | 'signature-wrong';

/** How far clocks may be apart. */
const SKEW_SECONDS = 30;
/** Jira's are a few hundred bytes. */
const LONGEST_TOKEN = 8192;
/** Data Center signs since 10.0. */
const SIGNS_SINCE = 10;

/**
 * What a delivery has to prove besides its address, which nobody can guess:
 *
 * | connection                | proof |
 * |---|---|
 * | OAuth 2.0 of Cloud        | a bearer token of HS256 by the client secret (dynamic webhooks), or the signature of an administrator's webhook |
 * | any other of Cloud        | `X-Hub-Signature` |
 * | Data Center since 10.0    | `X-Hub-Signature` |
 * | Data Center before 10.0   | none: it knows none |
 *
 * A webhook that a site has kept from before its upgrade stays unsigned until it is registered anew.
 */
const needsProof = ({ product, version, webhook }: RemoteConnection): boolean => {
  if (product === 'cloud') return true;
  return webhook.kind === 'registered' ? webhook.isProven : Number.parseInt(version ?? '', 10) >= SIGNS_SINCE;
};

/** Whether a delivery to the address of that connection is from its site. Pure; `now` in epoch milliseconds. */
export function verifyDelivery(
  connection: RemoteConnection,
  presented: PresentedDelivery,
  secrets: DeliverySecrets,
  now: number,
): Result<null, DeliveryRefusal> {
  const { authorizations, signatures, raw } = presented;
  if (!needsProof(connection)) return succeed(null);
  const takesToken = connection.kind === 'oauth2-cloud' && secrets.client !== null && signatures.length === 0;
  const [proof, ...more] = takesToken ? authorizations : signatures;
  if (proof === undefined) return fail('proof-missing');
  if (more.length > 0) return fail('proof-ambiguous');
  return takesToken && secrets.client !== null
    ? verifyToken(proof, secrets.client, now)
    : verifySignature(proof, secrets.webhook, raw);
}

const isMac = (given: Buffer, secret: string, signed: string | Buffer): boolean => {
  const right = createHmac('sha256', secret).update(signed).digest();
  return given.length === right.length && timingSafeEqual(given, right);
};

/** As in WebSub: the method by name, then hexadecimal digits. */
function verifySignature(header: string, secret: string, raw: Buffer): Result<null, DeliveryRefusal> {
  const [, digits] = /^sha256=([0-9a-f]{64})$/i.exec(header.trim()) ?? [];
  if (digits === undefined) return fail('signature-malformed');
  return isMac(Buffer.from(digits, 'hex'), secret, raw) ? succeed(null) : fail('signature-wrong');
}

const tokenHeader = z.object({ alg: z.string(), crit: z.undefined().optional() });
const tokenClaims = z.object({ exp: z.number(), nbf: z.number().optional(), iat: z.number().optional() });

/** Signature before claims. Atlassian does not document an issuer or audience for these, so neither is asked for. */
function verifyToken(authorization: string, secret: string, now: number): Result<null, DeliveryRefusal> {
  const [, token = ''] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  if (token.length > LONGEST_TOKEN || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return fail('token-malformed');
  const [header = '', payload = '', signature = ''] = token.split('.');
  const read = tokenHeader.safeParse(parsePart(header));
  if (!read.success) return fail('token-malformed');
  if (read.data.alg !== 'HS256') return fail('token-algorithm');
  if (!isMac(Buffer.from(signature, 'base64url'), secret, `${header}.${payload}`)) return fail('token-signature');
  const claims = tokenClaims.safeParse(parsePart(payload));
  return claims.success ? judgeTimes(claims.data, now / 1000) : fail('token-malformed');
}

function judgeTimes({ exp, nbf, iat }: z.output<typeof tokenClaims>, now: number): Result<null, DeliveryRefusal> {
  if (now >= exp + SKEW_SECONDS) return fail('token-expired');
  return Math.max(nbf ?? 0, iat ?? 0) > now + SKEW_SECONDS ? fail('token-not-yet-valid') : succeed(null);
}

const parsePart = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
};
