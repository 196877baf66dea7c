import type { Connection } from '../../app/contract/connections.ts';
import type { SynchronizationDetail } from '../../app/contract/synchronizations.ts';
import { type Licence, signedTextOf } from '../../app/core/licence.ts';
import { makeEd25519Pair, signEd25519 } from '../../app/platform/ed25519.ts';
import { EVERYTHING } from '../../scripts/page-api.ts';
import type { Answered, Attack, AttackWorld, Call, Tenant } from './attack-world.ts';
import { awaiting, linkOf } from './consents.ts';

/** Bodies that say more than they may, name what is somebody else's, or are forged. */

const by = (world: AttackWorld, tenant: Tenant, call: Call): Promise<Answered> =>
  world.send({
    ...call,
    path: `/api/v1${call.path}`,
    headers: { authorization: `JWT ${tenant.contextToken()}`, ...call.headers },
  });

const asked = (title: string, answer: string, call: Call, noted = 'log'): Attack => ({
  title,
  answer,
  noted,
  carryOut: (world) => by(world, world.acme, call),
});

const SET_UP = { route: 'data-center' } as const;
const TOKEN = { name: 'mine', scopes: ['read'], expiresInDays: 1 } as const;
const SYNCHRONIZATION = {
  partner: { kind: 'same-site', projectKey: 'ENG' },
  name: 'Support and Engineering',
  description: '',
  content: EVERYTHING,
} as const;
const CONNECTION = { kind: 'personal-token', siteUrl: 'http://localhost:1', token: 'secret' } as const;

const more = (path: string, body: object, extra: object): Attack =>
  asked(`${path} with ${Object.keys(extra).join()}`, '400 body-invalid', { method: 'POST', path, body: { ...body, ...extra } });

/** The text is written by hand: `__proto__` in an object of ours would be its prototype. */
const raw = (path: string, body: object, extra: string): Attack =>
  asked(`${path} with ${extra}`, '400 body-invalid', {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body).replace(/\}$/, `,${extra}}`),
  });

const MORE_THAN_ASKED: readonly Attack[] = [
  more('/connections', CONNECTION, { tenantId: '00000000-0000-4000-8000-0000000000ff' }),
  more('/connections', CONNECTION, { state: 'working' }),
  more('/connections', CONNECTION, { apiUrl: 'http://169.254.169.254' }),
  more('/connections', CONNECTION, { createdBy: 'somebody' }),
  more('/connections/probe', { siteUrl: 'http://localhost:1' }, { redirect: true }),
  more('/set-ups', SET_UP, { createdBy: 'somebody' }),
  more('/set-ups', SET_UP, { tenantId: '00000000-0000-4000-8000-0000000000ff' }),
  more('/set-ups', SET_UP, { setUpId: '00000000-0000-4000-8000-0000000000ff' }),
  more('/synchronizations', SYNCHRONIZATION, { state: 'running' }),
  more('/synchronizations', SYNCHRONIZATION, { sides: {} }),
  more('/synchronizations', SYNCHRONIZATION, { request: { askedBy: 'somebody' } }),
  more('/tokens', TOKEN, { createdBy: 'somebody' }),
  more('/tokens', TOKEN, { tenantId: '00000000-0000-4000-8000-0000000000ff' }),
  ...[
    '"__proto__":{"siteAdmin":true}',
    '"constructor":{"prototype":{"siteAdmin":true}}',
    '"prototype":{}',
    '"toString":1',
  ].flatMap((extra) => [
    raw('/tokens', TOKEN, extra),
    raw('/set-ups', SET_UP, extra),
    raw('/synchronizations', SYNCHRONIZATION, extra),
    raw('/connections', CONNECTION, extra),
  ]),
  asked('a list in place of an object', '400 body-invalid', { method: 'POST', path: '/tokens', body: [TOKEN] }),
  asked('a scope that does not exist', '400 body-invalid', {
    method: 'POST',
    path: '/tokens',
    body: { ...TOKEN, scopes: ['admin'] },
  }),
];

