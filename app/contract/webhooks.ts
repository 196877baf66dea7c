/**
 * The HTTP API around how a site without the app tells of its changes. Strict: unknown keys are refused.
 *
 * | method and path                              | body          | answer |
 * |---|---|---|
 * | GET  /api/v1/connections/:id/webhook         |               | WebhookState: how it does, and what a person has to do |
 * | POST /api/v1/connections/:id/webhook         | ChooseWebhook | WebhookState |
 * | POST /api/v1/connections/:id/webhook/secrets |               | WebhookSecrets: the steps with address and secret, to be pasted at the site; noted in the audit log |
 */
import { z } from 'zod';
import { instructions, told } from './connections.ts';

/** `automatic`: Tandem registers a webhook. `manual`: a person does, by the steps. `polling`: the site cannot reach Tandem. */
export const webhookWay = z.enum(['automatic', 'manual', 'polling']);
export const chooseWebhook = z.strictObject({ way: webhookWay });

export const webhookState = z.strictObject({
  way: webhookWay,
  kind: z.enum(['none', 'registered', 'manual', 'polling']),
  /** Changes are found by asking the site, within seconds to minutes, with the same guarantees. */
  isPolled: z.boolean(),
  /** The light of the first event is still off. */
  awaitsFirstEvent: z.boolean(),
  /** To the minute, ISO 8601. */
  lastEventAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  /** Null: there is nothing to say. */
  cause: told.nullable(),
  /** What has to be done at the site, without address and secret; null: nothing. */
  instructions: instructions.nullable(),
});
export type WebhookState = z.infer<typeof webhookState>;

export const webhookSecrets = z.strictObject({ instructions });
export type WebhookSecrets = z.infer<typeof webhookSecrets>;
