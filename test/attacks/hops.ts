import type { AuthenticationLinkId } from '../../app/core/ids.ts';
import { writeLinkToken } from '../../app/sync/link-token.ts';
import type { Attack, AttackWorld } from './attack-world.ts';
import {
  awaiting,
  type Browser,
  type ConsentKind,
  consentTo,
  linkOf,
  openBrowser,
  parameterOf,
  press,
  seenIn,
  withParameter,
} from './consents.ts';

/** What can be done to somebody who is asked for consent, and to the pages on which they are asked. */

const NOTED = 'acme connection.authenticated';
const KINDS: readonly ConsentKind[] = ['oauth2-data-center', 'oauth1', 'oauth2-cloud'];

/** Browsers that prepared something and go on. */
const browsers = new Map<string, Browser>();
const keep = (key: string, browser: Browser): string => {
  browsers.set(key, browser);
  return key;
};
const browserOf = (key: string): Browser => {
  const browser = browsers.get(key);
  if (browser === undefined) throw new Error('It was prepared.');
  return browser;
};

/** A consent that needs only to come back: its path, by which its browser is found. */
async function ready(world: AttackWorld, kind: ConsentKind): Promise<string> {
  const person = openBrowser(world);
  return keep(await consentTo(world, kind, await press(person, await linkOf(world, await awaiting(world, kind)))), person);
}

/** One that has come back, and counted. */
async function done(world: AttackWorld, kind: ConsentKind): Promise<string> {
  const back = await ready(world, kind);
  const answered = await browserOf(back).get(back);
  if (answered.status !== 200) throw new Error(`A good consent was answered ${answered.status} ${answered.code}.`);
  return back;
}

const link = (world: AttackWorld, kind: ConsentKind = 'oauth2-cloud') =>
  awaiting(world, kind).then((made) => linkOf(world, made));

const returning = (
  kind: ConsentKind,
  title: string,
  answer: string,
  carryOut: Attack['carryOut'],
  more: Partial<Attack> = {},
): Attack => ({
  title: `${title} (${kind})`,
  answer,
  noted: `${NOTED} ${answer.slice(4)}`,
  prepare: (world) => ready(world, kind),
  carryOut,
  ...more,
});