const ZERO = 'a\u0000b';
const UNSTORABLE: readonly Attack[] = (
  [
    ['POST', '/tokens', { ...TOKEN, name: ZERO }],
    ['POST', '/set-ups', { ...SET_UP, name: ZERO }],
    ['POST', '/set-ups', { ...SET_UP, description: 'a\u202eb' }],
    ['POST', '/set-ups', { ...SET_UP, partner: { projectKey: ZERO } }],
    ['POST', '/set-ups', { ...SET_UP, partner: { siteUrl: `https://jira.example/${ZERO}` } }],
    ['POST', '/synchronizations', { ...SYNCHRONIZATION, name: ZERO }],
    ['POST', '/synchronizations', { ...SYNCHRONIZATION, description: 'a\u001b[2J' }],
    ['POST', '/synchronizations/00000000-0000-4000-8000-0000000000ff/decline', { reason: ZERO }],
    ['PUT', '/settings', { configuringGroups: [ZERO] }],
  ] as const
).map(([method, path, body]) =>
  asked(`${method} ${path} with a character that cannot be shown in ${JSON.stringify(body).slice(0, 90)}`, '400 body-invalid', {
    method,
    path,
    body,
  }),
);

const requests = new WeakMap<AttackWorld, Promise<string>>();
const requestToGlobex = (world: AttackWorld): Promise<string> => {
  const request = requests.get(world) ?? sendRequest(world);
  requests.set(world, request);
  return request;
};
const sendRequest = async (world: AttackWorld): Promise<string> => {
  const partner = { kind: 'other-site', siteUrl: world.globex.site.url, projectKey: 'ENG' };
  const made = await world.acme.page<SynchronizationDetail>('POST', '/synchronizations', { ...SYNCHRONIZATION, partner });
  return made.synchronizationId;
};
const own = async (world: AttackWorld): Promise<string> => (await awaiting(world, 'oauth2-cloud')).connectionId;

const CONFUSED: readonly Attack[] = [
  {
    title: 'the connection of another tenant in a set-up',
    answer: '422 connection-not-yours',
    noted: 'log',
    prepare: own,
    carryOut: (world, connectionId) =>
      by(world, world.globex, {
        method: 'POST',
        path: '/set-ups',
        body: { route: 'cloud-without-app', partner: { connectionId } },
      }),
  },
  {
    title: 'the connection of another tenant in a synchronization',
    answer: '422 connection-not-yours',
    noted: 'log',
    prepare: own,
    carryOut: (world, connectionId) =>
      by(world, world.globex, {
        method: 'POST',
        path: '/synchronizations',
        body: {
          ...SYNCHRONIZATION,
          partner: undefined,
          sides: { A: { projectKey: 'ENG' }, B: { connectionId, projectKey: 'SUP' } },
        },
      }),
  },
  {
    title: 'the app’s own connection of another tenant in a synchronization',
    answer: '422 connection-not-yours',
    noted: 'log',
    carryOut: (world) =>
      by(world, world.globex, {
        method: 'POST',
        path: '/synchronizations',
        body: {
          ...SYNCHRONIZATION,
          partner: undefined,
          sides: { A: { projectKey: 'ENG' }, B: { connectionId: world.acme.connectionId, projectKey: 'SUP' } },
        },
      }),
  },
  {
    title: 'the application link of another tenant in a connection',
    answer: '422 application-link-not-found',
    noted: 'log',
    async prepare(world) {
      const { applicationLink } = await awaiting(world, 'oauth2-data-center');
      return applicationLink?.applicationLinkId ?? '';
    },
    carryOut: (world, applicationLinkId) =>
      by(world, world.globex, {
        method: 'POST',
        path: '/connections',
        body: { kind: 'oauth2-data-center', siteUrl: world.initech.url, applicationLink: { applicationLinkId } },
      }),
  },
  {
    title: 'the application link of one site for a connection to another',
    answer: '422 application-link-not-found',
    noted: 'log',
    async prepare(world) {
      const { applicationLink } = await awaiting(world, 'oauth2-data-center');
      return applicationLink?.applicationLinkId ?? '';
    },
    carryOut: (world, applicationLinkId) =>
      by(world, world.acme, {
        method: 'POST',
        path: '/connections',
        body: { kind: 'oauth2-data-center', siteUrl: world.umbrella.url, applicationLink: { applicationLinkId } },
      }),
  },
  {
    title: 'the id of a synchronization as a connection',
    answer: '404 connection-not-found',
    noted: 'log',
    prepare: requestToGlobex,
    carryOut: (world, id) => by(world, world.acme, { path: `/connections/${id}` }),
  },
  {
    title: 'the id of a connection as a set-up',
    answer: '404 set-up-not-found',
    noted: 'log',
    prepare: own,
    carryOut: (world, id) => by(world, world.acme, { method: 'POST', path: `/set-ups/${id}/finish` }),
  },
  {
    title: 'the app’s own connection as one that can be removed',
    answer: '404 connection-not-found',
    noted: 'log',
    carryOut: (world) => by(world, world.acme, { method: 'DELETE', path: `/connections/${world.acme.connectionId}` }),
  },
  {
    title: 'a one-time link as an API token',
    answer: '401 jwt-missing',
    noted: 'log',
    async prepare(world) {
      return (await linkOf(world, { connectionId: await own(world) } as Connection)).split('/').at(-1) ?? '';
    },
    carryOut: (world, token) => world.send({ path: '/api/v1/connections', headers: { authorization: `Bearer ${token}` } }),
  },
  asked('ids that are none', '404 connection-not-found', { path: "/connections/' OR 1=1 --" }),
  asked('a path that climbs', '404 connection-not-found', { path: '/connections/..%2Ftokens' }),
  {
    title: 'keys of another site’s spaces that are guessed, without a request that somebody would see',
    answer: '422 partner-not-found',
    noted: 'globex access.refused partner-not-found',
    carryOut: (world) =>
      by(world, world.acme, {
        method: 'POST',
        path: '/set-ups',
        body: { route: 'cloud-with-app', partner: { siteUrl: world.globex.site.url, projectKey: 'SECRET' } },
      }),
  },
  {
    title: 'a space of a site that nobody knows',
    answer: '422 partner-not-found',
    noted: 'log',
    carryOut: (world) =>
      by(world, world.acme, {
        method: 'POST',
        path: '/set-ups',
        body: { route: 'cloud-with-app', partner: { siteUrl: 'https://nobody.atlassian.net', projectKey: 'ENG' } },
      }),
  },
  {
    title: 'the asker accepts its own request',
    answer: '403 side-forbids',
    noted: 'log',
    prepare: requestToGlobex,
    carryOut: (world, id) => by(world, world.acme, { method: 'POST', path: `/synchronizations/${id}/accept` }),
  },
];

