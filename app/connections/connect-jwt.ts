import { createHmac } from 'node:crypto';
import { parse } from 'node:querystring';
import { createQueryStringHash } from 'atlassian-jwt';
import { fail, succeed } from '../core/failure.ts';
import type { Clock } from '../platform/clock.ts';
import type { InstallationStore } from './installation-store.ts';
import type { SecretBox } from './secret-box.ts';
import type { Transports } from './transport.ts';

/** Connect's own advice: long enough for clocks apart and slow networks, too short to be worth stealing. */
const VALID_SECONDS = 180;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const HEADER = encode({ typ: 'JWT', alg: 'HS256' });

const signRequest = (
  options: { appKey: string; baseUrl: string; secret: string; now: number },
  method: string,
  pathAndQuery: string,
): string => {
  const [path = '/', ...query] = pathAndQuery.split('?');
  const issuedAt = Math.floor(options.now / 1000);
  const claims = {
    iss: options.appKey,
    iat: issuedAt,
    exp: issuedAt + VALID_SECONDS,
    // The hash covers the path relative to the site's base URL, which is what we are given.
    qsh: createQueryStringHash({ method, pathname: path, query: parse(query.join('?'), '&', '=', { maxKeys: 0 }) }),
  };
  const signed = `${HEADER}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', options.secret).update(signed).digest('base64url')}`;
};

/** Requests to Jira as the app's own user, signed with the secret of the installation. */
export const createConnectTransports = (ports: {
  installations: InstallationStore;
  secretBox: SecretBox;
  clock: Clock;
  appKey: string;
}): Transports => ({
  async reach(tenantId, connectionId) {
    const installation = await ports.installations.read(tenantId, connectionId);
    if (installation === null || installation.state !== 'enabled') return fail('gone');
    const secret = ports.secretBox.open(tenantId, installation.sealedSecret);
    if (!secret.ok) return fail('sealed');
    const { baseUrl } = installation;
    return succeed({
      baseUrl,
      product: 'cloud' as const,
      version: null,
      hasApp: true,
      address: 'vouched' as const,
      authorize: async (method: string, pathAndQuery: string) =>
        succeed({
          Authorization: `JWT ${signRequest({ appKey: ports.appKey, baseUrl, secret: secret.value, now: ports.clock.now() }, method, pathAndQuery)}`,
        }),
      // A reinstallation brings the new secret; the next turn signs with it.
      refused: async () => 'over' as const,
    });
  },
});
