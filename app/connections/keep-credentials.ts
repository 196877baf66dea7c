import { fail, type Result, succeed } from '../core/failure.ts';
import type { Clock } from '../platform/clock.ts';
import type { RemoteConnection } from '../sync/connection-ports.ts';
import type { ConnectionName, CredentialStore } from './credential-store.ts';
import { openCredentials, type RemoteCredentials } from './remote-credentials.ts';
import type { SecretBox } from './secret-box.ts';

/** What opens a site, as this process knows it. */
export interface HeldCredentials {
  readonly connection: RemoteConnection;
  readonly credentials: RemoteCredentials;
  readonly fence: number;
}

export type Unheld = 'gone' | 'sealed' | 'unauthenticated';

/** Opened credentials, kept in memory for a moment. */
export interface CredentialKeeper {
  /** As they were at most two seconds ago. */
  recent(name: ConnectionName): Promise<Result<HeldCredentials, Unheld>>;
  /** As they are now. */
  fresh(name: ConnectionName): Promise<Result<HeldCredentials, Unheld>>;
  forget(name: ConnectionName): void;
}

/**
 * Every call to a site needs them. A process that goes on with older ones is harmless: they are good until they expire, and when the
 * site refuses them they are read anew.
 */
const REMEMBERED_MS = 2_000;
const MOST_REMEMBERED = 10_000;

interface Remembered {
  readonly until: number;
  readonly held: Promise<Result<HeldCredentials, Unheld>>;
}

const nameOf = ({ tenantId, connectionId }: ConnectionName): string => `${tenantId} ${connectionId}`;

async function open(
  store: Pick<CredentialStore, 'read'>,
  secretBox: SecretBox,
  name: ConnectionName,
): Promise<Result<HeldCredentials, Unheld>> {
  const kept = await store.read(name);
  if (kept === null) return fail('gone');
  const { connection, sealed, fence } = kept;
  if (connection.state !== 'working' || sealed === null) return fail('unauthenticated');
  const opened = openCredentials(secretBox, name.tenantId, name.connectionId, sealed);
  return opened.ok ? succeed({ connection, credentials: opened.value, fence }) : opened;
}

/** Opens what the store has sealed, and remembers it for {@link REMEMBERED_MS}. One for each process. */
export function createCredentialKeeper(parts: {
  readonly store: Pick<CredentialStore, 'read'>;
  readonly secretBox: SecretBox;
  readonly clock: Pick<Clock, 'now'>;
}): CredentialKeeper {
  const remembered = new Map<string, Remembered>();
  const keeper: CredentialKeeper = {
    recent(name) {
      const known = remembered.get(nameOf(name));
      return known !== undefined && known.until > parts.clock.now() ? known.held : keeper.fresh(name);
    },
    fresh(name) {
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      const forget = (): void => void remembered.delete(nameOf(name));
      const held = open(parts.store, parts.secretBox, name).then(
        (opened) => {
          // Somebody may authenticate at any moment, and then what waited goes on at once.
          if (!opened.ok) forget();
          return opened;
        },
        (error: unknown) => {
          forget();
          throw error;
        },
      );
      remembered.set(nameOf(name), { until: parts.clock.now() + REMEMBERED_MS, held });
      return held;
    },
    forget: (name) => void remembered.delete(nameOf(name)),
  };
  return keeper;
}
