import type { Express, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import { FAULT_SHAPES } from './cloud/faults.ts';
import { mountNamedFaults } from './control-faults.ts';
import { mountForge } from './control-forge.ts';
import { mountSpaces } from './control-spaces.ts';
import { editIssue, moveIssue } from './heart/edit-issue.ts';
import { findIssue } from './heart/find-issue.ts';
import { importIssue } from './heart/import-issue.ts';
import type { Outcome } from './heart/outcome.ts';
import type { Actor, User } from './heart/site.ts';
import { PROJECT_PERMISSIONS } from './heart/site.ts';
import type { SimulatedSite } from './simulated-site.ts';

/** The control API below `/__sim`: how a test in another process bends a site. README.md lists it. */

const rate = z.number().min(0).max(1);
const switches = z
  .strictObject({
    dropRate: rate,
    duplicateRate: rate,
    delayMs: z.number().min(0),
    secondaryDelayMs: z.number().min(0),
    reorderMs: z.number().min(0),
    retryDelayMs: z.number().min(0).nullable(),
    maxRetries: z.int().min(0),
    timeoutMs: z.number().min(1),
    concurrent: z.int().min(1),
    paused: z.boolean(),
  })
  .partial();
const fault = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  when: z.enum(['before', 'after']),
  status: z.int().min(400).max(599).nullable(),
  shape: z.enum(FAULT_SHAPES).optional(),
  delayMs: z.number().min(0).optional(),
  chance: rate.optional(),
  retryAfterSeconds: z.number().optional(),
  reason: z.string().optional(),
  times: z.int().min(1).default(1),
});
const context = z
  .object({
    project: z.object({ id: z.string(), key: z.string() }).optional(),
    issue: z.object({ id: z.string(), key: z.string() }).optional(),
  })
  .default({});
const tokenRequest = z.strictObject({ appKey: z.string(), accountId: z.string(), context });
const pageRequest = tokenRequest.extend({ url: z.string() });
const grant = z.strictObject({
  project: z.string(),
  permission: z.enum(PROJECT_PERMISSIONS),
  holders: z.union([z.literal('everyone'), z.literal('nobody'), z.array(z.string())]),
});
const screen = z.strictObject({ project: z.string(), hiddenFields: z.array(z.string()) });
const move = z.strictObject({ issue: z.string(), project: z.string(), issueType: z.string().nullable().default(null) });
const edits = z.strictObject({
  edits: z.array(z.strictObject({ issue: z.string(), fields: z.record(z.string(), z.unknown()) })),
});
const settings = z.strictObject({ latencyMs: z.number().min(0), indexLagMs: z.number().min(0), skewMs: z.number() }).partial();
const imported = z.object({ id: z.string(), key: z.string(), fields: z.record(z.string(), z.unknown()) });
const rawWebhook = z.looseObject({ webhookEvent: z.string() });

/** Reads the body, or answers 400 with what is wrong with it. */
const reading =
  <T>(schema: z.ZodType<T>, use: (value: T, response: Response) => void | Promise<void>) =>
  (request: Request, response: Response): void => {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) response.status(400).json({ error: z.prettifyError(parsed.error) });
    else void use(parsed.data, response);
  };

const told = <T>(response: Response, outcome: Outcome<T>, show: (value: T) => unknown): void => {
  if (outcome.ok) response.json(show(outcome.value));
  else response.status(outcome.refusal.status).json(outcome.refusal);
};

const admin = (site: SimulatedSite): Actor => {
  const user = [...site.heart.users.values()].find((candidate: User) => candidate.siteAdmin);
  if (user === undefined) throw new Error(`The site ${site.heart.name} has no administrator`);
  return { user, through: { kind: 'person' }, trace: null };
};

const projectNamed = (site: SimulatedSite, name: string) =>
  [...site.heart.projects.values()].find((project) => project.key === name || project.id === name);

function mountLedger(api: express.Router, { heart }: SimulatedSite): void {
  api.get('/ledger', (request, response) => {
    const from = Number(request.query['from'] ?? 0);
    response.json({
      points: { app: heart.ledger.points('app'), user: heart.ledger.points('user'), all: heart.ledger.points('all') },
      entries: heart.ledger.entries.slice(from),
    });
  });
  api.delete('/ledger', (_request, response) => {
    heart.ledger.reset();
    response.status(204).end();
  });
}

function mountWebhooks(api: express.Router, { webhooks }: SimulatedSite): void {
  api.get(
    '/webhooks',
    (_request, response) =>
      void response.json({ switches: webhooks.switches, counts: webhooks.counts(), recent: webhooks.recent().slice(-100) }),
  );
  api.put(
    '/webhooks',
    reading(switches, (value, response) => {
      webhooks.change(Object.fromEntries(Object.entries(value).filter(([, setting]) => setting !== undefined)));
      response.json({ switches: webhooks.switches });
    }),
  );
  // Answers when the queue has run empty.
  api.get(
    '/webhooks/idle',
    (_request, response) => void webhooks.idle().then(() => response.json({ counts: webhooks.counts() })),
  );
  api.post(
    '/webhooks/deliver',
    reading(rawWebhook, (body, response) => void response.json({ queued: webhooks.deliverRaw(body) })),
  );
}

