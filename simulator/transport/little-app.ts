import axios, { type AxiosAdapter } from 'axios';
import express from 'express';
import type { Installation } from '../connect/connect-host.ts';
import { signWithSecret } from '../connect/sign.ts';
import type { Clock } from '../heart/clock.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import type { MemoryWorld } from './memory-world.ts';

/** A webhook as the app got it. */
export interface ReceivedWebhook {
  readonly at: number;
  /** The site's base URL. */
  readonly site: string;
  readonly event: string;
  readonly id: string;
  readonly retry: string | undefined;
  readonly flow: string | undefined;
  readonly trace: string | undefined;
  readonly body: { readonly issue?: { readonly id: string; readonly key: string } } & Readonly<Record<string, unknown>>;
}

/** What became of a call: an answer, or the code of an error. */
export interface Called {
  readonly status: number | null;
  readonly code: string | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** The smallest Connect app there is, in a memory world: for tests of the world that need somebody at the other end. */
export interface LittleApp {
  readonly descriptorUrl: string;
  readonly received: ReceivedWebhook[];
  /** Statuses for the next webhooks; 200 after them. */
  readonly answers: number[];
  /** Lifecycle events, oldest first. */
  readonly lifecycle: string[];
  /** What the app does about a webhook, besides keeping it. */
  onWebhook: (webhook: ReceivedWebhook) => void;
  /** Calls a site's REST API with the secret of the last install. */
  call(site: SimulatedSite, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Called>;
}

const KEY = 'little-app';
const TIMEOUT_MS = 10_000;
const EVENTS = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
];

const descriptorOf = (baseUrl: string): object => ({
  key: KEY,
  name: 'Little app',
  baseUrl,
  authentication: { type: 'jwt' },
  scopes: ['READ', 'WRITE', 'DELETE'],
  lifecycle: { installed: '/installed', uninstalled: '/uninstalled', enabled: '/enabled', disabled: '/disabled' },
  modules: { webhooks: EVENTS.map((event) => ({ event, url: '/hooks' })) },
});

const parsed = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
};

type Secrets = Map<string, Pick<Installation, 'sharedSecret'>>;

const caller =
  (secrets: Secrets, clock: Clock, adapter: AxiosAdapter): LittleApp['call'] =>
  async (site, method, path, body, headers = {}) => {
    const url = `${site.url}${path}`;
    const token = { clientKey: KEY, method, url, baseUrl: site.url, now: clock.now() };
    const secret = secrets.get(site.url)?.sharedSecret ?? '';
    try {
      const response = await axios.request<unknown>({
        adapter,
        method,
        url,
        headers: { Authorization: `JWT ${signWithSecret(token, secret)}`, 'Content-Type': 'application/json', ...headers },
        timeout: TIMEOUT_MS,
        validateStatus: () => true,
        ...(body === undefined ? {} : { data: JSON.stringify(body) }),
        transformResponse: parsed,
      });
      return { status: response.status, code: null, headers: response.headers, body: response.data };
    } catch (error) {
      if (!axios.isAxiosError(error)) throw error;
      return { status: null, code: error.code ?? 'unknown', headers: {}, body: null };
    }
  };

/** Puts the app into the world's network and installs it on both sites. */
export async function startLittleApp({ clock, network, sites }: MemoryWorld): Promise<LittleApp> {
  const endpoint = await network.open();
  const secrets: Secrets = new Map();
  const app: LittleApp = {
    descriptorUrl: `${endpoint.url}/descriptor.json`,
    received: [],
    answers: [],
    lifecycle: [],
    onWebhook: () => undefined,
    call: caller(secrets, clock, network.axiosAdapter),
  };
  const server = express();
  server.use(express.json({ limit: '10mb' }));
  server.get('/descriptor.json', (_request, response) => void response.json(descriptorOf(endpoint.url)));
  for (const event of ['installed', 'uninstalled', 'enabled', 'disabled']) {
    server.post(`/${event}`, (request, response) => {
      const { baseUrl, sharedSecret } = request.body as { baseUrl: string; sharedSecret?: string };
      app.lifecycle.push(event);
      if (sharedSecret !== undefined) secrets.set(baseUrl, { sharedSecret });
      response.status(204).end();
    });
  }
  server.post('/hooks', (request, response) => {
    const body = request.body as ReceivedWebhook['body'] & { webhookEvent: string; issue?: { self: string } };
    const header = (name: string): string | undefined => request.header(`x-atlassian-webhook-${name}`);
    const webhook: ReceivedWebhook = {
      at: clock.now(),
      site: new URL(body.issue?.self ?? 'http://nowhere').origin,
      event: body.webhookEvent,
      id: header('identifier') ?? '',
      retry: header('retry'),
      flow: header('flow'),
      trace: header('trace'),
      body,
    };
    app.received.push(webhook);
    response.status(app.answers.shift() ?? 200).end();
    app.onWebhook(webhook);
  });
  endpoint.serve(server);
  for (const site of sites) {
    const installed = await site.connect.install(app.descriptorUrl);
    if (!installed.ok) throw new Error(installed.detail);
  }
  return app;
}
