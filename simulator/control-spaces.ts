import type { Request, Response, Router } from 'express';
import express from 'express';
import { z } from 'zod';
import { forgetIssue, forgetSpace, furnishSpace } from './heart/furnish-space.ts';
import type { SimulatedSite } from './simulated-site.ts';
import { sendRecorded } from './webhooks/send-recorded.ts';

/** The part of the control API with which recorded events are played: spaces by plan, silent removal, bodies sent as they stand. */

const named = z.strictObject({ id: z.string(), name: z.string() });
const spacePlan = z.strictObject({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  types: z.array(named.extend({ subtask: z.boolean().default(false), statusIds: z.array(z.string()) })),
  statuses: z.array(named.extend({ category: z.enum(['new', 'indeterminate', 'done']) })),
  priorities: z.array(named),
});

export function mountSpaces(api: Router, site: SimulatedSite): void {
  const { heart, connect, call } = site;
  api.post('/spaces', (request: Request, response: Response) => {
    const plan = spacePlan.safeParse(request.body);
    if (!plan.success) return void response.status(400).json({ error: z.prettifyError(plan.error) });
    const made = furnishSpace(heart, plan.data);
    if (made.ok) response.status(201).json({ id: made.value.id, key: made.value.key });
    else response.status(made.refusal.status).json(made.refusal);
  });
  api.delete('/spaces/:project', (request, response) => {
    const name = request.params['project'];
    const project = [...heart.projects.values()].find(({ id, key }) => id === name || key === name);
    if (project !== undefined) forgetSpace(heart, project);
    response.status(project === undefined ? 404 : 204).end();
  });
  api.delete('/items/:issue', (request, response) => {
    const name = request.params['issue'] ?? '';
    const issue = heart.issues.get(name) ?? heart.issues.get(heart.issueIdsByKey.get(name) ?? '');
    if (issue !== undefined) forgetIssue(heart, issue);
    response.status(issue === undefined ? 404 : 204).end();
  });
  api.post('/webhooks/send', express.text({ type: '*/*', limit: '30mb' }), (request, response) => {
    const body = typeof request.body === 'string' ? request.body : '';
    void sendRecorded(connect, heart.clock, body, heart.random.uuid(), call).then((answers) => response.json({ answers }));
  });
}
