import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { describeColumns } from './columns.ts';
import { answerIssueCall } from './issue-call.ts';
import { answerQuery } from './query.ts';
import { ingest, type Tracker, type TrackerProject, type TrackerUser } from './tracker.ts';

/** Codes are ours: the real server's are not documented, clients read the texts. */
const CODES = { token: 5, universe: 6, project: 7, parameter: 8, credentials: 9 };

/** Errors often come with status 200, and always in this shape. */
export const problem = (response: Response, code: number, message: string, status = 200): void =>
  void response.status(status).json({ error: { code, message } });

/** What a run's tests may ask to go wrong, see the control routes. */
export interface Wishes {
  /** Fingerprint to the error text of its part of /api/issue. */
  readonly failing: Map<string, string>;
}

const param = (request: Request, name: string): string => String(request.query[name] ?? '');
const tokenOf = (request: Request): string => request.get('x-coroner-token') ?? param(request, 'token');

interface Caller {
  readonly user: TrackerUser | null;
  readonly by: string;
}

/** A session's token reaches every project, an API token its own. */
function callerOf(tracker: Tracker, token: string, project: TrackerProject | null): Caller | null {
  const user = tracker.sessions.get(token);
  if (user !== undefined) return { user, by: user.username };
  const owner = project ?? [...tracker.projects.values()].find((candidate) => candidate.queryToken === token);
  return owner?.queryToken === token ? { user: null, by: 'api-token' } : null;
}

/** Universe, project and token of a call, or the answer that says which is wrong. */
function entering(tracker: Tracker, request: Request, response: Response): { project: TrackerProject; by: string } | null {
  const universe = param(request, 'universe');
  const project = tracker.projects.get(param(request, 'project'));
  if (universe !== tracker.universe) problem(response, CODES.universe, `no such universe '${universe}'`);
  else if (project === undefined) problem(response, CODES.project, `no such project '${param(request, 'project')}'`);
  else {
    const caller = callerOf(tracker, tokenOf(request), project);
    if (caller !== null) return { project, by: caller.by };
    problem(response, CODES.token, 'invalid token', 403);
  }
  return null;
}

const report = z.looseObject({
  timestamp: z.number().optional(),
  mainThread: z.string(),
  threads: z.record(
    z.string(),
    z.looseObject({ stack: z.array(z.looseObject({ funcName: z.string().default('') })).default([]) }),
  ),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  classifiers: z.array(z.string()).default([]),
});

function submit(tracker: Tracker, token: string, request: Request, response: Response): void {
  const project = [...tracker.projects.values()].find((candidate) => candidate.submitToken === token);
  const parsed = report.safeParse(request.body);
  const thread = parsed.success ? parsed.data.threads[parsed.data.mainThread] : undefined;
  if (project === undefined) problem(response, CODES.token, 'invalid token', 403);
  else if (!parsed.success || thread === undefined) problem(response, CODES.parameter, 'malformed report', 400);
  else {
    const error = ingest(tracker, project, {
      callstack: thread.stack.map(({ funcName }) => funcName),
      classifiers: parsed.data.classifiers,
      timestamp: parsed.data.timestamp ?? null,
      attributes: new Map(
        Object.entries(parsed.data.attributes).flatMap(([name, value]): [string, string | number][] =>
          value === null ? [] : [[name, typeof value === 'boolean' ? String(value) : value]],
        ),
      ),
    });
    response.json({ response: 'ok', _rxid: error.tx.toString(16) });
  }
}

function mountSubmission(server: Express, tracker: Tracker): void {
  server.post('/api/post', (request, response) => {
    if (param(request, 'format') !== 'json') problem(response, CODES.parameter, "invalid parameter 'format'", 503);
    else submit(tracker, param(request, 'token'), request, response);
  });
  server.post('/:universe/:token/json', (request, response) => {
    if (request.params.universe !== tracker.universe)
      problem(response, CODES.universe, `no such universe '${request.params.universe}'`, 503);
    else submit(tracker, request.params.token, request, response);
  });
}