const OF_EACH_KIND = KINDS.flatMap((kind): Attack[] => [
  returning(kind, 'CSRF: the answer to a consent in a browser that never began', '403 consent-other-browser', (world, back) =>
    openBrowser(world).get(back),
  ),
  returning(
    kind,
    'state fixation: the attacker begins, the victim, who has begun something else, finishes',
    '403 consent-other-browser',
    (_world, back) => browserOf(back).get(back),
    {
      async prepare(world) {
        const [back, victim] = [await ready(world, kind), openBrowser(world)];
        await press(victim, await linkOf(world, await awaiting(world, kind)));
        return keep(back, victim);
      },
    },
  ),
  returning(kind, 'a cookie of the same name that was put there', '403 consent-other-browser', (world, back) => {
    const victim = openBrowser(world);
    for (const [name] of browserOf(back).cookies) victim.cookies.set(name, 'A'.repeat(43));
    return victim.get(back);
  }),
  returning(kind, 'a state whose secret was guessed', '400 consent-unknown', (_world, back) =>
    browserOf(back).get(withParameter(back, 'state', `${parameterOf(back, 'state').slice(0, -8)}AAAAAAAA`)),
  ),
  returning(kind, 'no state', '400 consent-unknown', (_world, back) => browserOf(back).get(withParameter(back, 'state', '')), {
    noted: 'log',
  }),
  returning(
    kind,
    'two states',
    '400 consent-unknown',
    (_world, back) => browserOf(back).get(`${back}&state=${parameterOf(back, 'state')}`),
    { noted: 'log' },
  ),
  returning(
    kind,
    'replay: the answer that has counted, once more',
    '410 link-used',
    (_world, back) => browserOf(back).get(back),
    {
      prepare: (world) => done(world, kind),
    },
  ),
  returning(kind, 'the answer after its time', '410 consent-expired', (_world, back) => browserOf(back).get(back), {
    async prepare(world) {
      const back = await ready(world, kind);
      await world.database.execute(
        "UPDATE authentication_link SET attempt_until = now() - interval '1 second' WHERE attempt_until IS NOT NULL",
        [],
      );
      return back;
    },
  }),
  returning(
    kind,
    'the answer for a connection that was removed meanwhile',
    '400 consent-unknown',
    (_world, back) => browserOf(back).get(back),
    {
      noted: 'log',
      async prepare(world) {
        const person = openBrowser(world);
        const connection = await awaiting(world, kind);
        const back = await consentTo(world, kind, await press(person, await linkOf(world, connection)));
        await world.acme.page('DELETE', `/connections/${connection.connectionId}`);
        return keep(back, person);
      },
    },
  ),
  returning(
    kind,
    'mix-up: the answer for one connection with the state of another of the same browser',
    '409 code-refused',
    (_world, back) => browserOf(back).get(back),
    {
      touches: 'authentication_link',
      async prepare(world) {
        const person = openBrowser(world);
        const first = await consentTo(world, kind, await press(person, await linkOf(world, await awaiting(world, kind))));
        const second = await consentTo(world, kind, await press(person, await linkOf(world, await awaiting(world, kind))));
        return keep(withParameter(second, 'state', parameterOf(first, 'state')), person);
      },
    },
  ),
  returning(
    kind,
    'replay: a code that has counted, for a new state',
    '409 code-refused',
    (_world, back) => browserOf(back).get(back),
    {
      touches: 'authentication_link',
      async prepare(world) {
        const person = openBrowser(world);
        const connection = await awaiting(world, kind);
        const first = await consentTo(world, kind, await press(person, await linkOf(world, connection)));
        if ((await person.get(first)).status !== 200) throw new Error('The first counts.');
        const begun = await press(person, await linkOf(world, connection));
        const state = kind === 'oauth1' ? parameterOf(await consentTo(world, kind, begun), 'state') : parameterOf(begun, 'state');
        return keep(withParameter(first, 'state', state), person);
      },
    },
  ),
]);

