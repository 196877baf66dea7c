import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { ConnectionId, EffectId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';
import type { Writer } from '../core/observation.ts';
import { isExplainedBy, type ReadWebhook, readWebhook } from '../hosts/jira-webhook.ts';
import type { Delivery, Inbox, Receipt } from '../sync/ports.ts';
import { type Refusal, sendRefusal } from './errors.ts';
import type { JsonBody } from './json-body.ts';

/** Jira sends webhooks of up to 25 MB. */
export const LARGEST_WEBHOOK_BYTES = 25 * 1024 * 1024;

export interface ReceivePorts {
  readonly inbox: Inbox;
  /** What the body tells of its item, sealed for that site; null when it does not tell it whole. */
  readonly observe: (siteTenantId: TenantId, webhook: unknown, writer: Writer | null) => string | null;
  readonly clock: { now(): number };
}

/** What Jira is answered; people read it in the log of a delivery. */
interface WebhookAnswer {
  readonly outcome: 'accepted' | 'declined';
  readonly code: string;
  readonly reason: string;
}

const UNREADABLE: Refusal = {
  status: 400,
  code: 'webhook-malformed',
  message: 'The body is not a Jira webhook.',
  remedy: 'Send what Jira sends: an object with webhookEvent.',
};

const answerOf = (receipt: Receipt): WebhookAnswer => {
  switch (receipt.kind) {
    case 'accepted':
      return { outcome: 'accepted', code: 'queued', reason: 'The work item will be looked at.' };
    case 'duplicate':
      return { outcome: 'declined', code: 'duplicate', reason: 'This delivery has been received before.' };
    case 'echo':
      return { outcome: 'declined', code: 'echo', reason: 'The event was caused by what Tandem wrote itself.' };
    case 'unconcerned':
      return { outcome: 'declined', code: 'unconcerned', reason: 'No running synchronization has this space or work item.' };
  }
};

/** Bodies without a time of their own can be equal and mean two things; within this time they are one that came twice. */
const TIMELESS_MS = 10_000;

/** Jira writes a number, middlemen now and then text. */
const isTimed = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'timestamp' in json && Number(json.timestamp) > 0;

/**
 * Jira Cloud repeats this header unchanged when it tries again. Where it is absent, as on Data Center, equal bytes are the same delivery:
 * a body carries the millisecond at which its event happened. Where it does not, it counts as the same for a short time only.
 */
const deliveryIdOf = (request: Request, { raw, json }: JsonBody, now: number): string => {
  const given = request.get('X-Atlassian-Webhook-Identifier') ?? '';
  if (/^[\x21-\x7e]{1,200}$/.test(given)) return given;
  const hash = `sha256:${createHash('sha256').update(raw).digest('hex')}`;
  return isTimed(json) ? hash : `${hash}@${Math.floor(now / TIMELESS_MS)}`;
};

/** Whose write an event answers, and what it shows of the item. */
export type WebhookTold = Pick<Delivery, 'echoOf' | 'tellsWriter' | 'madeBy' | 'sealedObservation'>;

/** Who sent a delivery, as verified. */
export interface WebhookSender {
  readonly siteTenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** Whose write the event answers, and what it shows of the item, by the rules of that kind of site. */
  told(hint: ReadWebhook, webhook: unknown): WebhookTold;
}

/** A trace of ours, as it was read. */
export interface ReadTrace {
  readonly synchronizationId: SynchronizationId;
  /** Null: several effects in one call. */
  readonly effectId: EffectId | null;
  readonly pieces: readonly PieceKey[];
}

/** Whether that write explains all that the event touched. */
export const explains = (trace: ReadTrace, hint: ReadWebhook): boolean => isExplainedBy(hint.touched, trace.pieces);

/**
 * Answers an authentic delivery: its body is reduced to a hint and a sealed observation, and dropped; these are stored, and only then Jira
 * gets its 200. What we do not act on is answered 200 too: a repetition would change nothing.
 */
export async function receiveWebhook(
  ports: ReceivePorts,
  sender: WebhookSender,
  body: JsonBody,
  request: Request,
  response: Response,
): Promise<void> {
  const reading = readWebhook(body.json);
  if (reading.kind === 'malformed') return sendRefusal(request, response, UNREADABLE);
  if (reading.kind === 'declined') {
    const declined: WebhookAnswer = { outcome: 'declined', code: reading.code, reason: reading.reason };
    response.json(declined);
    return;
  }
  const receipt = await ports.inbox.receive({
    siteTenantId: sender.siteTenantId,
    connectionId: sender.connectionId,
    deliveryId: deliveryIdOf(request, body, ports.clock.now()),
    event: reading.event,
    issueId: reading.issueId,
    projectId: reading.projectId,
    issueKey: reading.issueKey,
    ...sender.told(reading, body.json),
  });
  response.json(answerOf(receipt));
}