const login = z.union([z.object({ username: z.string(), password: z.string() }), z.object({ token: z.string() })]);

const userOf = (tracker: Tracker, given: z.infer<typeof login>): TrackerUser | undefined =>
  'token' in given
    ? tracker.sessions.get(given.token)
    : tracker.users.find(({ username, password }) => username === given.username && password === given.password);

function mountSession(server: Express, tracker: Tracker): void {
  server.post('/api/login', (request, response) => {
    const given = login.safeParse(request.body);
    const user = given.success ? userOf(tracker, given.data) : undefined;
    if (user === undefined) {
      problem(response, CODES.credentials, 'invalid credentials', 403);
      return;
    }
    const token = tracker.random.hex(64);
    tracker.sessions.set(token, user);
    response.json({ token, universe: tracker.universe, uid: user.uid, username: user.username });
  });
  server.get('/api/config', (_request, response) => {
    response.json({
      universe: tracker.universe,
      universes: [tracker.universe],
      services: [{ name: 'issues', endpoint: '/api/issue' }],
    });
  });
  server.get('/api/limits', (request, response) => {
    if (callerOf(tracker, tokenOf(request), null) === null) problem(response, CODES.token, 'invalid token', 403);
    else {
      const counter = [...tracker.projects.values()].reduce((sum, project) => sum + project.objects.length, 0);
      response.json({ limits: [{ id: tracker.universe, submissions: { limit: 1_000_000, counter, rejected: 0 } }] });
    }
  });
  server.post('/api/bpg', (request, response) => {
    const caller = callerOf(tracker, tokenOf(request), null);
    if (caller?.user?.admin !== true) {
      problem(response, CODES.token, 'invalid token', 403);
      return;
    }
    const wanted = z.object({ actions: z.array(z.object({ action: z.string(), type: z.string() })) }).safeParse(request.body);
    const known =
      wanted.success && wanted.data.actions.every(({ action, type }) => action === 'get' && type === 'configuration/users');
    if (!known) problem(response, CODES.parameter, "invalid parameter 'actions'");
    else
      response.json({
        results: wanted.data.actions.map(() => ({
          result: tracker.users.map(({ uid, username, email }) => ({ uid, username, email, universe: 1, active: 1, deleted: 0 })),
        })),
      });
  });
}

/** Puts the API of the simulated Backtrace on a server. */
export function mountBacktrace(server: Express, tracker: Tracker, wishes: Wishes): void {
  mountSession(server, tracker);
  server.post('/api/query', (request, response) => {
    const entered = entering(tracker, request, response);
    if (entered === null) return;
    if (param(request, 'action') === 'describe') {
      const table = param(request, 'table') === 'issues' ? 'issues' : 'objects';
      response.json({ describe: describeColumns(entered.project, table) });
      return;
    }
    const outcome = answerQuery(tracker, entered.project, request.body, entered.by);
    if ('problem' in outcome) problem(response, CODES.parameter, outcome.problem);
    else
      response.json({
        ...outcome,
        _: { tx: tracker.counters.tx, universe: tracker.universe, project: entered.project.name, user: entered.by, latency: 0 },
      });
  });
  server.post('/api/issue', (request, response) => {
    const entered = entering(tracker, request, response);
    if (entered === null) return;
    const outcome = answerIssueCall(tracker, entered.project, request.body, entered.by, wishes.failing);
    if ('problem' in outcome) problem(response, CODES.parameter, outcome.problem);
    else response.json(outcome);
  });
  server.get('/api/get', (request, response) => {
    const entered = entering(tracker, request, response);
    if (entered === null) return;
    const error = entered.project.objects.find(({ tx }) => tx.toString(16) === param(request, 'object'));
    if (error === undefined) problem(response, CODES.parameter, "invalid parameter 'object'");
    else
      response.json({
        timestamp: error.timestamp,
        classifiers: error.classifiers,
        mainThread: 'main',
        threads: { main: { name: 'main', fault: true, stack: error.callstack.map((funcName) => ({ funcName })) } },
        attributes: Object.fromEntries(error.attributes),
      });
  });
  mountSubmission(server, tracker);
}
