import type { Request, RequestHandler } from 'express';
import type { EffectId, SynchronizationId, TenantId } from '../../core/ids.ts';
import type { Writer } from '../../core/observation.ts';
import type { JwtVerifier, VerifiedSite } from '../../hosts/connect/verify-jwt.ts';
import { isOfCommentEdit, isOfTransition, type ReadWebhook } from '../../hosts/jira-webhook.ts';
import { sendRefusal } from '../errors.ts';
import { createSiteGuard } from '../guards.ts';
import { readJsonBody } from '../json-body.ts';
import {
  explains,
  LARGEST_WEBHOOK_BYTES,
  type ReadTrace,
  type ReceivePorts,
  receiveWebhook,
  type WebhookTold,
} from '../receive-webhook.ts';

export interface WebhookRoutePorts extends ReceivePorts {
  readonly verifier: JwtVerifier;
  /** Reads a trace that was made for a write to that tenant's site; null when it is none of ours. */
  readonly readTrace: (siteTenantId: TenantId, trace: string) => ReadTrace | null;
  /** The effect by which a body says that its item was made for that synchronization; null when it does not say. */
  readonly readMaker: (webhook: unknown, synchronizationId: SynchronizationId) => EffectId | null;
}

/**
 * Whose write the event answers, if it says nothing else, and what it shows of the item; where that write made the item, also which write
 * it was. An item that nobody proves to have made may be a twin of any synchronization, if Jira forgot the trace: only the mark on it
 * tells. People make no marked items. Of items that were made in one call the trace does not say which is which: the mark does, where
 * Jira shows it; without it nothing is told. A transition of ours, and an edit of a comment, is told to its synchronization, unless the event does not
 * show it whole: to ask for a read of it is more than it is worth. What a transition replaced, the next look finds (SPEC O11).
 */
const toldBy = (
  ports: WebhookRoutePorts,
  request: Request,
  site: VerifiedSite,
  hint: ReadWebhook,
  webhook: unknown,
): WebhookTold => {
  const { tenantId } = site.installation;
  const header = request.get('X-Atlassian-Webhook-Trace');
  const trace = header === undefined ? null : ports.readTrace(tenantId, header);
  const isOurs = trace !== null && explains(trace, hint);
  const isCreation = hint.touched.kind === 'creation';
  const writer = isOurs ? writerOf(trace) : null;
  const sealedObservation = !isCreation || isOurs || hint.byPerson ? ports.observe(tenantId, webhook, writer) : null;
  if (!isOurs) return { echoOf: null, tellsWriter: false, madeBy: null, sealedObservation };
  const { synchronizationId: echoOf } = trace;
  const isToTell = isOfTransition(hint.touched) || (isOfCommentEdit(hint.event) && writer !== null);
  const tellsWriter = isToTell && sealedObservation !== null;
  if (!isCreation) return { echoOf, tellsWriter, madeBy: null, sealedObservation };
  const madeBy = sealedObservation === null ? null : (trace.effectId ?? ports.readMaker(webhook, echoOf));
  const isUntold = madeBy === null && trace.effectId === null;
  return { echoOf, tellsWriter, madeBy, sealedObservation: isUntold ? null : sealedObservation };
};

/** Null: it made several things at once. */
const writerOf = ({ synchronizationId, effectId }: ReadTrace): Writer | null =>
  effectId === null ? null : { synchronizationId, effectId };

/** POST /webhooks/jira: of sites that have the app. The token is checked before the body is read. */
export const webhooksJiraPost = (ports: WebhookRoutePorts): RequestHandler =>
  createSiteGuard(
    ports.verifier,
    'webhook',
  )(async (site, request, response) => {
    const body = await readJsonBody(request, response, LARGEST_WEBHOOK_BYTES);
    if (!body.ok) return sendRefusal(request, response, body.failure);
    const { tenantId: siteTenantId, connectionId } = site.installation;
    const sender = {
      siteTenantId,
      connectionId,
      told: (hint: ReadWebhook, webhook: unknown) => toldBy(ports, request, site, hint, webhook),
    };
    await receiveWebhook(ports, sender, body.value, request, response);
  });
