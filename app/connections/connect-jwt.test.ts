import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createQueryStringHash, decodeSymmetric, SymmetricAlgorithm } from 'atlassian-jwt';
import { buildInstallation } from '../../test/contract/installation-store.contract.ts';
import { createMemoryInstallationStore } from '../../test/fakes/memory-installation-store.ts';
import { createConnectTransports } from './connect-jwt.ts';
import { createSecretBox } from './secret-box.ts';

const NOW = 1_800_000_000_500;
const SECRET = 'secret-of-acme-secret-of-acme';

const arrange = async (overrides: Parameters<typeof buildInstallation>[0] = {}) => {
  const secretBox = createSecretBox({ current: Buffer.alloc(32, 1), older: [] });
  const installations = createMemoryInstallationStore();
  const { tenantId } = buildInstallation();
  const installation = buildInstallation({ sealedSecret: secretBox.seal(tenantId, SECRET), ...overrides });
  await installations.record(installation);
  const transports = createConnectTransports({
    installations,
    secretBox,
    appKey: 'com.tandem.jira',
    clock: { now: () => NOW, sleepUntil: async () => undefined },
  });
  return { transports, installation };
};

describe('requests to Jira', () => {
  it.each<[string, string, { pathname: string; query: Record<string, string | string[]> }]>([
    [
      'GET',
      '/rest/api/3/issue/10001?fields=summary,status&properties=*all',
      { pathname: '/rest/api/3/issue/10001', query: { fields: 'summary,status', properties: '*all' } },
    ],
    ['PUT', '/rest/api/3/issue/10001', { pathname: '/rest/api/3/issue/10001', query: {} }],
    ['GET', '/rest/api/3/search?b=2&a=1&a=%C3%A4+x', { pathname: '/rest/api/3/search', query: { b: '2', a: ['1', 'ä x'] } }],
  ])('%s %s carries a token made for it', async (method, target, parts) => {
    const { transports, installation } = await arrange();
    const reached = await transports.reach(installation.tenantId, installation.connectionId);
    if (!reached.ok) throw new Error(reached.failure);
    const signed = await reached.value.authorize(method, target);
    if (!signed.ok) throw new Error(signed.failure.kind);
    const [scheme, token = ''] = signed.value.Authorization.split(' ');
    expect(scheme).toBe('JWT');
    expect(decodeSymmetric(token, SECRET, SymmetricAlgorithm.HS256)).toEqual({
      iss: 'com.tandem.jira',
      iat: 1_800_000_000,
      exp: 1_800_000_180,
      qsh: createQueryStringHash({ method, ...parts }),
    });
    const [header, claims, signature] = token.split('.');
    expect(signature).toBe(createHmac('sha256', SECRET).update(`${header}.${claims}`).digest('base64url'));
  });

  it.each<[string, Parameters<typeof buildInstallation>[0], string]>([
    ['a disabled site', { state: 'disabled' }, 'gone'],
    ['an uninstalled site', { state: 'uninstalled' }, 'gone'],
    ['a secret we cannot open', { sealedSecret: 'v1.00000000.AAAA' }, 'sealed'],
  ])('do not go to %s', async (_name, overrides, failure) => {
    const { transports, installation } = await arrange(overrides);
    expect(await transports.reach(installation.tenantId, installation.connectionId)).toEqual({ ok: false, failure });
  });

  it('do not go where nobody installed', async () => {
    const { transports, installation } = await arrange();
    const other = buildInstallation({ tenantId: installation.tenantId }).connectionId.replace(
      /.$/,
      '9',
    ) as typeof installation.connectionId;
    expect(await transports.reach(installation.tenantId, other)).toEqual({ ok: false, failure: 'gone' });
  });
});
