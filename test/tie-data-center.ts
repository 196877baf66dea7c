import type { Connection } from '../app/contract/connections.ts';
import type { SetUp } from '../app/contract/set-ups.ts';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import { EVERYTHING, type PageApi } from '../scripts/page-api.ts';
import type { DataCenterSite } from '../simulator/datacenter/data-center-site.ts';
import { userNamed } from '../simulator/datacenter/people.ts';
import { makePersonalToken } from '../simulator/identity/personal-tokens.ts';
import { start } from './flows/crossing.ts';
import type { Stage } from './flows/stage.ts';

export interface Tied {
  readonly api: PageApi;
  readonly connectionId: string;
  readonly synchronization: SynchronizationDetail;
}

/** A running synchronization of a space of acme and one of a Data Center site, by a token of that person. */
export async function tieDataCenter(
  stage: Stage,
  projectKey: string,
  { site, farKey, userName }: { site: DataCenterSite; farKey: string; userName: string },
): Promise<Tied> {
  const api = stage.page(stage.acme, projectKey);
  const user = userNamed(site.heart, userName);
  const token = user === undefined ? null : makePersonalToken(site.heart, site.access, user, 'Tandem', null)?.token;
  const { connectionId } = await api<Connection>('POST', '/connections', { kind: 'personal-token', siteUrl: site.url, token });
  const { setUpId } = await api<SetUp>('POST', '/set-ups', { route: 'data-center', partner: { siteUrl: site.url } });
  await api('PATCH', `/set-ups/${setUpId}`, { partner: { connectionId, projectKey: farKey } });
  await api('PATCH', `/set-ups/${setUpId}`, { name: 'Both', content: EVERYTHING });
  const synchronization = await api<SynchronizationDetail>('POST', `/set-ups/${setUpId}/finish`);
  await start(api, synchronization);
  return { api, connectionId, synchronization };
}
