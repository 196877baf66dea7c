import { fail, type Result, succeed } from '../core/failure.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { ConnectionCause, RemoteConnection } from '../sync/connection-ports.ts';
import type { ConnectionName, CredentialStore } from './credential-store.ts';
import type { CredentialKeeper, HeldCredentials } from './keep-credentials.ts';
import { type OAuth2Client, readTokens, refreshAsk, type TokenRefusal, type Tokens } from './oauth2.ts';
import { type GrantedCredentials, sealCredentials } from './remote-credentials.ts';
import type { SecretBox } from './secret-box.ts';
import { LONGEST_CALL_MS, type SendHttp } from './send-http.ts';

/** `over`: the connection needs authentication, or is gone. `unavailable`: the provider does not answer; nothing changed. `busy`: see below. */
export type Unrenewed = 'over' | 'unavailable' | 'busy';

export interface CredentialRefresher {
  /**
   * Other credentials than those of `seen`: one request to the provider, however many ask, in however many processes.
   * @param patience `wait`: for another process that is at it. `none`: `busy` instead.
   */
  renew(name: ConnectionName, seen: number, patience: 'wait' | 'none'): Promise<Result<HeldCredentials, Unrenewed>>;
}

export interface RefreshParts {
  readonly store: CredentialStore;
  readonly keeper: CredentialKeeper;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The client that the connection's consent was given to; null: there is none any more. */
  readonly clientOf: (connection: RemoteConnection) => Promise<OAuth2Client | null>;
  readonly sendTo: (connection: RemoteConnection) => SendHttp;
  /** The connection has just been found to need authentication. */
  readonly lost: (name: ConnectionName, cause: ConnectionCause) => Promise<void>;
}

/**
 * Longer than the longest call, so that a lease never ends while its holder still waits for the provider; and far shorter than the ten
 * minutes in which Atlassian takes a spent refresh token once more, for whoever died between its answer and our writing it down.
 */
const LEASE_MS = LONGEST_CALL_MS + 10_000;
/** How often another process's refresh is looked at. */
const LOOK_MS = 100;
/**
 * How long before its end a token is refreshed: two minutes, or a fifth of a life that is shorter than ten. Longer than any call lasts,
 * so that what is signed now is still good when it arrives.
 */
const AHEAD_MS = 120_000;
/** Longer than a request can still be on its way that we gave up, and half of the time in which Atlassian takes a spent token. */
const DOUBT_MS = 300_000;
/** After a try that came to nothing. Short enough for a lost answer to be made good within Atlassian's ten minutes many times over. */
const REST_MS = 15_000;
/** Longer than any provider's outage asks for; who says more is not believed. */
const LONGEST_REST_MS = 300_000;
/** How long new tokens are kept in memory while the database cannot take them, tried every second: they are the only copy. */
const MOST_STORE_TRIES = 120;
const STORE_AGAIN_MS = 1_000;

/** Refreshes OAuth 2.0 tokens. No transaction is open while the provider is asked. */
export function createCredentialRefresher(parts: RefreshParts): CredentialRefresher {
  const underWay = new Map<string, Promise<Result<HeldCredentials, Unrenewed>>>();
  return {
    async renew(name, seen, patience) {
      const key = `${name.tenantId} ${name.connectionId} ${seen}`;
      for (let known = underWay.get(key); known !== undefined; known = underWay.get(key)) {
        if (patience === 'none') return fail('busy');
        const outcome = await known;
        if (outcome.ok || outcome.failure !== 'busy') return outcome;
      }
      const begun = renew(parts, name, seen, patience).finally(() => underWay.delete(key));
      underWay.set(key, begun);
      return begun;
    },
  };
}

async function renew(
  parts: RefreshParts,
  name: ConnectionName,
  seen: number,
  patience: 'wait' | 'none',
): Promise<Result<HeldCredentials, Unrenewed>> {
  const { store, clock } = parts;
  const giveUpAt = clock.now() + LEASE_MS;
  for (;;) {
    const leave = await store.beginRefresh(name, seen, LEASE_MS);
    switch (leave.kind) {
      case 'mine':
        return carryOut(parts, name, seen, leave);
      case 'newer':
        return readAgain(parts, name);
      case 'over':
        return fail('over');
      case 'resting':
        return fail('unavailable');
      case 'busy':
        if (patience === 'none') return fail('busy');
        if (clock.now() >= giveUpAt) return fail('unavailable');
        await clock.sleepUntil(clock.now() + LOOK_MS);
    }
  }
}

async function readAgain({ keeper }: RefreshParts, name: ConnectionName): Promise<Result<HeldCredentials, Unrenewed>> {
  const held = await keeper.fresh(name);
  return held.ok ? held : fail('over');
}

