import { z } from 'zod';
import { createPageApi, type PageApi } from '../page-api.ts';
import type { SpacePlan } from './recording.ts';

const siteAnswer = z.object({
  url: z.string(),
  users: z.array(z.object({ accountId: z.string(), emailAddress: z.string(), apiToken: z.string(), siteAdmin: z.boolean() })),
  projects: z.array(z.object({ id: z.string(), key: z.string(), name: z.string() })),
});
const appsAnswer = z.array(z.object({ key: z.string(), descriptorUrl: z.string() }));
const sendAnswer = z.object({
  answers: z.array(z.object({ url: z.string(), status: z.number().nullable(), answer: z.string() })),
});

export interface ItemState {
  readonly id: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A simulated site as a replay uses it, by its addresses alone. */
export interface ReplaySite {
  readonly url: string;
  projects(): Promise<readonly { readonly id: string; readonly key: string; readonly name: string }[]>;
  addSpace(plan: SpacePlan): Promise<void>;
  forgetSpace(key: string): Promise<void>;
  /** Nobody is told of it. */
  putItem(item: ItemState): Promise<void>;
  forgetItem(id: string): Promise<void>;
  /** The item as REST v3 shows it; null when there is none. */
  readItem(idOrKey: string): Promise<ItemState | null>;
  /** Sends a body byte for byte, signed as this site; null when the app is not installed here. */
  send(body: string): Promise<{ readonly status: number | null; readonly answer: string } | null>;
  /** Tandem's API as an administrator of that space uses it. */
  pageApi(project: { readonly id: string; readonly key: string }): Promise<PageApi>;
}

/** @throws when nothing answers there, or it is no simulated site. */
export async function openSite(url: string): Promise<ReplaySite> {
  const call = (method: string, route: string, body?: string): Promise<Response> =>
    fetch(`${url}${route}`, { method, headers: { 'Content-Type': 'application/json' }, body: body ?? null });
  const control = async (method: string, route: string, body?: unknown): Promise<unknown> => {
    const answer = await call(method, `/__sim${route}`, body === undefined ? undefined : JSON.stringify(body));
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${url}: ${method} ${route} answered ${answer.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const site = siteAnswer.parse(await control('GET', '/site'));
  const admin = site.users.find(({ siteAdmin }) => siteAdmin);
  if (admin === undefined) throw new Error(`${url} has no administrator.`);
  const authorization = `Basic ${Buffer.from(`${admin.emailAddress}:${admin.apiToken}`).toString('base64')}`;

  return {
    url,
    projects: async () => siteAnswer.parse(await control('GET', '/site')).projects,
    addSpace: async (plan) => void (await control('POST', '/spaces', plan)),
    forgetSpace: async (key) => void (await control('DELETE', `/spaces/${key}`)),
    putItem: async (item) => void (await control('POST', '/items', item)),
    forgetItem: async (id) => void (await control('DELETE', `/items/${id}`)),
    readItem: async (idOrKey) => {
      const answer = await fetch(`${url}/rest/api/3/issue/${idOrKey}`, { headers: { authorization } });
      if (answer.status === 404) return null;
      return z.object({ id: z.string(), key: z.string(), fields: z.record(z.string(), z.unknown()) }).parse(await answer.json());
    },
    send: async (body) => {
      const answer = await call('POST', '/__sim/webhooks/send', body);
      return sendAnswer.parse(await answer.json()).answers[0] ?? null;
    },
    pageApi: async (project) => {
      const app = appsAnswer.parse(await control('GET', '/apps'))[0];
      if (app === undefined) throw new Error(`Tandem is not installed on ${url}.`);
      const request = { appKey: app.key, accountId: admin.accountId, context: { project: { id: project.id, key: project.key } } };
      const getToken = async (): Promise<string> =>
        z.object({ token: z.string() }).parse(await control('POST', '/context-token', request)).token;
      return createPageApi(new URL(app.descriptorUrl).origin, getToken);
    },
  };
}
