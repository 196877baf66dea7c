import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { Timers } from '../heart/clock.ts';
import { problem, type Wishes } from './backtrace-routes.ts';
import { changeGroup, groupOf, ingest, type Tracker } from './tracker.ts';
import type { TrackerWebhooks } from './tracker-webhooks.ts';

/** How a call is to fail. */
const faultSchema = z.strictObject({
  /** The whole path, such as `/api/query`; any below /api when absent. */
  path: z.string().optional(),
  /** `error`: the error shape with status 200; `token`: 403; `status`: that status with an HTML page; `slow`; `drop`. */
  kind: z.enum(['error', 'token', 'status', 'slow', 'drop']),
  message: z.string().default('Internal error'),
  status: z.int().min(400).max(599).default(502),
  delayMs: z.number().min(0).default(0),
  times: z.int().min(1).default(1),
});
type Fault = z.infer<typeof faultSchema>;

const errors = z.strictObject({
  project: z.string(),
  callstack: z.array(z.string()).min(1),
  classifiers: z.array(z.string()).default([]),
  attributes: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  count: z.int().min(1).default(1),
});
const edit = z.strictObject({
  project: z.string(),
  fingerprint: z.string(),
  by: z.string().default('ann'),
  state: z.string().optional(),
  tags: z.string().optional(),
  ticket: z.string().optional(),
});
const hook = z.strictObject({
  project: z.string(),
  url: z.url(),
  username: z.string().min(1),
  password: z.string().min(1),
  event: z.enum(['group', 'trace']).default('group'),
});
const failing = z.strictObject({ fingerprint: z.string(), message: z.string() });

export interface CountedCall {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** What the tests in another process see and bend. */
export interface BacktraceControl {
  readonly tracker: Tracker;
  readonly webhooks: TrackerWebhooks;
  readonly wishes: Wishes;
  readonly faults: Fault[];
  readonly calls: CountedCall[];
}

const reading =
  <T>(schema: z.ZodType<T>, use: (value: T, response: Response) => void) =>
  (request: Request, response: Response): void => {
    const parsed = schema.safeParse(request.body);
    if (parsed.success) use(parsed.data, response);
    else response.status(400).json({ error: z.prettifyError(parsed.error) });
  };

function strike(fault: Fault, timers: Timers, request: Request, response: Response, next: NextFunction): void {
  if (fault.kind === 'error') problem(response, 1, fault.message);
  else if (fault.kind === 'token') problem(response, 5, 'invalid token', 403);
  else if (fault.kind === 'status') response.status(fault.status).type('html').send('<html><body>Bad gateway</body></html>');
  else if (fault.kind === 'drop') request.socket.destroy();
  else timers.after(fault.delayMs, () => next());
}

/** Counts every call of the API, and lets the faults strike that wait for it. Goes before the routes. */
export function mountFaults(server: Express, { faults, calls }: BacktraceControl, timers: Timers): void {
  server.use((request, response, next) => {
    if (request.path.startsWith('/__sim')) {
      next();
      return;
    }
    response.on('finish', () => calls.push({ method: request.method, path: request.path, status: response.statusCode }));
    const at = faults.findIndex(({ path }) => path === undefined || path === request.path);
    const fault = faults[at];
    if (fault === undefined) next();
    else {
      if (fault.times <= 1) faults.splice(at, 1);
      else faults[at] = { ...fault, times: fault.times - 1 };
      strike(fault, timers, request, response, next);
    }
  });
}

const done = (response: Response): void => void response.status(204).end();

function mountMisfortune(api: express.Router, { webhooks, wishes, faults }: BacktraceControl): void {
  api.post(
    '/webhooks',
    reading(hook, (body, response) => {
      webhooks.hooks.push(body);
      done(response);
    }),
  );
  api.post('/webhooks/flush', (_request, response) => void webhooks.flush().then(() => response.json({ sent: webhooks.sent })));
  api.post(
    '/faults',
    reading(faultSchema, (body, response) => {
      faults.push(body);
      done(response);
    }),
  );
  api.delete('/faults', (_request, response) => {
    faults.length = 0;
    wishes.failing.clear();
    done(response);
  });
  api.post(
    '/failing',
    reading(failing, ({ fingerprint, message }, response) => {
      wishes.failing.set(fingerprint, message);
      done(response);
    }),
  );
}

/** The control routes below `/__sim`. */
export function mountBacktraceControl(server: Express, control: BacktraceControl): void {
  const { tracker, webhooks, calls } = control;
  const api = express.Router();
  api.get('/state', (_request, response) => {
    const projects = [...tracker.projects.values()].map(({ name, submitToken, queryToken, groups, objects }) => ({
      name,
      submitToken,
      queryToken,
      objects: objects.length,
      groups: [...groups.values()],
    }));
    response.json({
      universe: tracker.universe,
      now: tracker.now(),
      users: tracker.users,
      projects,
      hooks: webhooks.hooks,
      sent: webhooks.sent,
    });
  });
  api.get('/ledger', (_request, response) => void response.json({ calls }));
  api.post(
    '/errors',
    reading(errors, (body, response) => {
      const project = tracker.projects.get(body.project);
      if (project === undefined) {
        response.status(404).json({ error: `There is no project ${body.project}.` });
        return;
      }
      const given = { ...body, attributes: new Map(Object.entries(body.attributes)), timestamp: null };
      const made = Array.from({ length: body.count }, () => ingest(tracker, project, given));
      response.status(201).json({ fingerprint: groupOf(project, made[0]?.fingerprint ?? '')?.fingerprint, count: made.length });
    }),
  );
  api.put(
    '/groups',
    reading(edit, ({ project, fingerprint, by, ...change }, response) => {
      const found = tracker.projects.get(project);
      const group = found === undefined ? undefined : groupOf(found, fingerprint);
      if (group === undefined) response.status(404).json({ error: `There is no group ${fingerprint} in ${project}.` });
      else {
        changeGroup(tracker, group, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)), by);
        response.json(group);
      }
    }),
  );
  api.put(
    '/clock',
    reading(z.strictObject({ advanceSeconds: z.number() }), ({ advanceSeconds }, response) => {
      tracker.advance(advanceSeconds);
      response.json({ now: tracker.now() });
    }),
  );
  mountMisfortune(api, control);
  server.use('/__sim', api);
}
