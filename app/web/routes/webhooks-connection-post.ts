import type { Request, RequestHandler } from 'express';
import { fail, type Result, succeed } from '../../core/failure.ts';
import { type DeliveryRefusal, verifyDelivery } from '../../hosts/remote-webhook.ts';
import type { ConnectionStore, RemoteConnection } from '../../sync/connection-ports.ts';
import type { NoteEvent } from '../../sync/note-event.ts';
import type { NoteRefusal } from '../../sync/note-refusal.ts';
import type { WebhookAddresses, WebhookOwner } from '../../sync/webhook-ports.ts';
import { asyncHandler, type Refusal, sendRefusal } from '../errors.ts';
import { parseJsonBody, readRawBody } from '../json-body.ts';
import { LARGEST_WEBHOOK_BYTES, type ReceivePorts, receiveWebhook, type WebhookSender } from '../receive-webhook.ts';

export interface ConnectionWebhookPorts extends ReceivePorts {
  readonly addresses: WebhookAddresses;
  readonly connections: Pick<ConnectionStore, 'read'>;
  /** The client secret of Tandem's app at Atlassian; null where none is set up. */
  readonly clientSecret: string | null;
  readonly noteEvent: NoteEvent;
  readonly noteRefusal: NoteRefusal;
}

/** One answer for everything: who knocks learns neither whether there is such a connection nor what was wrong. */
const REFUSED: Refusal = {
  status: 401,
  code: 'webhook-refused',
  message: 'The delivery does not prove that it comes from a connected site.',
  remedy: 'Register the webhook again, with the address and the secret that Tandem shows for this connection.',
};

type Refused = DeliveryRefusal | 'connection-unknown';

/** Every line of that header. */
const linesOf = (request: Request, name: string): readonly string[] => request.headersDistinct[name] ?? [];

const judge = (
  connection: RemoteConnection | null,
  raw: Buffer,
  request: Request,
  { addresses, clientSecret, clock }: ConnectionWebhookPorts,
): Result<RemoteConnection, Refused> => {
  if (connection === null) return fail('connection-unknown');
  const presented = { authorizations: linesOf(request, 'authorization'), signatures: linesOf(request, 'x-hub-signature'), raw };
  const secrets = { webhook: addresses.secretOf(connection), client: clientSecret };
  const verified = verifyDelivery(connection, presented, secrets, clock.now());
  return verified.ok ? succeed(connection) : verified;
};

/**
 * A remote site says nothing of whose write an event answers: our own are recognised by what they show (SPEC O3). The sync user is a
 * person like any other there, so that a person made an item does not mean that it is no twin: items that were just made are looked at.
 */
const senderOf = ({ tenantId, connectionId }: WebhookOwner, { observe }: ReceivePorts): WebhookSender => ({
  siteTenantId: tenantId,
  connectionId,
  told: ({ touched }, webhook) => ({
    echoOf: null,
    tellsWriter: false,
    madeBy: null,
    sealedObservation: touched.kind === 'creation' ? null : observe(tenantId, webhook, null),
  }),
});

/**
 * POST /webhooks/connection/:token: of sites without the app. Only who knows an address of ours can make us read a body; only who proves
 * to be the site (hosts/remote-webhook.ts) can make us store something.
 */
export const webhooksConnectionPost = (ports: ConnectionWebhookPorts): RequestHandler =>
  asyncHandler(async (request, response) => {
    const owner = ports.addresses.read(request.params.token ?? '');
    if (owner === null) return sendRefusal(request, response, REFUSED);
    const { tenantId, connectionId } = owner;
    const raw = await readRawBody(request, response, LARGEST_WEBHOOK_BYTES);
    if (!raw.ok) return sendRefusal(request, response, raw.failure);
    const judged = judge(await ports.connections.read(tenantId, connectionId), raw.value, request, ports);
    if (!judged.ok) {
      const noted = {
        actor: { kind: 'stranger' },
        action: 'webhook.refused',
        subject: connectionId,
        code: judged.failure,
      } as const;
      await ports.noteRefusal(tenantId, noted);
      return sendRefusal(request, response, REFUSED);
    }
    const body = parseJsonBody(raw.value);
    if (!body.ok) return sendRefusal(request, response, body.failure);
    await receiveWebhook(ports, senderOf(owner, ports), body.value, request, response);
    await ports.noteEvent(judged.value);
  });
