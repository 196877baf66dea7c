import request, { type Response } from 'supertest';
import type { AuthenticationLink, Connection } from '../../app/contract/connections.ts';
import type { ConsentAnswer } from '../../app/sync/authentication-ports.ts';
import { consentAtAtlassian, consentAtDataCenter, control } from '../remote-sites.ts';
import { type Answered, type AttackWorld, answeredOf } from './attack-world.ts';

/** A browser of somebody who consents, or who attacks: cookies, and no redirects followed. */
export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string): Promise<Answered>;
  post(path: string, fields: object, headers?: Readonly<Record<string, string>>): Promise<Answered>;
}

export function openBrowser({ url }: Pick<AttackWorld, 'url'>): Browser {
  const cookies = new Map<string, string>();
  const keep = (response: Response): Answered => {
    for (const text of response.get('Set-Cookie') ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      cookies.set(name, value);
    }
    return answeredOf(response);
  };
  const held = (): string => [...cookies].map((pair) => pair.join('=')).join('; ');
  return {
    cookies,
    get: async (path) => keep(await request(url).get(path).set('Cookie', held()).redirects(0)),
    post: async (path, fields, headers = {}) =>
      keep(await request(url).post(path).set('Cookie', held()).type('form').set(headers).send(fields).redirects(0)),
  };
}

export type ConsentKind = 'oauth2-data-center' | 'oauth1' | 'oauth2-cloud';

/** A connection of acme that waits for somebody's consent. */
export async function awaiting({ acme, globex, initech, umbrella, url }: AttackWorld, kind: ConsentKind): Promise<Connection> {
  const callback = `${url}/oauth/callback`;
  if (kind === 'oauth2-cloud') return acme.page('POST', '/connections', { kind, siteUrl: globex.site.url });
  if (kind === 'oauth2-data-center') {
    const wanted = { name: 'Tandem', redirectUris: [callback], scope: 'ADMIN' };
    const { clientId, clientSecret } = await control(`${initech.url}/__sim/links/oauth2`, wanted);
    const applicationLink = { name: 'Tandem', clientId, clientSecret, scope: 'ADMIN' };
    return acme.page('POST', '/connections', { kind, siteUrl: initech.url, applicationLink });
  }
  const made = await acme.page<Connection>('POST', '/connections', { kind, siteUrl: umbrella.url });
  const { clientId: consumerKey, publicKey } = made.applicationLink ?? {};
  await control(`${umbrella.url}/__sim/links/oauth1`, { name: 'Tandem', consumerKey, publicKey, callbackUrl: callback });
  return made;
}

/** The path of a one-time link. */
export async function linkOf(
  { acme }: AttackWorld,
  { connectionId }: Pick<Connection, 'connectionId'>,
  madeFor: 'me' | 'somebody' = 'somebody',
): Promise<string> {
  const made = await acme.page<AuthenticationLink>('POST', `/connections/${connectionId}/authentication-links`, { for: madeFor });
  return new URL(made.url).pathname;
}

export const seenIn = ({ text }: Answered): string => /name="seen" value="([^"]+)"/.exec(text)?.[1] ?? '';

/** Opens the link and presses the button; where the browser is led. */
export async function press(person: Browser, path: string): Promise<string> {
  const sent = await person.post(path, { seen: seenIn(await person.get(path)) });
  if (sent.status !== 200) throw new Error(`The button was answered ${sent.status} ${sent.code}.`);
  return (sent.headers['refresh'] ?? '').replace('0; url=', '');
}

export function callbackOf({ answer, state }: { answer: ConsentAnswer; state: string | null }): string {
  const { code, error, requestToken, verifier } = answer;
  const said = { state, code, error, oauth_token: requestToken, oauth_verifier: verifier };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(said)) if (value !== null) query.set(name, value);
  return `/oauth/callback?${query.toString()}`;
}

/** Somebody says yes at the site: the path on which the site sends the browser back. */
export async function consentTo(world: AttackWorld, kind: ConsentKind, url: string): Promise<string> {
  if (kind === 'oauth2-cloud') return callbackOf(await consentAtAtlassian(world.world, url, 'globex'));
  return kind === 'oauth1'
    ? callbackOf(await consentAtDataCenter(world.umbrella, url, 'rcosta'))
    : callbackOf(await consentAtDataCenter(world.initech, url, 'lduarte'));
}

export const withParameter = (path: string, name: string, value: string): string => {
  const url = new URL(path, 'http://localhost');
  url.searchParams.set(name, value);
  return `${url.pathname}${url.search}`;
};

export const parameterOf = (path: string, name: string): string => new URL(path, 'http://localhost').searchParams.get(name) ?? '';
