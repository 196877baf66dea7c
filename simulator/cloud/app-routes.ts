import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, numberOf, say } from './route.ts';

/** On a page, unless asked for otherwise. */
const MOST_FAILED = 100;

function addon(request: CloudRequest): CloudAnswer {
  const appKey = request.params['addonKey'] ?? '';
  const installation = request.connect.installations.get(appKey);
  const { through } = request.actor;
  if (installation === undefined || through.kind !== 'app' || through.appKey !== appKey)
    return say(404, `Add-on with key '${appKey}' does not exist or is not yours.`);
  const { descriptor } = installation;
  return answer(200, {
    key: descriptor.key,
    version: '1.0.0',
    state: installation.enabled ? 'ENABLED' : 'DISABLED',
    host: { product: 'Jira', contacts: [] },
    license: { active: true, type: 'COMMERCIAL', evaluation: false },
    links: { self: [{ href: `${request.site.baseUrl}/rest/atlassian-connect/1/addons/${descriptor.key}` }] },
  });
}

/** Oldest failure first; a page ends where the failure time changes, so that none is split. */
function failedWebhooks(request: CloudRequest): CloudAnswer {
  const { through } = request.actor;
  if (through.kind !== 'app') return say(403, 'Only Connect and OAuth 2.0 apps can use this operation.');
  const after = numberOf(request.query['after'] ?? request.query['failedAfter'], 0);
  const maxResults = Math.max(1, numberOf(request.query['maxResults'], MOST_FAILED));
  const values = request.webhooks
    .failed()
    .filter((delivery) => delivery.appKey === through.appKey)
    .map(({ id, body, url, failedAt }) => ({ id, body, url, failureTime: failedAt ?? 0 }))
    .filter(({ failureTime }) => failureTime > after);
  const cut = values[maxResults - 1]?.failureTime ?? Number.POSITIVE_INFINITY;
  const page = values.filter(({ failureTime }) => failureTime <= cut);
  const last = page.at(-1);
  const next = `${request.site.baseUrl}/rest/api/${request.version}/webhook/failed?maxResults=${maxResults}&after=${last?.failureTime}`;
  return answer(200, { maxResults, ...(last === undefined ? {} : { next }), values: page });
}

export const APP_ROUTES: readonly Route[] = [
  { method: 'get', path: '/webhook/failed', scope: 'READ', handle: failedWebhooks },
  { method: 'get', path: '/rest/atlassian-connect/1/addons/{addonKey}', scope: 'NONE', handle: addon },
];
