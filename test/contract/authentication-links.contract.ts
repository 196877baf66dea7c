import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, AuthenticationLinkId, ConnectionId, TenantId } from '../../app/core/ids.ts';
import type { Attempt, AuthenticationLink, AuthenticationLinks } from '../../app/sync/authentication-link-ports.ts';

const tenant = (n: number): TenantId => `00000000-0000-4000-8000-00000000000${n}` as TenantId;
const connection = (n: number): ConnectionId => `00000000-0000-4000-9000-00000000000${n}` as ConnectionId;
const link = (n: number): AuthenticationLinkId => `00000000-0000-4000-b000-00000000000${n}` as AuthenticationLinkId;
const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;

const PERSON = { kind: 'person', accountId: 'ann' as AccountId, connectionId: connection(9) } as const;

/** A link that names only what a test cares about. */
export const buildLink = (overrides: Partial<AuthenticationLink> = {}): AuthenticationLink => ({
  tenantId: tenant(1),
  linkId: link(1),
  connectionId: connection(1),
  secretHash: 'hash of the secret',
  for: 'somebody',
  asker: PERSON,
  createdAt: NOW,
  expiresAt: NOW + 7 * DAY_MS,
  end: null,
  attempt: null,
  ...overrides,
});

const ATTEMPT: Attempt = { stateHash: 'state', browserHash: 'browser', sealed: 'v1.sealed', until: NOW + 600_000 };

/** What every AuthenticationLinks promises. `create` gives an empty one, with the connections 1 and 2 of the tenants 1 and 2. */
export const describeAuthenticationLinks = (name: string, create: () => Promise<AuthenticationLinks>): void => {
  describe(`AuthenticationLinks in ${name}`, () => {
    let links: AuthenticationLinks;
    const endOf = async (n: number, of = tenant(1)) => (await links.read(of, link(n)))?.end;
    beforeEach(async () => {
      links = await create();
    });

    it('gives back what was put in, to its tenant alone', async () => {
      const byToken = buildLink({ linkId: link(2), for: 'me', asker: { kind: 'token', tokenId: 'token-1' } });
      await links.insert(buildLink());
      await links.insert(byToken);
      const closed = buildLink({ linkId: link(4), connectionId: connection(2), asker: { ...PERSON, accountId: null } });
      await links.insert(closed);
      expect(await links.read(tenant(1), link(4))).toEqual(closed);
      expect(await links.read(tenant(1), link(1))).toEqual(buildLink());
      expect(await links.read(tenant(1), link(2))).toEqual(byToken);
      expect(await links.read(tenant(2), link(1))).toBeNull();
      expect(await links.read(tenant(1), link(3))).toBeNull();
      expect(await links.read('nonsense' as TenantId, link(1))).toBeNull();
    });

    it('is not made for a connection that is gone', async () => {
      expect(await links.insert(buildLink({ connectionId: connection(3) }))).toBe(false);
      expect(await links.read(tenant(1), link(1))).toBeNull();
      expect(await links.insert(buildLink())).toBe(true);
    });

    it('ends the open one of the same connection that was made for the same', async () => {
      await links.insert(buildLink());
      await links.insert(buildLink({ linkId: link(2), for: 'me' }));
      await links.insert(buildLink({ linkId: link(3), connectionId: connection(2) }));
      await links.insert(buildLink({ linkId: link(1), tenantId: tenant(2) }));
      await links.insert(buildLink({ linkId: link(4) }));
      expect([await endOf(1), await endOf(2), await endOf(3), await endOf(4), await endOf(1, tenant(2))]).toEqual([
        'replaced',
        null,
        null,
        null,
        null,
      ]);
    });

    it('is used by one answer alone, which takes the attempt out', async () => {
      await links.insert(buildLink());
      expect(await links.begin(tenant(1), link(1), ATTEMPT, NOW)).toBe(true);
      expect((await links.read(tenant(1), link(1)))?.attempt).toEqual(ATTEMPT);
      const uses = await Promise.all(Array.from({ length: 8 }, () => links.use(tenant(1), link(1), ATTEMPT.stateHash)));
      expect(uses.filter(Boolean)).toHaveLength(1);
      expect(await links.read(tenant(1), link(1))).toEqual(buildLink({ end: 'used' }));
    });

    it('is not used by the state of an attempt before, nor by another tenant', async () => {
      await links.insert(buildLink());
      await links.begin(tenant(1), link(1), ATTEMPT, NOW);
      await links.begin(tenant(1), link(1), { ...ATTEMPT, stateHash: 'newer' }, NOW);
      expect(await links.use(tenant(1), link(1), ATTEMPT.stateHash)).toBe(false);
      expect(await links.use(tenant(2), link(1), 'newer')).toBe(false);
      expect(await links.use(tenant(1), link(1), 'newer')).toBe(true);
    });

    it('begins nothing on a link that has ended or expired', async () => {
      await links.insert(buildLink());
      expect(await links.begin(tenant(1), link(1), ATTEMPT, NOW + 7 * DAY_MS)).toBe(false);
      await links.begin(tenant(1), link(1), ATTEMPT, NOW);
      await links.use(tenant(1), link(1), ATTEMPT.stateHash);
      expect(await links.begin(tenant(1), link(1), ATTEMPT, NOW)).toBe(false);
      expect(await links.begin(tenant(1), link(2), ATTEMPT, NOW)).toBe(false);
    });

    it('opens again what came to nothing, and only that', async () => {
      await links.insert(buildLink());
      await links.begin(tenant(1), link(1), ATTEMPT, NOW);
      await links.use(tenant(1), link(1), ATTEMPT.stateHash);
      await links.reopen(tenant(1), link(1));
      expect(await links.read(tenant(1), link(1))).toEqual(buildLink());
      await links.endOthers(tenant(1), connection(1));
      await links.reopen(tenant(1), link(1));
      expect(await endOf(1)).toBe('replaced');
    });

    it('opens again as replaced where a newer one was made for the same', async () => {
      await links.insert(buildLink());
      await links.insert(buildLink({ linkId: link(2), for: 'me' }));
      await links.begin(tenant(1), link(1), ATTEMPT, NOW);
      await links.use(tenant(1), link(1), ATTEMPT.stateHash);
      await links.insert(buildLink({ linkId: link(3), createdAt: NOW + 1 }));
      await links.reopen(tenant(1), link(1));
      expect([await endOf(1), await endOf(2), await endOf(3)]).toEqual(['replaced', null, null]);
    });

    it('ends all that is open of a connection, and leaves what was used', async () => {
      await links.insert(buildLink());
      await links.insert(buildLink({ linkId: link(2), for: 'me' }));
      await links.insert(buildLink({ linkId: link(3), connectionId: connection(2) }));
      await links.begin(tenant(1), link(2), ATTEMPT, NOW);
      await links.use(tenant(1), link(2), ATTEMPT.stateHash);
      await links.endOthers(tenant(1), connection(1));
      expect([await endOf(1), await endOf(2), await endOf(3)]).toEqual(['replaced', 'used', null]);
    });

    it('forgets a month after it has expired', async () => {
      await links.insert(buildLink());
      await links.insert(buildLink({ linkId: link(2), createdAt: NOW + 36 * DAY_MS }));
      expect(await endOf(1)).toBe('replaced');
      await links.insert(buildLink({ linkId: link(3), createdAt: NOW + 38 * DAY_MS, expiresAt: NOW + 45 * DAY_MS }));
      expect(await endOf(1)).toBeUndefined();
    });
  });
};
