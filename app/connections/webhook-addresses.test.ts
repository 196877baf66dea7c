import { describe, expect, it } from '@jest/globals';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { createTenantKeys } from './tenant-keys.ts';
import { createWebhookAddresses } from './webhook-addresses.ts';

const PUBLIC = 'https://tandem.example';
const uuid = (n: number): string => `6a1f0d7e-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ACME = { tenantId: uuid(1) as TenantId, connectionId: uuid(2) as ConnectionId };
const keys = createTenantKeys(Buffer.alloc(32, 1));
const addresses = createWebhookAddresses(keys, PUBLIC);
const tokenOf = (address: string): string => address.slice(address.lastIndexOf('/') + 1);
const TOKEN = tokenOf(addresses.addressOf(ACME));
const [, , proof = ''] = TOKEN.split('.');

describe('the address of a webhook', () => {
  it('says whose it is, in its path alone', () => {
    const address = new URL(addresses.addressOf(ACME));
    expect([address.origin, address.search]).toEqual([PUBLIC, '']);
    expect(address.pathname).toMatch(/^\/webhooks\/connection\/[\w.-]+$/);
    expect(addresses.read(TOKEN)).toEqual(ACME);
  });

  it('and the secret stay the same over restarts, since a site keeps them for years', () => {
    const again = createWebhookAddresses(createTenantKeys(Buffer.alloc(32, 1)), PUBLIC);
    expect([again.addressOf(ACME), again.secretOf(ACME)]).toEqual([addresses.addressOf(ACME), addresses.secretOf(ACME)]);
  });

  const other = createWebhookAddresses(createTenantKeys(Buffer.alloc(32, 2)), PUBLIC);
  it.each([
    ['nothing', ''],
    ['no proof', `${ACME.tenantId}.${ACME.connectionId}`],
    ['an empty proof', `${ACME.tenantId}.${ACME.connectionId}.`],
    ['a guessed proof', `${ACME.tenantId}.${ACME.connectionId}.${'A'.repeat(22)}`],
    ['a proof that is longer', `${TOKEN}A`],
    ['the proof of another connection', `${ACME.tenantId}.${uuid(3)}.${proof}`],
    ['the proof of another tenant', `${uuid(9)}.${ACME.connectionId}.${proof}`],
    ['tenant and connection the other way round', `${ACME.connectionId}.${ACME.tenantId}.${proof}`],
    ['a proof made with another key', tokenOf(other.addressOf(ACME))],
    ['the secret in place of the proof', `${ACME.tenantId}.${ACME.connectionId}.${addresses.secretOf(ACME).slice(0, 22)}`],
    ['ids that are none', `tenant.connection.${proof}`],
    ['capitals', TOKEN.toUpperCase()],
  ])('is not: %s', (_name, token) => {
    expect(addresses.read(token)).toBeNull();
  });

  it('has a secret of its own for each connection, in printable ASCII', () => {
    const secrets = [1, 2, 3].map((n) => addresses.secretOf({ ...ACME, connectionId: uuid(n) as ConnectionId }));
    expect(new Set(secrets).size).toBe(3);
    for (const secret of secrets) expect(secret).toMatch(/^[\x21-\x7e]{43}$/);
  });
});
