import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection, ConnectionHealth } from '../app/contract/connections.ts';
import type { User } from '../simulator/heart/site.ts';
import { type AttackWorld, createAttackWorld } from './attacks/attack-world.ts';
import { awaiting, consentTo, linkOf, openBrowser, press } from './attacks/consents.ts';

/*
 * What people and sites call themselves is shown to others: on the pages of a consent, in the API, in the log. None of it may become markup,
 * turn the text around it, break a line of the log, or stop anything.
 */
let attacks: AttackWorld;
beforeAll(async () => {
  attacks = await createAttackWorld();
}, 60_000);
afterAll(() => attacks.close());

const adminOf = (): User => {
  const admin = [...attacks.acme.site.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (admin === undefined) throw new Error('There is one.');
  return admin;
};
const syncUser = (): User => {
  const user = [...attacks.initech.heart.users.values()].find(({ userName }) => userName === 'lduarte');
  if (user === undefined) throw new Error('There is one.');
  return user;
};

const call = (user: User, displayName: string): void => void Object.assign(user, { displayName });

const NAMES: readonly (readonly [string, string])[] = [
  ['a script', '<script>alert("canary")</script>'],
  ['a tag that leaves an attribute', '"\'><img src=x onerror=alert(1)>'],
  ['a template', '{{constructor.constructor "canary"}}{{{this}}}'],
  ['letters from right to left', 'Atlassian\u202Emoc.elpmaxe\u202C \u2066canary\u2069 \u200F\u061C'],
  ['lines', 'Admin\r\nSet-Cookie: canary=1\r\n\r\n<h1>canary</h1>\u2028\u2029'],
  ['control characters', 'Admin\u001b[2J\u0007\u0008canary'],
  ['a zero character', 'Admin\u0000canary'],
  ['half a character', 'Admin\ud800canary'],
  ['a hundred thousand letters', `Canary ${'x'.repeat(100_000)}`],
  ['nothing but spaces', ' \u00a0\u3000 '],
];

describe.each(NAMES)('a name of %s', (_what, name) => {
  it('is text on the pages of a consent, and short', async () => {
    call(adminOf(), name);
    call(syncUser(), name);
    const connection = await awaiting(attacks, 'oauth2-data-center');
    attacks.takeLog();
    const person = openBrowser(attacks);
    const pages: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const path = await linkOf(attacks, connection);
      const asked = await person.get(path);
      const finished = await person.get(await consentTo(attacks, 'oauth2-data-center', await press(person, path)));
      expect([asked.status, finished.status, finished.code]).toEqual([200, 200, '']);
      pages.push(asked.text, finished.text);
      if (round === 0) call(syncUser(), `${name} `);
    }
    for (const page of pages) {
      expect(page).not.toMatch(/<script|<img src=x|<h1>canary|canary=1\n/);
      expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      expect(page.length).toBeLessThan(6000);
    }
    const read = await attacks.acme.page<Connection>('GET', `/connections/${connection.connectionId}`);
    expect(read).toMatchObject({ state: 'working' });
    expect(read.syncUser?.name.length).toBeLessThan(256);
    await attacks.acme.page<ConnectionHealth>('GET', `/connections/${connection.connectionId}/health`);
    for (const line of attacks.takeLog()) expect(() => JSON.parse(line)).not.toThrow();
  });
});
