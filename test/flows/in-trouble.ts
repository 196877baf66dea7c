import type { Connection } from '../../app/contract/connections.ts';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import { personAt } from '../people.ts';
import { twinsOf } from '../person.ts';
import { consentAtDataCenter } from './consents.ts';
import { crossBothWays, start } from './crossing.ts';
import type { Flow } from './flow.ts';
import { connectByOAuth2, goThroughSetUp, installOnOneSite, runAcross } from './set-up-steps.ts';

/** S12: the consent is taken back, people go on working, another user authenticates, and nothing was lost or doubled. */
const consentTakenBack: Flow = {
  name: 'a consent is taken back and given again by another user',
  rows: 'S6, S12',
  async run(stage) {
    const { acme, initech } = stage;
    const api = await installOnOneSite(stage);
    const far = { site: initech, key: 'PLAT' };
    const { connection } = await runAcross(stage, api, 'data-center', far, () => connectByOAuth2(stage, api, initech, 'bkovacs'));
    const path = `/connections/${connection.connectionId}`;
    const here = personAt(acme);
    const there = personAt(initech);
    const made = await stage.step('the consent is taken back, and both sides go on working', async () => {
      initech.access.grants.clear();
      const atA = here.create('SUP', { summary: 'Made at A meanwhile' });
      const atB = there.create('PLAT', { summary: 'Made at B meanwhile' });
      return { atA, atB };
    });
    await stage.step('the connection says that it needs authentication, and what to do', () =>
      stage.within(async () => {
        const { state, cause } = await api<Connection>('GET', path);
        return state === 'needs-authentication' && cause !== null && cause.remedy !== '';
      }),
    );
    await stage.step('another user authenticates', () =>
      consentAtDataCenter(stage, api, connection, { as: 'lduarte', who: 'somebody' }),
    );
    await stage.step('what was made meanwhile crosses, once', async () => {
      await stage.within(() => twinsOf(initech, made.atA).length > 0 && twinsOf(acme, made.atB).length > 0);
      await stage.world.idle();
      if (twinsOf(initech, made.atA).length + twinsOf(acme, made.atB).length !== 2) throw new Error('Something was doubled.');
      const { syncUser } = await api<Connection>('GET', path);
      if (syncUser?.name !== 'Lívia Duarte') throw new Error(`The sync user is ${syncUser?.name}.`);
    });
  },
};

/** Counts from now on how often the site gave out a new refresh token. */
function countRefreshes(site: DataCenterSite): { times: number } {
  const counted = { times: 0 };
  for (const grant of site.access.grants.values()) {
    let { refreshToken } = grant;
    Object.defineProperty(grant, 'refreshToken', {
      get: () => refreshToken,
      set: (next: string) => {
        counted.times += 1;
        refreshToken = next;
      },
    });
  }
  return counted;
}

/** Edits that are made while the access token expires again and again: none is lost, and tokens are refreshed one at a time. */
const expiryUnderLoad: Flow = {
  name: 'tokens expire while a hundred edits cross',
  rows: 'S6',
  async run(stage) {
    const { acme, initech } = stage;
    const api = await installOnOneSite(stage);
    await runAcross(stage, api, 'data-center', { site: initech, key: 'PLAT' }, () =>
      connectByOAuth2(stage, api, initech, 'bkovacs'),
    );
    const people = personAt(acme);
    const items = await stage.step('a hundred items are made and cross', async () => {
      const made = Array.from({ length: 100 }, (_, n) => people.create('SUP', { summary: `Item ${n}` }));
      await stage.within(() => made.every((item) => twinsOf(initech, item).length > 0));
      return made;
    });
    await stage.step('all of them are edited at the moment when the token expires', async () => {
      const refreshed = countRefreshes(initech);
      for (const grant of initech.access.grants.values()) grant.accessExpiresAt = 0;
      for (const [n, item] of items.entries()) people.edit(item, { summary: `Item ${n}, edited` });
      await stage.within(() => items.every((item, n) => twinsOf(initech, item)[0]?.summary === `Item ${n}, edited`));
      if (refreshed.times !== 1) throw new Error(`The token was refreshed ${refreshed.times} times.`);
    });
    await stage.step('nothing is doubled', async () => {
      await stage.world.idle();
      if (items.some((item) => twinsOf(initech, item).length !== 1)) throw new Error('An item has more than one twin.');
    });
  },
};

/** S10: the site cannot reach the app; its changes are found by asking. */
const withoutWebhooks: Flow = {
  name: 'Data Center that cannot reach the app: polling',
  rows: 'S10',
  async run(stage) {
    const api = await installOnOneSite(stage);
    const far = { site: stage.initech, key: 'PLAT' };
    let path = '';
    const made = await goThroughSetUp(stage, api, 'data-center', far, async () => {
      const connection = await connectByOAuth2(stage, api, stage.initech, 'bkovacs');
      path = `/connections/${connection.connectionId}/webhook`;
      await stage.step('polling is chosen', () => api('POST', path, { way: 'polling' }));
      return connection;
    });
    await stage.step('it is started', () => start(api, made));
    await crossBothWays(stage, { site: stage.acme, key: 'SUP' }, far);
    await stage.step('no webhook was registered', async () => {
      if (stage.initech.registry.webhooks.size > 0) throw new Error('There is a webhook.');
    });
  },
};

export const IN_TROUBLE: readonly Flow[] = [consentTakenBack, expiryUnderLoad, withoutWebhooks];
