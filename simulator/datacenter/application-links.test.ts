import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { sessionCookie } from '../simulated-site.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { userNamed } from './people.ts';

const PATH = '/plugins/servlet/applinks/listApplicationLinks';

let simulator: Simulator;
let site: DataCenterSite;
beforeAll(async () => {
  simulator = await startSimulator({ dataCenter: { initech: {} } });
  if (simulator.dataCenter.initech === undefined) throw new Error('It was asked for');
  site = simulator.dataCenter.initech;
});
afterAll(() => simulator.close());
beforeEach(() => {
  site.access.links.clear();
  site.access.consumers.clear();
});

const cookieOf = (name: string): string => `${sessionCookie(site.heart)}=${userNamed(site.heart, name)?.accountId ?? ''}`;
const get = (name = 'bkovacs') => request(site.url).get(PATH).set('Cookie', cookieOf(name));
const post = (fields: object, name = 'bkovacs') =>
  request(site.url).post(PATH).set('Cookie', cookieOf(name)).type('form').send(fields);

const LINK = { do: 'oauth2', name: 'Tandem <1>', redirectUri: 'http://localhost:3000/callback', scope: 'READ' };
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const pem = key.export({ type: 'spki', format: 'pem' }).toString();
const CONSUMER = { do: 'oauth1', consumerName: 'Tandem', consumerKey: 'tandem', publicKey: pem, callbackUrl: '' };

describe('the page of application links', () => {
  it('is for administrators alone', async () => {
    const stranger = await request(site.url).get(PATH).redirects(0);
    expect([stranger.status, stranger.headers['location']]).toEqual([
      302,
      `${site.url}/login.jsp?os_destination=${encodeURIComponent(PATH)}`,
    ]);
    expect((await get('mwright')).status).toBe(403);
    expect((await post(LINK, 'mwright')).status).toBe(403);
    expect((await request(site.url).post(PATH).type('form').send(LINK)).status).toBe(403);
    expect(site.access.links.size).toBe(0);
  });

  it('gives a new client its id and its secret, the secret once', async () => {
    const made = await post(LINK);
    const [link] = site.access.links.values();
    if (link === undefined) throw new Error('Nothing was made');
    expect(link).toMatchObject({ name: 'Tandem <1>', redirectUris: [LINK.redirectUri], scope: 'READ' });
    expect([made.status, made.headers['cache-control']]).toEqual([201, 'no-store']);
    expect(made.text).toContain(link.clientSecret);
    const { text } = await get();
    expect(text).toContain(link.clientId);
    expect(text).toContain('Tandem &lt;1&gt;');
    expect(text).not.toContain(link.clientSecret);
  });

  it.each([
    ['the whole PEM', pem],
    ['its base64 alone', pem.replaceAll(/-----.*-----|\n/g, '')],
  ])('registers a consumer by %s', async (_form, publicKey) => {
    expect((await post({ ...CONSUMER, publicKey }).redirects(0)).status).toBe(303);
    expect([...site.access.consumers.values()]).toEqual([{ key: 'tandem', name: 'Tandem', publicKey: pem, callbackUrl: null }]);
    expect((await get()).text).toContain('tandem');
  });

  it.each([
    ['a link without a name', { ...LINK, name: ' ' }, 'The name is missing.'],
    ['a link to no address', { ...LINK, redirectUri: 'callback' }, 'The address must be whole'],
    ['a link to a script', { ...LINK, redirectUri: 'javascript:alert(1)' }, 'The address must be whole'],
    ['a consumer without a key of its own', { ...CONSUMER, consumerKey: '' }, 'The consumer key is missing.'],
    ['a consumer whose public key is none', { ...CONSUMER, publicKey: 'secret' }, 'The public key must be an RSA key'],
  ])('refuses %s and keeps what was typed', async (_what, fields, problem) => {
    const answer = await post(fields);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(problem);
    expect(answer.text).toContain(fields.do === 'oauth1' ? 'value="Tandem"' : 'value="READ" selected');
    expect(site.access.links.size + site.access.consumers.size).toBe(0);
  });

  it('does not put one consumer in place of another', async () => {
    await post(CONSUMER);
    expect((await post({ ...CONSUMER, consumerName: 'Other' })).text).toContain('has this consumer key already');
    expect(site.access.consumers.get('tandem')?.name).toBe('Tandem');
  });

  it('removes a link', async () => {
    await post(LINK);
    await post(CONSUMER);
    await post({ do: 'remove', client: [...site.access.links.keys()][0] });
    expect([site.access.links.size, site.access.consumers.size]).toEqual([0, 1]);
  });
});
