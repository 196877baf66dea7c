import axios from 'axios';
import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { Clock } from '../../platform/clock.ts';

/** `jwt-key-unknown`: no server has that key. `jwt-key-unavailable`: they could not be asked; Jira may try again later. */
export type KeyFailure = 'jwt-key-unknown' | 'jwt-key-unavailable';

/** Public keys of signed installs, by their key id. */
export interface InstallKeys {
  readPem(keyId: string): Promise<Result<string, KeyFailure>>;
}

/** Key ids are uuids today. The pattern keeps them a single harmless path segment of an address we choose. */
const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const PEM = /^-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;

const TIMEOUT_MS = 5_000;
const LARGEST_KEY_BYTES = 16 * 1024;
/** A key id names one key for ever, so an hour is only the time a withdrawn key lives on. */
const KEPT_MS = 3_600_000;
const MOST_KEPT = 64;
/** Anyone can send us key ids, so what we do about them at the same time is bounded. */
const MOST_FETCHES = 8;

const fetchFrom = async (server: string, keyId: string): Promise<Result<string, KeyFailure>> => {
  try {
    const answer = await axios.get<unknown>(`${server}/${keyId}`, {
      timeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      maxRedirects: 0,
      maxContentLength: LARGEST_KEY_BYTES,
      responseType: 'text',
      transformResponse: (data: unknown) => data,
      validateStatus: () => true,
    });
    if (answer.status >= 500 || answer.status === 429) return fail('jwt-key-unavailable');
    if (answer.status !== 200 || typeof answer.data !== 'string' || !PEM.test(answer.data)) return fail('jwt-key-unknown');
    return succeed(answer.data);
  } catch (error) {
    if (axios.isAxiosError(error) || (error instanceof Error && error.name === 'TimeoutError'))
      return fail('jwt-key-unavailable');
    throw error;
  }
};

/** Asks the servers in order (base URLs without trailing slash) until one has the key. Keeps keys an hour. */
export const createInstallKeys = (options: { servers: readonly string[]; clock: Clock }): InstallKeys => {
  const kept = new Map<string, { pem: string; until: number }>();
  const running = new Map<string, Promise<Result<string, KeyFailure>>>();

  const fetchKey = async (keyId: string): Promise<Result<string, KeyFailure>> => {
    let failure: KeyFailure = 'jwt-key-unknown';
    for (const server of options.servers) {
      const fetched = await fetchFrom(server, keyId);
      if (fetched.ok) {
        const oldest = kept.keys().next();
        if (kept.size >= MOST_KEPT && oldest.done !== true) kept.delete(oldest.value);
        kept.set(keyId, { pem: fetched.value, until: options.clock.now() + KEPT_MS });
        return fetched;
      }
      if (fetched.failure === 'jwt-key-unavailable') failure = 'jwt-key-unavailable';
    }
    return fail(failure);
  };

  return {
    async readPem(keyId) {
      if (!KEY_ID.test(keyId)) return fail('jwt-key-unknown');
      const known = kept.get(keyId);
      if (known !== undefined && known.until > options.clock.now()) return succeed(known.pem);
      const started = running.get(keyId);
      if (started !== undefined) return started;
      if (running.size >= MOST_FETCHES) return fail('jwt-key-unavailable');
      const fetching = fetchKey(keyId).finally(() => running.delete(keyId));
      running.set(keyId, fetching);
      return fetching;
    },
  };
};
