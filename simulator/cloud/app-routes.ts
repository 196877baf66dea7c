import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, say } from './route.ts';

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

function failedWebhooks(request: CloudRequest): CloudAnswer {
  const { through } = request.actor;
  if (through.kind !== 'app') return say(403, 'Only Connect and OAuth 2.0 apps can use this operation.');
  const values = request.webhooks
    .failed()
    .filter((delivery) => delivery.appKey === through.appKey)
    .map((delivery) => ({ id: delivery.id, body: delivery.body, url: delivery.url, failureTime: delivery.queuedAt }));
  return answer(200, { maxResults: 100, values });
}

export const APP_ROUTES: readonly Route[] = [
  { method: 'get', path: '/webhook/failed', scope: 'READ', handle: failedWebhooks },
  { method: 'get', path: '/rest/atlassian-connect/1/addons/{addonKey}', scope: 'NONE', handle: addon },
];
