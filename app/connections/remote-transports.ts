import { fail, succeed } from '../core/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { Audit } from '../sync/audit-ports.ts';
import type { ConnectionCause } from '../sync/connection-ports.ts';
import { readMyself } from './ask-on-entry.ts';
import type { ConnectionName, CredentialStore } from './credential-store.ts';
import { type CredentialKeeper, createCredentialKeeper, type HeldCredentials } from './keep-credentials.ts';
import { type CredentialRefresher, createCredentialRefresher } from './refresh-credentials.ts';
import { isVouched, lostBy, oauth2ClientOf, type SigningParts, sendToApi, sendToProvider, signerOf } from './sign-remote.ts';
import type { SignedTransport, Transports } from './transport.ts';

export interface RemoteTransportParts extends SigningParts {
  readonly credentials: CredentialStore;
  readonly audit: Pick<Audit, 'note'>;
  readonly logger: Logger;
}

/** A token that is refused so soon after it was given out is not refused for its age. */
const YOUNG_MS = 30_000;

interface Ground extends RemoteTransportParts {
  readonly keeper: CredentialKeeper;
  readonly refresher: CredentialRefresher;
  readonly lost: (name: ConnectionName, cause: ConnectionCause) => Promise<void>;
  /** Opening a private key takes longer than using it. */
  readonly signers: WeakMap<HeldCredentials, ReturnType<typeof signerOf>>;
  /** Looks under way at whether the site knows us still. */
  readonly looks: Map<string, Promise<'again' | 'over'>>;
}

/** The ways to sites without the app. */
export function createRemoteTransports(parts: RemoteTransportParts): Transports {
  const { credentials: store, audit, clock, logger } = parts;
  const keeper = createCredentialKeeper({ ...parts, store });
  const lost = async ({ tenantId, connectionId }: ConnectionName, cause: ConnectionCause): Promise<void> => {
    logger.warn({ tenantId, connectionId, cause }, 'A connection needs authentication');
    const action = 'connection.needs-authentication';
    const entry = { at: clock.now(), actor: { kind: 'tandem' as const }, action, subject: connectionId, detail: cause };
    await audit.note(tenantId, { ...entry, outcome: 'done' });
  };
  const refresher = createCredentialRefresher({
    ...parts,
    store,
    keeper,
    lost,
    sendTo: (connection) => sendToProvider(parts, connection),
    async clientOf(connection) {
      const client = await oauth2ClientOf(parts, connection);
      return client.ok ? client.value : null;
    },
  });
  const ground: Ground = { ...parts, keeper, refresher, lost, signers: new WeakMap(), looks: new Map() };
  return {
    async reach(tenantId, connectionId) {
      const name = { tenantId, connectionId };
      const held = await keeper.recent(name);
      return held.ok ? succeed(transportOf(ground, name, held.value)) : held;
    },
  };
}

const transportOf = (ground: Ground, name: ConnectionName, { connection }: HeldCredentials): SignedTransport => ({
  baseUrl: connection.apiUrl,
  product: connection.product,
  version: connection.version,
  hasApp: false,
  address: isVouched(connection) ? 'vouched' : 'given',
  async authorize(method, pathAndQuery) {
    const held = await heldInTime(ground, name);
    if (held === 'over') return fail({ kind: 'unauthorized' });
    if (held === 'unavailable') return fail({ kind: 'unavailable', detail: 'the access token could not be refreshed' });
    const sign = await signerFor(ground, held);
    if (!sign.ok) return fail({ kind: 'unavailable', detail: 'the application link of the connection cannot be used' });
    return succeed({ Authorization: sign.value({ method, url: `${connection.apiUrl}${pathAndQuery}` }) });
  },
  refused: (sent) => judgeRefusal(ground, name, sent.Authorization),
});

function signerFor(ground: Ground, held: HeldCredentials): ReturnType<typeof signerOf> {
  const known = ground.signers.get(held) ?? signerOf(ground, held.connection, held.credentials);
  ground.signers.set(held, known);
  return known;
}

/** Credentials that are good for this moment. */
async function heldInTime(
  { keeper, refresher, clock }: Ground,
  name: ConnectionName,
): Promise<HeldCredentials | 'over' | 'unavailable'> {
  const held = await keeper.recent(name);
  if (!held.ok) return 'over';
  const { credentials, fence } = held.value;
  if (credentials.kind !== 'oauth2' || clock.now() < credentials.refreshAt) return held.value;
  const isGood = clock.now() < credentials.expiresAt;
  const renewed = await refresher.renew(name, fence, isGood ? 'none' : 'wait');
  if (renewed.ok) return renewed.value;
  if (renewed.failure === 'over') return 'over';
  return isGood ? held.value : 'unavailable';
}

/** The site answered 401 to that header. */
async function judgeRefusal(ground: Ground, name: ConnectionName, authorization: string): Promise<'again' | 'over'> {
  const held = await ground.keeper.fresh(name);
  if (!held.ok) return 'over';
  const { credentials, fence } = held.value;
  const sign = await signerFor(ground, held.value);
  // What OAuth 1.0a signs is new each time; its credentials never change by themselves.
  if (sign.ok && credentials.kind !== 'oauth1' && sign.value({ method: 'GET', url: '' }) !== authorization) return 'again';
  if (credentials.kind === 'oauth2' && ground.clock.now() >= credentials.issuedAt + YOUNG_MS)
    return (await ground.refresher.renew(name, fence, 'wait')).ok ? 'again' : 'over';
  return lookOnce(ground, name, held.value);
}

/** A site also answers 401 to what a token's scopes do not allow: only "who am I?" tells whether it still knows us. */
function lookOnce(ground: Ground, name: ConnectionName, held: HeldCredentials): Promise<'again' | 'over'> {
  const key = `${name.tenantId} ${name.connectionId} ${held.fence}`;
  const known = ground.looks.get(key);
  if (known !== undefined) return known;
  const begun = look(ground, name, held).finally(() => ground.looks.delete(key));
  ground.looks.set(key, begun);
  return begun;
}

/** Why the site does not know those credentials; null: it does, or it says nothing. */
async function askWhy(ground: Ground, held: HeldCredentials): Promise<ConnectionCause | null> {
  const { connection, credentials } = held;
  const sign = await signerFor(ground, held);
  if (!sign.ok) return null;
  const me = await readMyself(sendToApi(ground, connection), connection.apiUrl, sign.value);
  return !me.ok && me.failure.kind === 'refused' ? lostBy(me.failure.reply, credentials) : null;
}

async function look(ground: Ground, name: ConnectionName, held: HeldCredentials): Promise<'again' | 'over'> {
  const cause = await askWhy(ground, held);
  if (cause === null) return 'over';
  if (held.credentials.kind !== 'oauth2') return lose(ground, name, held, cause);
  // A token that was given out a moment ago may not be known everywhere yet. The provider itself knows whether the consent stands.
  const renewed = await ground.refresher.renew(name, held.fence, 'wait');
  if (!renewed.ok) return 'over';
  const still = await askWhy(ground, renewed.value);
  return still === null ? 'again' : lose(ground, name, renewed.value, still);
}

async function lose(ground: Ground, name: ConnectionName, { fence }: HeldCredentials, cause: ConnectionCause): Promise<'over'> {
  const refused = await ground.credentials.refuse(name, fence, null, cause, ground.clock.now());
  ground.keeper.forget(name);
  if (refused) await ground.lost(name, cause);
  return 'over';
}
