import type { Connection, CreateConnection, ProbedSite } from '../../app/contract/connections.ts';
import type { SetUp } from '../../app/contract/set-ups.ts';
import type { SynchronizationDetail } from '../../app/contract/synchronizations.ts';
import type { WebhookState } from '../../app/contract/webhooks.ts';
import { EVERYTHING, type PageApi } from '../../scripts/page-api.ts';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import { consentAtDataCenter, linkByOAuth2 } from './consents.ts';
import { crossBothWays, type Space, start } from './crossing.ts';
import type { Stage } from './stage.ts';

/** The app on acme alone; the page of its space SUP. */
export async function installOnOneSite(stage: Stage): Promise<PageApi> {
  await stage.step('the app is installed on one site', () => stage.install(stage.acme));
  return stage.page(stage.acme, 'SUP');
}

export const createConnection = (api: PageApi, body: CreateConnection): Promise<Connection> =>
  api<Connection>('POST', '/connections', body);

/** Everything that a wizard asks for, entered step by step, left and taken up again on the way. */
export async function goThroughSetUp(
  stage: Stage,
  api: PageApi,
  route: SetUp['route'],
  far: Space,
  connect: () => Promise<Pick<Connection, 'connectionId'>>,
): Promise<SynchronizationDetail> {
  const begun = await stage.step('the set-up is begun', () =>
    api<SetUp>('POST', '/set-ups', { route, partner: { siteUrl: far.site.url } }),
  );
  const path = `/set-ups/${begun.setUpId}`;
  const { connectionId } = await connect();
  return stage.step('the space is chosen, the overview looked at, and it is created', async () => {
    const again = await api<SetUp>('GET', path);
    if (again.next === 'finish') throw new Error('Nothing is missing although no space was chosen.');
    await api('PATCH', path, { partner: { connectionId, projectKey: far.key } });
    await api('PATCH', path, { name: 'Support and the other side', content: EVERYTHING });
    const ready = await api<SetUp>('GET', path);
    if (ready.next !== 'finish') throw new Error(`The set-up still asks for ${ready.next}.`);
    await api('GET', `${path}/preview`);
    return api<SynchronizationDetail>('POST', `${path}/finish`);
  });
}

/** Starts it, and waits until the sites without the app tell of their changes. */
export async function startAndHear(
  stage: Stage,
  api: PageApi,
  made: SynchronizationDetail,
  connectionIds: readonly string[],
): Promise<void> {
  await stage.step('it is started', () => start(api, made));
  await stage.step('the webhook is registered', () =>
    stage.within(async () => {
      const all = await Promise.all(connectionIds.map((id) => api<Connection>('GET', `/connections/${id}`)));
      return all.every(({ webhook }) => webhook.kind === 'registered');
    }),
  );
}

/** What crossed was told by events: without them it would have been found by asking, and nobody would have noticed. */
export async function seeEventsCome(stage: Stage, api: PageApi, connectionIds: readonly string[]): Promise<void> {
  await stage.step('events of the sites come, and are believed', () =>
    stage.within(async () => {
      const all = await Promise.all(connectionIds.map((id) => api<WebhookState>('GET', `/connections/${id}/webhook`)));
      return all.every(({ awaitsFirstEvent, isPolled }) => !awaitsFirstEvent && !isPolled);
    }),
  );
}

/** Sets up a synchronization of SUP with a space of a site without the app, starts it, and edits cross. */
export async function runAcross(
  stage: Stage,
  api: PageApi,
  route: SetUp['route'],
  far: Space,
  connect: () => Promise<Connection>,
): Promise<{ made: SynchronizationDetail; connection: Connection }> {
  let connection: Connection | null = null;
  const made = await goThroughSetUp(stage, api, route, far, async () => {
    connection = await connect();
    return connection;
  });
  if (connection === null) throw new Error('No connection was made.');
  await startAndHear(stage, api, made, [(connection as Connection).connectionId]);
  await crossBothWays(stage, { site: stage.acme, key: 'SUP' }, far);
  await seeEventsCome(stage, api, [(connection as Connection).connectionId]);
  return { made, connection };
}

/** A connection by an incoming OAuth 2.0 application link, made by hand at the site. */
export async function connectByOAuth2(stage: Stage, api: PageApi, site: DataCenterSite, admin: string): Promise<Connection> {
  const probed = await stage.step('what is at the address is found out', () =>
    api<ProbedSite>('POST', '/connections/probe', { siteUrl: site.url }),
  );
  if (probed.product !== 'data-center') throw new Error('The site was taken for something else.');
  const credentials = await stage.step('its administrator makes the application link', () => linkByOAuth2(stage, site, admin));
  const connection = await createConnection(api, {
    ...{ kind: 'oauth2-data-center', siteUrl: site.url },
    applicationLink: { name: 'Tandem', scope: 'ADMIN', ...credentials },
  });
  await stage.step('the sync user authenticates', () => consentAtDataCenter(stage, api, connection, { as: admin }));
  return connection;
}
