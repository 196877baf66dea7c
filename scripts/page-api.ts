import type { CreateSynchronization, SynchronizationDetail } from '../app/contract/synchronizations.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';

/** Calls `/api/v1` as the embedded page does; throws with what was answered when it is refused. */
export type PageApi = <Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  route: string,
  body?: unknown,
) => Promise<Answer>;

/**
 * @param getToken a fresh context token of a space's administrator, or an API token
 * @param scheme `JWT` for context tokens, `Bearer` for API tokens
 */
export const createPageApi =
  (url: string, getToken: () => Promise<string> | string, scheme: 'JWT' | 'Bearer' = 'JWT'): PageApi =>
  async <Answer>(method: string, route: string, body?: unknown): Promise<Answer> => {
    const headers = { Authorization: `${scheme} ${await getToken()}`, 'Content-Type': 'application/json' };
    const answer = await fetch(`${url}/api/v1${route}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${route} answered ${answer.status}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as Answer;
  };

/** The API for a space of a simulated site in this process, as a person who administers the site. */
export function pageApiOf(site: SimulatedSite, projectKey: string, url: string): PageApi {
  const project = [...site.heart.projects.values()].find(({ key }) => key === projectKey);
  const admin = [...site.heart.users.values()].find((user) => user.siteAdmin);
  if (project === undefined || admin === undefined) throw new Error(`${site.url} has no ${projectKey} or no administrator.`);
  return createPageApi(url, () => {
    const [appKey = ''] = site.connect.installations.keys();
    return site.connect.contextToken(appKey, admin.accountId, { project: { id: project.id, key: project.key } });
  });
}

/** All that can be synchronized, both ways. */
export const EVERYTHING: CreateSynchronization['content'] = {
  fields: (['summary', 'description', 'priority', 'labels', 'duedate'] as const).map((field) => ({
    field,
    direction: 'both',
    conflict: 'newest',
  })),
  status: { direction: 'both', conflict: 'newest' },
  comments: { direction: 'both', authorLine: true },
  strict: false,
};

/** Request, accept, start: what two administrators do by hand. */
export async function synchronizeSpaces(
  from: PageApi,
  to: PageApi,
  request: CreateSynchronization,
  existingItems: 'leave' | 'synchronize',
): Promise<SynchronizationDetail> {
  const made = await from<SynchronizationDetail>('POST', '/synchronizations', request);
  await to('POST', `/synchronizations/${made.synchronizationId}/accept`);
  return from('POST', `/synchronizations/${made.synchronizationId}/start`, { existingItems });
}
