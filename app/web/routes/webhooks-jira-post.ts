import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { EffectId, PieceKey, SynchronizationId, TenantId } from '../../core/ids.ts';
import type { JwtVerifier, VerifiedSite } from '../../hosts/connect/verify-jwt.ts';
import type { ReadWebhook } from '../../hosts/jira-webhook.ts';
import { isExplainedBy, readWebhook } from '../../hosts/jira-webhook.ts';
import type { Delivery, Inbox, Receipt } from '../../sync/ports.ts';
import type { Refusal } from '../errors.ts';
import { sendRefusal } from '../errors.ts';
import { createSiteGuard } from '../guards.ts';
import { readJsonBody } from '../json-body.ts';

/** Jira sends webhooks of up to 25 MB. */
const LARGEST_BODY_BYTES = 25 * 1024 * 1024;

export interface WebhookRoutePorts {
  readonly verifier: JwtVerifier;
  readonly inbox: Inbox;
  /** Reads a trace that was made for a write to that tenant's site; null when it is none of ours. */
  readonly readTrace: (
    siteTenantId: TenantId,
    trace: string,
  ) => {
    readonly synchronizationId: SynchronizationId;
    /** Null: several effects in one call. */
    readonly effectId: EffectId | null;
    readonly pieces: readonly PieceKey[];
  } | null;
  /** The effect by which a body says that its item was made for that synchronization; null when it does not say. */
  readonly readMaker: (webhook: unknown, synchronizationId: SynchronizationId) => EffectId | null;
  /** What the body tells of its item, sealed for that site; null when it does not tell it whole. */
  readonly observe: (siteTenantId: TenantId, webhook: unknown) => string | null;
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

/** Jira repeats this header unchanged when it tries again. Where it is absent, equal bytes are the same delivery. */
const deliveryIdOf = (request: Request, raw: Buffer): string => {
  const given = request.get('X-Atlassian-Webhook-Identifier') ?? '';
  return /^[\x21-\x7e]{1,200}$/.test(given) ? given : `sha256:${createHash('sha256').update(raw).digest('hex')}`;
};

type Told = Pick<Delivery, 'echoOf' | 'madeBy' | 'sealedObservation'>;

/**
 * Whose write the event answers, if it says nothing else, and what it shows of the item; where that write made the item, also which write
 * it was. An item that nobody proves to have made may be a twin of any synchronization, if Jira forgot the trace: only the mark on it
 * tells. People make no marked items. Of items that were made in one call the trace does not say which is which: the mark does, where
 * Jira shows it; without it nothing is told.
 */
const toldBy = (ports: WebhookRoutePorts, request: Request, site: VerifiedSite, hint: ReadWebhook, webhook: unknown): Told => {
  const { tenantId } = site.installation;
  const header = request.get('X-Atlassian-Webhook-Trace');
  const trace = header === undefined ? null : ports.readTrace(tenantId, header);
  const isOurs = trace !== null && isExplainedBy(hint.touched, trace.pieces);
  const isCreation = hint.touched.kind === 'creation';
  const sealedObservation = !isCreation || isOurs || hint.byPerson ? ports.observe(tenantId, webhook) : null;
  if (!isOurs) return { echoOf: null, madeBy: null, sealedObservation };
  const { synchronizationId: echoOf } = trace;
  if (!isCreation) return { echoOf, madeBy: null, sealedObservation };
  const madeBy = sealedObservation === null ? null : (trace.effectId ?? ports.readMaker(webhook, echoOf));
  return { echoOf, madeBy, sealedObservation: madeBy === null && trace.effectId === null ? null : sealedObservation };
};

/**
 * POST /webhooks/jira. The token is checked before the body is read; the body is reduced to a hint and a sealed observation, and
 * dropped; these are stored, and only then Jira gets its 200. What we do not act on is answered 200 too: a repetition would change nothing.
 */
export const webhooksJiraPost = (ports: WebhookRoutePorts): RequestHandler =>
  createSiteGuard(
    ports.verifier,
    'webhook',
  )(async (site, request, response) => {
    const body = await readJsonBody(request, response, LARGEST_BODY_BYTES);
    if (!body.ok) return sendRefusal(request, response, body.failure);
    const reading = readWebhook(body.value.json);
    if (reading.kind === 'malformed') return sendRefusal(request, response, UNREADABLE);
    if (reading.kind === 'declined') {
      const declined: WebhookAnswer = { outcome: 'declined', code: reading.code, reason: reading.reason };
      response.json(declined);
      return;
    }
    const receipt = await ports.inbox.receive({
      siteTenantId: site.installation.tenantId,
      connectionId: site.installation.connectionId,
      deliveryId: deliveryIdOf(request, body.value.raw),
      event: reading.event,
      issueId: reading.issueId,
      projectId: reading.projectId,
      issueKey: reading.issueKey,
      ...toldBy(ports, request, site, reading, body.value.json),
    });
    response.json(answerOf(receipt));
  });
