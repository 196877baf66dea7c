import type express from 'express';
import { z } from 'zod';
import type { SimulatedSite } from './simulated-site.ts';

const installing = z.strictObject({ manifest: z.string(), accountId: z.string() });
const invoking = z.strictObject({
  appId: z.string(),
  endpoint: z.string(),
  accountId: z.string(),
  moduleKey: z.string(),
  body: z.unknown(),
});

/** The control routes of Forge: what an administrator and a page of the app would do. */
export function mountForge(api: express.Router, { forge }: SimulatedSite): void {
  api.get('/forge', (_request, response) => {
    const apps = [...forge.installations.values()].map(({ id, manifest, version, appUser }) => ({
      appId: manifest.appId,
      installationId: id,
      version,
      accountId: appUser.accountId,
    }));
    response.json({ apps, sent: forge.sent().slice(-100) });
  });
  api.post('/forge/apps', (request, response) => {
    const body = installing.safeParse(request.body);
    if (!body.success) {
      response.status(400).json({ error: z.prettifyError(body.error) });
      return;
    }
    try {
      const { id, version } = forge.install(body.data.manifest, body.data.accountId);
      response.status(201).json({ installationId: id, version });
    } catch (error) {
      response
        .status(400)
        .json({ error: `The manifest cannot be used: ${error instanceof Error ? error.message : String(error)}` });
    }
  });
  api.delete('/forge/apps', (request, response) => {
    response.status(forge.uninstall(String(request.query['appId'])) ? 204 : 404).end();
  });
  api.post('/forge/invoke', (request, response) => {
    const body = invoking.safeParse(request.body);
    if (!body.success) {
      response.status(400).json({ error: z.prettifyError(body.error) });
      return;
    }
    const { appId, endpoint, ...call } = body.data;
    if (forge.installations.get(appId)?.manifest.endpoints.has(endpoint) !== true) {
      response.status(404).json({ error: `No endpoint ${endpoint} of ${appId} is installed here.` });
      return;
    }
    void forge.invoke(appId, endpoint, call).then((answer) => response.json(answer));
  });
}