function mountState(api: express.Router, site: SimulatedSite): void {
  const { heart, control, faults } = site;
  api.post(
    '/items',
    reading(imported, (issue, response) => told(response, importIssue(heart, issue), ({ id, key }) => ({ id, key }))),
  );
  api.post(
    '/items/move',
    reading(move, (body, response) => {
      const actor = admin(site);
      const issue = findIssue(heart, actor.user, body.issue);
      told(response, issue.ok ? moveIssue(heart, actor, issue.value, body.project, body.issueType) : issue, ({ id, key }) => ({
        id,
        key,
      }));
    }),
  );
  api.post(
    '/edits',
    reading(edits, (body, response) => {
      const actor = admin(site);
      const at = heart.clock.now();
      const refused = body.edits.flatMap(({ issue, fields }) => {
        const found = findIssue(heart, actor.user, issue);
        const edited = found.ok ? editIssue(heart, actor, found.value, { fields, update: {}, properties: [] }, 'adf') : found;
        return edited.ok ? [] : [{ issue, refusal: edited.refusal }];
      });
      response.json({ at, refused });
    }),
  );
  api.put(
    '/grants',
    reading(grant, (body, response) => {
      const project = projectNamed(site, body.project);
      project?.grants.set(body.permission, typeof body.holders === 'string' ? body.holders : new Set(body.holders));
      response.status(project === undefined ? 404 : 204).end();
    }),
  );
  api.put(
    '/screens',
    reading(screen, (body, response) => {
      const project = projectNamed(site, body.project);
      project?.hiddenFields.clear();
      for (const field of body.hiddenFields) project?.hiddenFields.add(field);
      response.status(project === undefined ? 404 : 204).end();
    }),
  );
  api.put(
    '/settings',
    reading(settings, (body, response) => {
      if (body.latencyMs !== undefined) control.latencyMs = body.latencyMs;
      if (body.indexLagMs !== undefined) heart.searchIndex.lagMs = body.indexLagMs;
      if (body.skewMs !== undefined) {
        heart.searchIndex.clockMoved(body.skewMs - control.skewMs);
        control.skewMs = body.skewMs;
      }
      response.json({ ...control, indexLagMs: heart.searchIndex.lagMs });
    }),
  );
  api.post(
    '/faults',
    reading(fault, (body, response) => {
      faults.add(body);
      response.status(204).end();
    }),
  );
  api.delete('/faults', (_request, response) => {
    faults.clear();
    response.status(204).end();
  });
}

function mountApps(api: express.Router, { connect }: SimulatedSite): void {
  api.get('/apps', (_request, response) => {
    response.json(
      [...connect.installations.values()].map(({ descriptor, descriptorUrl, clientKey, enabled, appUser }) => ({
        key: descriptor.key,
        descriptorUrl,
        clientKey,
        enabled,
        accountId: appUser.accountId,
      })),
    );
  });
  api.post(
    '/apps',
    reading(z.strictObject({ descriptorUrl: z.url() }), async ({ descriptorUrl }, response) => {
      const outcome = await connect.install(descriptorUrl);
      if (outcome.ok)
        response.status(201).json({ key: outcome.installation.descriptor.key, clientKey: outcome.installation.clientKey });
      else response.status(502).json({ error: outcome.detail });
    }),
  );
  const change =
    (verb: 'enable' | 'disable' | 'uninstall') =>
    (request: Request, response: Response): void => {
      void connect[verb](request.params['key'] ?? '').then((outcome) =>
        outcome.ok ? response.status(204).end() : response.status(502).json({ error: outcome.detail }),
      );
    };
  api.post('/apps/:key/enable', change('enable'));
  api.post('/apps/:key/disable', change('disable'));
  api.delete('/apps/:key', change('uninstall'));
  const installed = (appKey: string, response: Response, make: () => unknown): void => {
    if (connect.installations.has(appKey)) response.json(make());
    else response.status(404).json({ error: `The app ${appKey} is not installed.` });
  };
  const cleaned = (given: z.infer<typeof context>) => ({
    ...(given.project === undefined ? {} : { project: given.project }),
    ...(given.issue === undefined ? {} : { issue: given.issue }),
  });
  api.post(
    '/context-token',
    reading(tokenRequest, (body, response) =>
      installed(body.appKey, response, () => ({
        token: connect.contextToken(body.appKey, body.accountId, cleaned(body.context)),
      })),
    ),
  );
  api.post(
    '/page-url',
    reading(pageRequest, (body, response) =>
      installed(body.appKey, response, () => ({
        url: connect.pageUrl(body.appKey, body.accountId, body.url, cleaned(body.context)),
      })),
    ),
  );
}

export function mountControl(server: Express, site: SimulatedSite): void {
  const api = express.Router();
  // `/webhooks/send` takes any body byte for byte, so it reads it by itself.
  const json = express.json({ limit: '20mb' });
  api.use((request, response, next) => (request.path === '/webhooks/send' ? next() : json(request, response, next)));
  api.get('/site', (_request, response) => {
    const { heart } = site;
    response.json({
      name: heart.name,
      url: heart.baseUrl,
      cloudId: heart.cloudId,
      users: [...heart.users.values()],
      projects: [...heart.projects.values()].map(({ id, key, name, lastNumber }) => ({ id, key, name, lastNumber })),
    });
  });
  mountLedger(api, site);
  mountWebhooks(api, site);
  mountState(api, site);
  mountApps(api, site);
  mountSpaces(api, site);
  mountNamedFaults(api, site);
  mountForge(api, site);
  server.use('/__sim', api);
}