async function carryOut(
  parts: RefreshParts,
  name: ConnectionName,
  seen: number,
  { fence, doubtful }: { readonly fence: number; readonly doubtful: boolean },
): Promise<Result<HeldCredentials, Unrenewed>> {
  const { keeper, store } = parts;
  const held = await keeper.fresh(name);
  // Somebody consented anew since the leave was given.
  if (held.ok && held.value.fence !== seen) return held;
  const spent = held.ok && held.value.credentials.kind === 'oauth2' ? held.value : null;
  const client = spent === null ? null : await parts.clientOf(spent.connection);
  if (spent === null || spent.credentials.kind !== 'oauth2' || client === null) {
    await store.rest(name, fence, REST_MS);
    return fail('unavailable');
  }
  const { refreshToken, redirectUri } = spent.credentials;
  if (refreshToken === null) return lose(parts, name, { seen, fence, cause: 'token-expired' });
  const tokens = readTokens(await parts.sendTo(spent.connection)(refreshAsk({ ...client, redirectUri }, refreshToken)));
  if (!tokens.ok) return judge(parts, name, { seen, fence, connection: spent.connection }, tokens.failure);
  const renewed = credentialsOf(tokens.value, { refreshToken, redirectUri }, parts.clock.now());
  if (doubtful) await storeSurely(parts, name, fence, againSoon(renewed), DOUBT_MS);
  else await storeSurely(parts, name, fence, renewed, null);
  return readAgain(parts, name);
}

/** What the provider gave, as it is kept. Without a new refresh token the old one stays good (RFC 6749 §6). */
export const credentialsOf = (
  { accessToken, lifeMs, refreshToken }: Tokens,
  former: { readonly refreshToken: string | null; readonly redirectUri: string },
  now: number,
): GrantedCredentials => ({
  kind: 'oauth2',
  accessToken,
  issuedAt: now,
  refreshAt: now + lifeMs - Math.min(AHEAD_MS, lifeMs / 5),
  expiresAt: now + lifeMs,
  refreshToken: refreshToken ?? former.refreshToken,
  redirectUri: former.redirectUri,
});

/**
 * An earlier request, given up by us, may be carried out after this one, and then its answer, which nobody got, is the newest. Atlassian
 * takes the token before it for ten minutes more: refreshed within that time, ours is the newest again.
 */
const againSoon = (credentials: GrantedCredentials): GrantedCredentials => ({
  ...credentials,
  refreshAt: Math.min(credentials.refreshAt, credentials.issuedAt + DOUBT_MS),
});

/** The provider has rotated already, so these are the only good ones: the database may be away for a while. */
async function storeSurely(
  { store, secretBox, clock }: RefreshParts,
  name: ConnectionName,
  fence: number,
  credentials: GrantedCredentials,
  lookInMs: number | null,
): Promise<void> {
  const sealed = sealCredentials(secretBox, name.tenantId, name.connectionId, credentials);
  for (let tries = 1; ; tries += 1) {
    try {
      await store.endRefresh(name, fence, { sealed, at: clock.now(), lookInMs });
      return;
    } catch (error) {
      if (tries === MOST_STORE_TRIES) throw error;
      await clock.sleepUntil(clock.now() + STORE_AGAIN_MS);
    }
  }
}

interface Judged {
  readonly seen: number;
  readonly fence: number;
  readonly connection: RemoteConnection;
}

async function judge(
  parts: RefreshParts,
  name: ConnectionName,
  { seen, fence, connection }: Judged,
  refusal: TokenRefusal,
): Promise<Result<HeldCredentials, Unrenewed>> {
  if (refusal.kind === 'grant') return lose(parts, name, { seen, fence, cause: 'consent-revoked' });
  // The client of Cloud is Tandem's own: if its secret is wrong, that is for who runs Tandem to correct, and no consent is lost by it.
  if (refusal.kind === 'client' && connection.kind !== 'oauth2-cloud')
    return lose(parts, name, { seen, fence, cause: 'client-refused' });
  if (refusal.kind !== 'unavailable')
    parts.logger.error({ ...name, detail: refusal.detail }, 'A provider refuses the client of Tandem, not the consent');
  const asked = refusal.kind === 'unavailable' ? refusal.waitMs : null;
  await parts.store.rest(name, fence, Math.min(asked ?? REST_MS, LONGEST_REST_MS));
  return fail('unavailable');
}

async function lose(
  { store, keeper, clock, lost }: RefreshParts,
  name: ConnectionName,
  { seen, fence, cause }: { seen: number; fence: number; cause: ConnectionCause },
): Promise<Result<HeldCredentials, Unrenewed>> {
  const refused = await store.refuse(name, seen, fence, cause, clock.now());
  keeper.forget(name);
  if (refused) await lost(name, cause);
  // Not ours to say: there are others by now, or somebody is about to store them.
  const held = refused ? null : await keeper.fresh(name);
  return held?.ok === true && held.value.fence !== seen ? succeed(held.value) : fail('over');
}
