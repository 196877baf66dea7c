import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { DATA_CENTER_SCOPES, type OAuth1Consumer, type OAuthLink } from '../identity/data-center-access.ts';
import type { DataCenterSite } from './data-center-site.ts';

/** Incoming application links: what an administrator types in, and what the site then knows. */

/** Jira takes the bare base64 of a key as well as a whole PEM. Null: neither is there. */
function readPublicKey(text: string): string | null {
  const trimmed = text.trim();
  const pem = trimmed.startsWith('-----') ? trimmed : `-----BEGIN PUBLIC KEY-----\n${trimmed}\n-----END PUBLIC KEY-----`;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key.export({ type: 'spki', format: 'pem' }).toString() : null;
  } catch {
    // Node tells of what is no key by throwing alone.
    return null;
  }
}

const publicKey = z.string().transform((text, context) => {
  const key = readPublicKey(text);
  if (key !== null) return key;
  context.addIssue({ code: 'custom', message: 'The public key must be an RSA key, as PEM or in base64.' });
  return z.NEVER;
});

const webAddress = z.url({
  protocol: /^https?$/,
  error: 'The address must be whole, with http:// or https:// at its beginning.',
});
const name = z.string().trim().min(1, 'The name is missing.');

export const newOAuth2Link = z.strictObject({
  name,
  redirectUris: z.array(webAddress).min(1),
  scope: z.enum(DATA_CENTER_SCOPES).default('WRITE'),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
});

export const newOAuth1Consumer = z.strictObject({
  name,
  consumerKey: z.string().trim().min(1, 'The consumer key is missing.'),
  publicKey,
  callbackUrl: webAddress.nullable().default(null),
});

/** Registers an OAuth 2.0 client; draws id and secret unless they are given. */
export function addOAuth2Link({ heart, access }: DataCenterSite, given: z.infer<typeof newOAuth2Link>): OAuthLink {
  const { clientId, clientSecret, ...rest } = given;
  const link = { ...rest, clientId: clientId ?? heart.random.hex(32), clientSecret: clientSecret ?? heart.random.hex(64) };
  access.links.set(link.clientId, link);
  return link;
}

/** Registers an OAuth 1.0a consumer, or puts another in place of the one with its key. */
export function addOAuth1Consumer({ access }: DataCenterSite, given: z.infer<typeof newOAuth1Consumer>): OAuth1Consumer {
  const { consumerKey, ...rest } = given;
  const consumer = { ...rest, key: consumerKey };
  access.consumers.set(consumerKey, consumer);
  return consumer;
}

/** Takes a link away with all that was granted through it. `client`: client id or consumer key. False: there is none. */
export function removeLink({ access }: DataCenterSite, client: string): boolean {
  for (const [id, grant] of access.grants) if (grant.clientId === client) access.grants.delete(id);
  for (const [id, token] of access.oauth1Tokens) if (token.consumerKey === client) access.oauth1Tokens.delete(id);
  return [access.links.delete(client), access.consumers.delete(client)].includes(true);
}
