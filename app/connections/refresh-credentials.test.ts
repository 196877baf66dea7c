import { describe, expect, it } from '@jest/globals';
import { registerApp } from '../../test/remote-sites.ts';
import { HOUR_MS, useRemoteWorld } from '../../test/remote-world.ts';
import { systemClock } from '../platform/clock.ts';
import { createDatabase, type Database } from '../platform/database.ts';

const world = useRemoteWorld();

describe('tokens are refreshed', () => {
  it.each(['Cloud', 'Data Center'])('100 calls at once at expiry are one refresh at the provider: %s', async (product) => {
    const connection = product === 'Cloud' ? await world.connectCloud() : await world.connectDataCenter();
    world.tokenCalls = [];
    world.time.offset += HOUR_MS + 1;
    expect(await world.callAtOnce(100, connection)).toEqual([200]);
    expect(world.tokenCalls).toEqual(['refresh_token']);
    world.time.offset += HOUR_MS + 1;
    expect(await world.callAtOnce(20, connection)).toEqual([200]);
    expect(world.tokenCalls).toEqual(['refresh_token', 'refresh_token']);
  });

  it('also when two processes come to it, each with a pool of its own', async () => {
    const second = createDatabase({ url: world.database.url, poolSize: 5, clock: systemClock });
    try {
      const connection = await world.connectDataCenter();
      world.tokenCalls = [];
      world.time.offset += HOUR_MS + 1;
      expect(await world.callAtOnce(100, connection, [world.kit, world.newKit({ database: second })])).toEqual([200]);
      expect(world.tokenCalls).toEqual(['refresh_token']);
    } finally {
      await second.close();
    }
  });

  it('also after Tandem has moved to another address', async () => {
    const connection = await world.connectDataCenter();
    world.time.offset += HOUR_MS + 1;
    const moved = world.newKit({ callbackUrl: 'https://new.example.com/oauth/callback' });
    expect(await moved.callMyself(connection)).toBe(200);
  });

  it('ahead of their end, while the old one still works', async () => {
    const connection = await world.connectCloud();
    world.tokenCalls = [];
    world.time.offset += HOUR_MS - 60_000;
    expect(await world.callAtOnce(10, connection)).toEqual([200]);
    expect(world.tokenCalls).toEqual(['refresh_token']);
  });

  it('when the site refuses one that should be good', async () => {
    const connection = await world.connectDataCenter();
    world.tokenCalls = [];
    world.time.offset += 60_000;
    for (const grant of world.initech.access.grants.values()) grant.accessToken = `lost-${grant.accessToken}`;
    expect(await world.callAtOnce(50, connection)).toEqual([200]);
    expect(world.tokenCalls).toEqual(['refresh_token']);
  });

  it('at Cloud even if the process died, or the answer was lost, after the provider had rotated', async () => {
    const connection = await world.connectCloud();
    world.time.offset += HOUR_MS + 1;
    world.instead = async (_ask, send) => void (await send());
    expect(await world.kit.callMyself(connection)).toBe('unavailable');
    expect((await world.read(connection)).state).toBe('working');
    world.instead = null;
    expect(await world.newKit().callMyself(connection)).toBe('unavailable');
    await world.endRest();
    expect(await world.newKit().callMyself(connection)).toBe(200);
  });
});

it('a refresh that Atlassian carries out long after nobody waits for it any more costs no consent', async () => {
  const connection = await world.connectCloud();
  world.time.offset += HOUR_MS + 1;
  const late: (() => Promise<unknown>)[] = [];
  world.instead = async (_ask, send) => void late.push(send);
  expect(await world.kit.callMyself(connection)).toBe('unavailable');
  world.instead = null;
  await world.endRest();
  expect(await world.newKit().callMyself(connection)).toBe(200);
  for (const send of late) await send();
  world.time.offset += 6 * 60_000;
  expect(await world.newKit().callMyself(connection)).toBe(200);
  world.time.offset += HOUR_MS + 1;
  expect(await world.newKit().callMyself(connection)).toBe(200);
});

it('new tokens are not lost while the database cannot take them', async () => {
  const connection = await world.connectDataCenter();
  let outages = 2;
  const shaky: Database = {
    ...world.database,
    async execute(sql, bind) {
      if (sql.includes('credentials_fence = $3, ') && outages > 0) {
        outages -= 1;
        throw new Error('the database is away');
      }
      return world.database.execute(sql, bind);
    },
  };
  const waiting = { now: world.clock.now, sleepUntil: async () => undefined };
  const patient = world.newKit({ database: shaky, clock: waiting });
  world.time.offset += HOUR_MS + 1;
  expect(await patient.callMyself(connection)).toBe(200);
  expect(outages).toBe(0);
  expect(await world.newKit().callMyself(connection)).toBe(200);
});

describe('an outage of the provider is no revocation', () => {
  it('nothing changes, nobody asks again at once, and it goes on afterwards', async () => {
    const connection = await world.connectDataCenter();
    world.tokenCalls = [];
    world.time.offset += HOUR_MS + 1;
    world.instead = async () => undefined;
    expect(await world.callAtOnce(20, connection)).toEqual(['unavailable']);
    expect(await world.callAtOnce(20, connection)).toEqual(['unavailable']);
    expect(world.tokenCalls).toEqual(['refresh_token']);
    expect(await world.read(connection)).toMatchObject({ state: 'working', cause: null });
    world.instead = null;
    await world.endRest();
    expect(await world.kit.callMyself(connection)).toBe(200);
  });

  it('a token that is still good is used until it ends', async () => {
    const connection = await world.connectCloud();
    world.time.offset += HOUR_MS - 60_000;
    world.instead = async () => undefined;
    expect(await world.callAtOnce(20, connection)).toEqual([200]);
    world.time.offset += 60_001;
    expect(await world.kit.callMyself(connection)).toBe('unavailable');
  });

  it('a wrong secret of the Cloud app loses no consent', async () => {
    const connection = await world.connectCloud();
    world.time.offset += HOUR_MS + 1;
    await registerApp(world.simulator, 'another secret');
    expect(await world.kit.callMyself(connection)).toBe('unavailable');
    expect((await world.read(connection)).state).toBe('working');
  });
});
