import type { MadeToken } from '../../app/contract/administration.ts';
import type { Connection } from '../../app/contract/connections.ts';
import type { SynchronizationDetail } from '../../app/contract/synchronizations.ts';
import { EVERYTHING, type PageApi } from '../../scripts/page-api.ts';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import { makePersonalToken } from '../../simulator/identity/personal-tokens.ts';
import { crossBothWays } from './crossing.ts';
import type { Flow } from './flow.ts';
import { createConnection, installOnOneSite, runAcross, seeEventsCome, startAndHear } from './set-up-steps.ts';
import type { Stage } from './stage.ts';

/** A personal access token as its owner makes one on their profile page. */
function personalTokenOf(site: DataCenterSite, name: string): string {
  const user = [...site.heart.users.values()].find(({ userName }) => userName === name);
  const made = user === undefined ? null : makePersonalToken(site.heart, site.access, user, 'Tandem', null);
  if (made === null) throw new Error(`${name} gets no token on ${site.heart.name}.`);
  return made.token;
}

const connectByToken = (api: PageApi, site: DataCenterSite, name: string): Promise<Connection> =>
  createConnection(api, { kind: 'personal-token', siteUrl: site.url, token: personalTokenOf(site, name) });

/** A program of the tenant, by a token that an admin of the site made. */
async function programOf(stage: Stage, api: PageApi): Promise<PageApi> {
  const made = await stage.step('an admin makes an API token', () =>
    api<MadeToken>('POST', '/tokens', { name: 'Set-up script', scopes: ['read', 'configure', 'connections'], expiresInDays: 30 }),
  );
  return stage.program(made.secret);
}

/** S9: neither side has the app; a program of the tenant ties two self-hosted Jiras. */
const twoDataCenters: Flow = {
  name: 'two Data Centers, 10.3 and 9.12, tied by a program with personal access tokens',
  rows: 'S8, S9, O13',
  async run(stage) {
    const program = await programOf(stage, await installOnOneSite(stage));
    const [a, b] = await stage.step('two connections are made', async () => [
      await connectByToken(program, stage.initech, 'bkovacs'),
      await connectByToken(program, stage.umbrella, 'ihansen'),
    ]);
    if (a === undefined || b === undefined) throw new Error('Two connections were asked for.');
    const made = await stage.step('the spaces are tied', () =>
      program<SynchronizationDetail>('POST', '/synchronizations', {
        ...{ name: 'Platform and Laboratory', description: '', content: EVERYTHING },
        sides: {
          A: { connectionId: a.connectionId, projectKey: 'PLAT' },
          B: { connectionId: b.connectionId, projectKey: 'LAB' },
        },
      }),
    );
    await startAndHear(stage, program, made, [a.connectionId, b.connectionId]);
    await crossBothWays(stage, { site: stage.initech, key: 'PLAT' }, { site: stage.umbrella, key: 'LAB' });
    await seeEventsCome(stage, program, [a.connectionId, b.connectionId]);
  },
};

/** S8: an API token of a Cloud site, for self-run installations. */
const cloudByApiToken: Flow = {
  name: 'two Cloud sites, the app on one, by e-mail and API token',
  rows: 'S8',
  async run(stage) {
    const api = await installOnOneSite(stage);
    const noah = [...stage.globex.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
    if (noah === undefined) throw new Error('globex has an administrator.');
    await runAcross(stage, api, 'cloud-without-app', { site: stage.globex, key: 'ENG' }, () =>
      stage.step('the token is typed in', () =>
        createConnection(api, {
          ...{ kind: 'api-token', siteUrl: stage.globex.url },
          ...{ email: noah.emailAddress, token: noah.apiToken },
        }),
      ),
    );
  },
};

/** S8: user and password, deprecated and still working. */
const dataCenterByPassword: Flow = {
  name: 'Cloud and Data Center 9.12 by user and password',
  rows: 'S8',
  async run(stage) {
    const api = await installOnOneSite(stage);
    await runAcross(stage, api, 'data-center', { site: stage.umbrella, key: 'LAB' }, () =>
      stage.step('the password is typed in, and said to be deprecated', async () => {
        const credentials = { userName: 'ihansen', password: 'password-of-ihansen' };
        const connection = await createConnection(api, { kind: 'password', siteUrl: stage.umbrella.url, ...credentials });
        if (connection.deprecated === null) throw new Error('Nobody is told that passwords are deprecated.');
        return connection;
      }),
    );
  },
};

export const BY_PROGRAMS: readonly Flow[] = [twoDataCenters, cloudByApiToken, dataCenterByPassword];