const LICENCE: Licence = {
  product: 'tandem-remote',
  id: 'licence-1',
  holder: 'ACME',
  site: null,
  tenant: null,
  issued: '2026-01-01',
  expires: '2099-01-01',
  endpoints: 5,
};

const licence = (title: string, code: string, fileOf: (world: AttackWorld) => object): Attack => ({
  title: `a licence: ${title}`,
  answer: `422 ${code}`,
  noted: `acme licence.refused ${code}`,
  carryOut: (world) => by(world, world.acme, { method: 'PUT', path: '/licence', body: fileOf(world) }),
});
const signed = ({ issuer }: AttackWorld, text: Licence): string => signEd25519(issuer, signedTextOf(text));

const LICENCES: readonly Attack[] = [
  licence('signed by somebody else', 'licence-unsigned', () => ({
    licence: LICENCE,
    signature: signEd25519(makeEd25519Pair(), signedTextOf(LICENCE)),
  })),
  licence('with more endpoints than were signed', 'licence-unsigned', (world) => ({
    licence: { ...LICENCE, endpoints: 500 },
    signature: signed(world, LICENCE),
  })),
  licence('with a later end than was signed', 'licence-unsigned', (world) => ({
    licence: { ...LICENCE, expires: '2100-01-01' },
    signature: signed(world, LICENCE),
  })),
  licence('with a signature of nothing', 'licence-unsigned', () => ({ licence: LICENCE, signature: 'A'.repeat(86) })),
  licence('with a signature that is none', 'licence-unsigned', () => ({ licence: LICENCE, signature: '💥' })),
  licence('of another site', 'licence-of-other', (world) => {
    const theirs = { ...LICENCE, site: world.globex.site.url };
    return { licence: theirs, signature: signed(world, theirs) };
  }),
  licence('of another tenant', 'licence-of-other', (world) => {
    const theirs = { ...LICENCE, tenant: world.globex.tenantId };
    return { licence: theirs, signature: signed(world, theirs) };
  }),
  licence('that has ended', 'licence-expired', (world) => {
    const past = { ...LICENCE, expires: '2026-01-02' };
    return { licence: past, signature: signed(world, past) };
  }),
];

export const BODY_ATTACKS: readonly Attack[] = [...MORE_THAN_ASKED, ...UNSTORABLE, ...CONFUSED, ...LICENCES];
