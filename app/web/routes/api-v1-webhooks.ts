import type { Router } from 'express';
import { chooseWebhook as chooseBody, type WebhookSecrets, type WebhookState } from '../../contract/webhooks.ts';
import {
  chooseWebhook,
  readWebhookStanding,
  showWebhookSecrets,
  type WebhookChoicePorts,
  type WebhookStanding,
} from '../../sync/choose-webhook.ts';
import type { Instructions } from '../../sync/connection-instructions.ts';
import { WEBHOOK_CAUSES } from '../../sync/webhook-causes.ts';
import { connectionIdOf, isDone } from '../connection-answers.ts';
import { isoTime } from '../connection-view.ts';
import type { ApiGuard, ApiHandler } from '../guards.ts';
import { callerOf } from '../set-up-answers.ts';
import { bodyOf } from './api-v1-synchronizations.ts';

const viewInstructions = ({ who, steps, bringBack }: Instructions): WebhookSecrets['instructions'] => ({
  who,
  steps: steps.map(({ text, copy }) => ({ text, copy: copy.map((one) => ({ ...one })) })),
  bringBack: [...bringBack],
});

const viewStanding = ({ connection, way, isPolled, cause, instructions }: WebhookStanding): WebhookState => {
  const { webhook, lastEventAt } = connection;
  const expiresAt = webhook.kind === 'registered' ? webhook.expiresAt : null;
  return {
    way,
    kind: webhook.kind,
    isPolled,
    awaitsFirstEvent: way !== 'polling' && lastEventAt === null,
    lastEventAt: lastEventAt === null ? null : isoTime(lastEventAt),
    expiresAt: expiresAt === null ? null : isoTime(expiresAt),
    cause: cause === null ? null : { code: cause, ...WEBHOOK_CAUSES[cause] },
    instructions: instructions === null ? null : viewInstructions(instructions),
  };
};

/** GET /api/v1/connections/:id/webhook */
const webhookGet =
  (ports: WebhookChoicePorts): ApiHandler =>
  async (context, request, response) => {
    const standing = await readWebhookStanding(ports, callerOf(context), connectionIdOf(request));
    if (isDone(request, response, standing)) response.json(viewStanding(standing.value));
  };

/** POST /api/v1/connections/:id/webhook */
const webhookPost =
  (ports: WebhookChoicePorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(chooseBody, request, response);
    if (body === null) return;
    const chosen = await chooseWebhook(ports, callerOf(context), connectionIdOf(request), body.way);
    if (isDone(request, response, chosen)) response.json(viewStanding(chosen.value));
  };

/** POST /api/v1/connections/:id/webhook/secrets: no body. */
const secretsPost =
  (ports: WebhookChoicePorts): ApiHandler =>
  async (context, request, response) => {
    const shown = await showWebhookSecrets(ports, callerOf(context), connectionIdOf(request));
    if (!isDone(request, response, shown)) return;
    const view: WebhookSecrets = { instructions: viewInstructions(shown.value) };
    response.set('Cache-Control', 'no-store').json(view);
  };

/** The table at the head of app/contract/webhooks.ts as routes. */
export function mountWebhooks(router: Router, guard: ApiGuard, ports: WebhookChoicePorts): void {
  router.get('/connections/:id/webhook', guard('connections', webhookGet(ports)));
  router.post('/connections/:id/webhook', guard('connections', webhookPost(ports)));
  router.post('/connections/:id/webhook/secrets', guard('connections', secretsPost(ports)));
}
