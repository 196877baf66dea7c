import { fail, type Result, succeed } from '../core/failure.ts';
import type { AuthenticationLinkId, ConnectionId } from '../core/ids.ts';
import { hashSecret, isHashOf } from '../platform/make-secret.ts';
import type { Asker, Attempt, AuthenticationLink, LinkFor } from './authentication-link-ports.ts';
import type { Authenticated, ConsentAnswer } from './authentication-ports.ts';
import { type RemoteConnection, type SyncUser, TYPED_KINDS } from './connection-ports.ts';
import type { ConnectionRefusal } from './connection-refusal.ts';
import type { ConnectionResult, ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { findForChange } from './find-connection.ts';
import { type LinkToken, readLinkToken, writeLinkToken } from './link-token.ts';
import { noteConnectionChange } from './note-change.ts';
import type { Caller } from './set-up-ports.ts';
import { wakeConnection } from './wake-connection.ts';

/** Who pressed *Authenticate* goes on at once; a link that is sent to somebody waits until they have time. */
const LASTS_MS: Readonly<Record<LinkFor, number>> = { me: 10 * 60_000, somebody: 7 * 86_400_000 };

export interface MadeLink {
  /** Shown once: nobody can read it again. */
  readonly url: string;
  readonly expiresAt: number;
}

/** A one-time link to the page that asks for consent. Also for a connection that works: who consents then becomes its sync user. */
export async function makeAuthenticationLink(
  ports: Pick<
    ConnectionSetUpPorts,
    'connections' | 'sites' | 'settings' | 'authenticationLinks' | 'audit' | 'clock' | 'makeId' | 'makeSecret' | 'publicUrl'
  >,
  caller: Caller,
  connectionId: ConnectionId,
  madeFor: LinkFor,
): ConnectionResult<MadeLink> {
  const found = await findForChange(ports, caller, connectionId);
  if (!found.ok) return found;
  const { tenantId, kind } = found.value;
  if ((TYPED_KINDS as readonly string[]).includes(kind)) return fail({ code: 'consent-not-needed' });
  const token: LinkToken = { tenantId, linkId: ports.makeId() as AuthenticationLinkId, secret: ports.makeSecret() };
  const now = ports.clock.now();
  const expiresAt = now + LASTS_MS[madeFor];
  const isMade = await ports.authenticationLinks.insert({
    tenantId,
    linkId: token.linkId,
    connectionId,
    secretHash: hashSecret(token.secret),
    for: madeFor,
    asker: askerOf(caller),
    createdAt: now,
    expiresAt,
    end: null,
    attempt: null,
  });
  if (!isMade) return fail({ code: 'connection-not-found' });
  await noteConnectionChange(ports, caller, found.value, 'connection.link-made', madeFor);
  return succeed({ url: `${ports.publicUrl}/authenticate/${writeLinkToken(token)}`, expiresAt });
}

const askerOf = (caller: Caller): Asker =>
  caller.kind === 'token'
    ? { kind: 'token', tokenId: caller.tokenId }
    : { kind: 'person', accountId: caller.accountId, connectionId: caller.connectionId };

/** Who asks for consent to what: all that the page shows before anybody is sent on. */
export interface AskedConsent {
  readonly connection: RemoteConnection;
  readonly for: LinkFor;
  /** A person, or a program by an API token. */
  readonly asker: Asker['kind'];
  /** Null: their site does not say, or a program asks. */
  readonly askerName: string | null;
  /** The tenant's own site; null: it was erased. */
  readonly askerSite: string | null;
  readonly expiresAt: number;
}

type LinkPorts = Pick<ConnectionSetUpPorts, 'authenticationLinks' | 'connections' | 'audit' | 'clock'>;

interface Opened {
  readonly link: AuthenticationLink;
  readonly connection: RemoteConnection;
}

/** Looks a one-time link up by the text in its address. */
async function openLink(ports: LinkPorts, text: string): ConnectionResult<Opened> {
  const token = readLinkToken(text);
  const link = token === null ? null : await ports.authenticationLinks.read(token.tenantId, token.linkId);
  // Whoever does not know the secret learns nothing of the link, not even that there is one.
  if (token === null || link === null || !isHashOf(link.secretHash, token.secret)) return fail({ code: 'link-unknown' });
  const connection = await ports.connections.read(link.tenantId, link.connectionId);
  if (connection === null) return fail({ code: 'link-unknown' });
  const refusal = refusalOfLink(link, ports.clock.now());
  if (refusal === null) return succeed({ link, connection });
  await noteRefusal(ports, link, refusal);
  return fail(refusal);
}

function refusalOfLink({ end, expiresAt }: AuthenticationLink, now: number): ConnectionRefusal | null {
  if (end !== null) return { code: end === 'used' ? 'link-used' : 'link-replaced' };
  return expiresAt <= now ? { code: 'link-expired' } : null;
}

/** What the page of a one-time link shows. Looking uses nothing up: mail programs look at links before people do. */
export async function showConsent(
  ports: LinkPorts & Pick<ConnectionSetUpPorts, 'directory' | 'readPersonName'>,
  text: string,
): ConnectionResult<AskedConsent> {
  const opened = await openLink(ports, text);
  if (!opened.ok) return opened;
  const { link, connection } = opened.value;
  const { asker } = link;
  const site = await ports.directory.readOwn(link.tenantId);
  const askerName =
    asker.kind === 'token' || asker.accountId === null
      ? null
      : await ports.readPersonName(link.tenantId, asker.connectionId, asker.accountId);
  return succeed({
    connection,
    for: link.for,
    asker: asker.kind,
    askerName,
    askerSite: site?.siteUrl ?? null,
    expiresAt: link.expiresAt,
  });
}

/** The button was pressed elsewhere than on the page that says who asks: somebody wants a person to consent unknowingly. */
export async function refuseUnseen(ports: LinkPorts, text: string): Promise<ConnectionRefusal> {
  const refusal = { code: 'page-not-seen' } as const;
  const opened = await openLink(ports, text);
  if (!opened.ok) return opened.failure;
  await noteRefusal(ports, opened.value.link, refusal);
  return refusal;
}

/** Where the browser goes, and what it must bring back. */
export interface BegunAuthentication {
  /** A page of the site, or of Atlassian; made of what the connection holds, never of what a request says. */
  readonly url: string;
  readonly connection: RemoteConnection;
  readonly linkId: AuthenticationLinkId;
  /** For a cookie of this browser alone. */
  readonly browserKey: string;
  readonly until: number;
}

/** The button was pressed on the page of a one-time link. A second press, there or elsewhere, makes the first one void. */
export async function beginAuthentication(
  ports: LinkPorts & Pick<ConnectionSetUpPorts, 'providers' | 'makeSecret'>,
  text: string,
): ConnectionResult<BegunAuthentication> {
  const opened = await openLink(ports, text);
  if (!opened.ok) return opened;
  const { link, connection } = opened.value;
  const [secret, browserKey] = [ports.makeSecret(), ports.makeSecret()];
  const begun = await ports.providers.begin(connection, writeLinkToken({ ...link, secret }));
  if (!begun.ok) {
    await noteRefusal(ports, link, begun.failure);
    return begun;
  }
  const { url, sealed, until } = begun.value;
  const attempt: Attempt = { stateHash: hashSecret(secret), browserHash: hashSecret(browserKey), sealed, until };
  const isOpen = await ports.authenticationLinks.begin(link.tenantId, link.linkId, attempt, ports.clock.now());
  return isOpen ? succeed({ url, connection, linkId: link.linkId, browserKey, until }) : fail({ code: 'link-used' });
}

/** What the browser brought back to our callback address. */
export interface ReturnedConsent extends ConsentAnswer {
  readonly state: string | null;
  /** Of the cookie that was set for the link of that state; null: this browser has none. */
  readonly browserKey: string | null;
}

export interface CompletedAuthentication {
  readonly connection: RemoteConnection;
  readonly formerSyncUser: SyncUser | null;
}

type CompletePorts = LinkPorts & Pick<ConnectionSetUpPorts, 'providers' | 'synchronizations' | 'lanes'>;

/**
 * The site sent the browser back. In this order: is the state ours and unused, is it the same browser, is it in time; then the link is
 * used up, before anything is swapped, so that of two answers at the same moment one counts. What comes to nothing opens it again.
 */
export async function completeAuthentication(
  ports: CompletePorts,
  returned: ReturnedConsent,
): ConnectionResult<CompletedAuthentication> {
  const token = readLinkToken(returned.state ?? '');
  const link = token === null ? null : await ports.authenticationLinks.read(token.tenantId, token.linkId);
  if (token === null || link === null) return fail({ code: 'consent-unknown' });
  const attempt = admit(link, token.secret, returned.browserKey, ports.clock.now());
  const completed = attempt.ok ? await exchange(ports, link, attempt.value, returned) : attempt;
  if (!completed.ok) {
    await noteRefusal(ports, link, completed.failure);
    return completed;
  }
  await ports.authenticationLinks.endOthers(link.tenantId, link.connectionId);
  await wakeConnection(ports, link.tenantId, link.connectionId);
  await ports.audit.note(link.tenantId, {
    at: ports.clock.now(),
    actor: { kind: 'link', linkId: link.linkId },
    action: 'connection.authenticated',
    subject: link.connectionId,
    detail: completed.value.formerSyncUser === null ? null : 'sync user replaced',
    outcome: 'done',
  });
  return completed;
}

function admit(
  { attempt, end }: AuthenticationLink,
  secret: string,
  browserKey: string | null,
  now: number,
): Result<Attempt, ConnectionRefusal> {
  if (attempt === null && end === 'used') return fail({ code: 'link-used' });
  if (attempt === null || !isHashOf(attempt.stateHash, secret)) return fail({ code: 'consent-unknown' });
  if (browserKey === null || !isHashOf(attempt.browserHash, browserKey)) return fail({ code: 'consent-other-browser' });
  return attempt.until > now ? succeed(attempt) : fail({ code: 'consent-expired' });
}

async function exchange(
  { authenticationLinks, connections, providers }: CompletePorts,
  { tenantId, linkId, connectionId }: AuthenticationLink,
  { stateHash, sealed }: Attempt,
  { code, error, requestToken, verifier }: ReturnedConsent,
): ConnectionResult<Authenticated> {
  if (!(await authenticationLinks.use(tenantId, linkId, stateHash))) return fail({ code: 'link-used' });
  const connection = await connections.read(tenantId, connectionId);
  if (connection === null) return fail({ code: 'connection-gone' });
  const completed = await providers.complete(connection, sealed, { code, error, requestToken, verifier });
  if (completed.ok) return completed;
  await authenticationLinks.reopen(tenantId, linkId);
  // Whoever came in by another link meanwhile may have ended the open ones before this one was open again.
  const now = await connections.read(tenantId, connectionId);
  if (now?.state === 'working' && now.since > connection.since) await authenticationLinks.endOthers(tenantId, connectionId);
  return completed;
}

/** A refusal that concerns a known connection is written down; who was refused is known by the link alone. */
async function noteRefusal(
  { audit, clock }: Pick<LinkPorts, 'audit' | 'clock'>,
  { tenantId, linkId, connectionId }: AuthenticationLink,
  { code }: ConnectionRefusal,
): Promise<void> {
  await audit.note(tenantId, {
    at: clock.now(),
    actor: { kind: 'link', linkId },
    action: 'connection.authenticated',
    subject: connectionId,
    detail: code,
    outcome: 'refused',
  });
}
