import type { ApplicationLink, ProbedSite } from '../../app/contract/connections.ts';
import { consentAtAtlassian, consentAtDataCenter, linkByOAuth1 } from './consents.ts';
import type { Flow } from './flow.ts';
import { connectByOAuth2, createConnection, installOnOneSite, runAcross } from './set-up-steps.ts';

/** S5: the partner's site has not installed the app; its admin gets a link. */
const oneSidedCloud: Flow = {
  name: 'two Cloud sites, the app on one, by a link to the partner’s admin',
  rows: 'S5, S12',
  async run(stage) {
    const api = await installOnOneSite(stage);
    await runAcross(stage, api, 'cloud-without-app', { site: stage.globex, key: 'ENG' }, async () => {
      const probed = await stage.step('what is at the address is found out', () =>
        api<ProbedSite>('POST', '/connections/probe', { siteUrl: stage.globex.url }),
      );
      if (probed.product !== 'cloud' || probed.hasApp) throw new Error('The site was taken for something else.');
      const connection = await createConnection(api, { kind: 'oauth2-cloud', siteUrl: stage.globex.url });
      await stage.step('the partner’s admin opens the link and consents', () =>
        consentAtAtlassian(stage, api, connection, { as: 'Noah Becker' }),
      );
      return connection;
    });
  },
};

const dataCenterByOAuth2 = (which: 'initech' | 'umbrella', line: string, key: string, admin: string): Flow => ({
  name: `Cloud and Data Center ${line} by OAuth 2.0`,
  rows: 'S6, S12',
  async run(stage) {
    const api = await installOnOneSite(stage);
    const site = stage[which];
    await runAcross(stage, api, 'data-center', { site, key }, () => connectByOAuth2(stage, api, site, admin));
    await stage.step('the application link is there for later connections', async () => {
      const { applicationLinks } = await api<{ applicationLinks: ApplicationLink[] }>('GET', '/application-links');
      if (applicationLinks.length !== 1) throw new Error(`There are ${applicationLinks.length} links.`);
    });
  },
});

/** S7: OAuth 1.0a with our key, below a context path. */
const dataCenterByOAuth1: Flow = {
  name: 'Cloud and self-hosted Jira below /jira by OAuth 1.0a',
  rows: 'S7',
  async run(stage) {
    const api = await installOnOneSite(stage);
    const { initech } = stage;
    await runAcross(stage, api, 'data-center', { site: initech, key: 'PLAT' }, async () => {
      const body = { kind: 'oauth1', siteUrl: initech.url, applicationLink: { name: 'Tandem' } } as const;
      const connection = await createConnection(api, body);
      const { applicationLink } = connection;
      if (applicationLink?.publicKey == null) throw new Error('No public key is shown.');
      const consumer = { clientId: applicationLink.clientId, publicKey: applicationLink.publicKey };
      await stage.step('its administrator registers the consumer', () => linkByOAuth1(stage, initech, 'bkovacs', consumer));
      await stage.step('the sync user authenticates', () => consentAtDataCenter(stage, api, connection, { as: 'bkovacs' }));
      return connection;
    });
  },
};

export const TO_SITES_WITHOUT_THE_APP: readonly Flow[] = [
  oneSidedCloud,
  dataCenterByOAuth2('initech', '10.3', 'PLAT', 'bkovacs'),
  dataCenterByOAuth2('umbrella', '9.12', 'LAB', 'ihansen'),
  dataCenterByOAuth1,
];