const AT_THE_PAGE: readonly Attack[] = [
  {
    title: 'link reuse: after its success',
    answer: '410 link-used',
    noted: `${NOTED} link-used`,
    async prepare(world) {
      const person = openBrowser(world);
      const path = await link(world);
      await person.get(await consentTo(world, 'oauth2-cloud', await press(person, path)));
      return path;
    },
    carryOut: (world, path) => openBrowser(world).get(path),
  },
  {
    title: 'link reuse: the button of a page that was left open',
    answer: '410 link-used',
    noted: `${NOTED} link-used`,
    async prepare(world) {
      const person = openBrowser(world);
      const path = await link(world);
      const seen = seenIn(await person.get(path));
      await person.get(await consentTo(world, 'oauth2-cloud', await press(person, path)));
      return keep(`${path} ${seen}`, person);
    },
    carryOut(_world, prepared) {
      const [path = '', seen = ''] = prepared.split(' ');
      return browserOf(prepared).post(path, { seen });
    },
  },
  {
    title: 'a link that another one took the place of',
    answer: '410 link-replaced',
    noted: `${NOTED} link-replaced`,
    async prepare(world) {
      const connection = await awaiting(world, 'oauth2-cloud');
      const path = await linkOf(world, connection);
      await linkOf(world, connection);
      return path;
    },
    carryOut: (world, path) => openBrowser(world).get(path),
  },
  {
    title: 'a link after its time',
    answer: '410 link-expired',
    noted: `${NOTED} link-expired`,
    async prepare(world) {
      const path = await link(world);
      const sql =
        "UPDATE authentication_link SET created_at = now() - interval '8 days', expires_at = now() - interval '1 second' WHERE ended IS NULL";
      await world.database.execute(sql, []);
      return path;
    },
    carryOut: (world, path) => openBrowser(world).get(path),
  },
  {
    title: 'a link of a connection that was removed',
    answer: '404 link-unknown',
    noted: 'log',
    async prepare(world) {
      const connection = await awaiting(world, 'oauth2-cloud');
      const path = await linkOf(world, connection);
      await world.acme.page('DELETE', `/connections/${connection.connectionId}`);
      return path;
    },
    carryOut: (world, path) => openBrowser(world).get(path),
  },
  {
    title: 'link guessing: a made-up link of a known tenant',
    answer: '404 link-unknown',
    noted: 'log',
    carryOut: (world) =>
      openBrowser(world).get(
        `/authenticate/${writeLinkToken({ tenantId: world.acme.tenantId, linkId: world.acme.connectionId as string as AuthenticationLinkId, secret: 'A'.repeat(43) })}`,
      ),
  },
  ...[
    ['another secret', (path: string) => `${path.slice(0, -8)}AAAAAAAA`],
    ['its end in capitals', (path: string) => `${path.slice(0, -20)}${path.slice(-20).toUpperCase()}`],
    ['a letter more', (path: string) => `${path}A`],
    ['half of it', (path: string) => path.slice(0, -40)],
  ].map(
    ([title, change]): Attack => ({
      title: `link guessing: ${title}`,
      answer: '404 link-unknown',
      noted: 'log',
      prepare: (world) => link(world),
      carryOut: (world, path) => openBrowser(world).get((change as (path: string) => string)(path)),
    }),
  ),
  {
    title: 'CSRF: the form without a cookie, from a page of another site',
    answer: '403 page-not-seen',
    noted: `${NOTED} page-not-seen`,
    async prepare(world) {
      const path = await link(world);
      return `${path} ${seenIn(await openBrowser(world).get(path))}`;
    },
    carryOut(world, prepared) {
      const [path = '', seen = ''] = prepared.split(' ');
      return openBrowser(world).post(path, { seen }, { Origin: 'https://evil.example', Referer: 'https://evil.example/' });
    },
  },
  {
    title: 'CSRF: the proof of the attacker’s page in the victim’s browser, which was shown the page too',
    answer: '403 page-not-seen',
    noted: `${NOTED} page-not-seen`,
    async prepare(world) {
      const [path, victim] = [await link(world), openBrowser(world)];
      await victim.get(path);
      return keep(`${path} ${seenIn(await openBrowser(world).get(path))}`, victim);
    },
    carryOut(_world, prepared) {
      const [path = '', seen = ''] = prepared.split(' ');
      return browserOf(prepared).post(path, { seen }, { Origin: 'https://evil.example' });
    },
  },
  {
    title: 'CSRF: the proof of another link of the same browser',
    answer: '403 page-not-seen',
    noted: `${NOTED} page-not-seen`,
    async prepare(world) {
      const [path, other, person] = [await link(world), await link(world), openBrowser(world)];
      return keep(`${path} ${seenIn(await person.get(other))}`, person);
    },
    carryOut(_world, prepared) {
      const [path = '', seen = ''] = prepared.split(' ');
      return browserOf(prepared).post(path, { seen });
    },
  },
  {
    title: 'CSRF: the proof in the address and in JSON instead of the form',
    answer: '403 page-not-seen',
    noted: `${NOTED} page-not-seen`,
    async prepare(world) {
      const [path, person] = [await link(world), openBrowser(world)];
      return keep(`${path}?seen=${seenIn(await person.get(path))}`, person);
    },
    carryOut: (_world, path) => browserOf(path).post(path, {}, { 'content-type': 'application/json' }),
  },
  {
    title: 'a form of a hundred kilobytes',
    answer: '413 body-too-large',
    noted: 'log',
    prepare: (world) => link(world),
    carryOut: (world, path) => openBrowser(world).post(path, { seen: 'x'.repeat(100_000) }, { accept: 'application/json' }),
  },
];

export const HOP_ATTACKS: readonly Attack[] = [...OF_EACH_KIND, ...AT_THE_PAGE];
