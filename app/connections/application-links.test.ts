import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApplicationLinkId, TenantId } from '../core/ids.ts';
import type { ApplicationLinks } from '../sync/authentication-ports.ts';
import type { ApplicationLinkStore, KeptApplicationLink } from './application-link-store.ts';
import { createApplicationLinks } from './application-links.ts';
import { createSecretBox } from './secret-box.ts';

const TENANT = '00000000-0000-4000-8000-000000000001' as TenantId;
const secretBox = createSecretBox({ current: randomBytes(32), older: [] });

let kept: Map<string, KeptApplicationLink>;
let readmitted: string[];
let links: ApplicationLinks;

const store = (): ApplicationLinkStore => ({
  read: async (_tenantId, id) => kept.get(id) ?? null,
  list: async () => [...kept.values()],
  insert: async (link) => void kept.set(link.applicationLinkId, link),
  async change(_tenantId, id, change) {
    const link = kept.get(id);
    if (link !== undefined) kept.set(id, { ...link, ...change });
    return link !== undefined;
  },
  remove: async () => 'removed',
});

beforeEach(() => {
  kept = new Map();
  readmitted = [];
  const made: string[] = [];
  links = createApplicationLinks({
    links: store(),
    credentials: { readmit: async (_tenantId, id) => void readmitted.push(id) },
    secretBox,
    clock: { now: () => 5, sleepUntil: async () => undefined },
    makeId: () => `link-${made.push('')}`,
    makeSecret: () => randomBytes(32).toString('base64url'),
  });
});

const OAUTH2 = {
  kind: 'oauth2',
  siteUrl: 'https://jira.example.com/jira/',
  name: 'Tandem',
  clientId: 'client',
  clientSecret: 'the secret',
  scope: 'ADMIN',
} as const;

const secretOf = (id: ApplicationLinkId): string => {
  const opened = secretBox.open(TENANT, kept.get(id)?.sealedSecret ?? '');
  if (!opened.ok) throw new Error(opened.failure);
  return opened.value;
};

describe('application links', () => {
  it('take a client secret and never give it out', async () => {
    const added = await links.add(TENANT, OAUTH2);
    expect(added).toEqual({
      tenantId: TENANT,
      applicationLinkId: 'link-1',
      siteUrl: 'https://jira.example.com/jira',
      kind: 'oauth2',
      name: 'Tandem',
      clientId: 'client',
      publicKey: null,
      scope: 'ADMIN',
      createdAt: 5,
    });
    expect(await links.read(TENANT, added.applicationLinkId)).toEqual(added);
    expect(await links.list(TENANT)).toEqual([added]);
    expect(secretOf(added.applicationLinkId)).toBe('the secret');
    expect(JSON.stringify([...kept.values()])).not.toContain('the secret');
  });

  it('make a key pair of their own for OAuth 1.0a, and a consumer key nobody else has', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => links.add(TENANT, { kind: 'oauth1', siteUrl: OAUTH2.siteUrl, name: 'Old' })),
    );
    if (first === undefined || second === undefined) throw new Error('Two were added');
    expect(first.clientId).toMatch(/^tandem-[\w-]{16}$/);
    expect(first.clientId).not.toBe(second.clientId);
    const derived = createPublicKey(createPrivateKey(secretOf(first.applicationLinkId))).export({ type: 'spki', format: 'pem' });
    expect(derived).toBe(first.publicKey);
    expect(JSON.stringify(first)).not.toContain('PRIVATE');
  });

  it('are found again by the address of their instance', async () => {
    const added = await links.add(TENANT, OAUTH2);
    expect(await links.list(TENANT, 'https://JIRA.example.com/jira')).toEqual([added]);
    expect(await links.list(TENANT, 'https://jira.example.com')).toEqual([]);
  });

  it('keep a secret that is not given, and let connections go on that waited for the right one', async () => {
    const { applicationLinkId } = await links.add(TENANT, OAUTH2);
    expect(await links.change(TENANT, applicationLinkId, { name: 'Renamed', scope: 'WRITE' })).toBe(true);
    expect(secretOf(applicationLinkId)).toBe('the secret');
    expect(readmitted).toEqual([]);
    expect(await links.change(TENANT, applicationLinkId, { clientSecret: 'a new one' })).toBe(true);
    expect(secretOf(applicationLinkId)).toBe('a new one');
    expect(await links.change(TENANT, applicationLinkId, { clientId: 'another' })).toBe(true);
    expect(readmitted).toEqual([applicationLinkId, applicationLinkId]);
    expect(await links.read(TENANT, applicationLinkId)).toMatchObject({ name: 'Renamed', scope: 'WRITE', clientId: 'another' });
    expect(await links.change(TENANT, 'gone' as ApplicationLinkId, { clientSecret: 'x' })).toBe(false);
  });

  it('never put a typed secret in the place of a private key', async () => {
    const { applicationLinkId, clientId } = await links.add(TENANT, { kind: 'oauth1', siteUrl: OAUTH2.siteUrl, name: 'Old' });
    const before = secretOf(applicationLinkId);
    const change = { name: 'New', clientId: 'typed', clientSecret: 'typed', scope: 'READ' } as const;
    expect(await links.change(TENANT, applicationLinkId, change)).toBe(true);
    expect(secretOf(applicationLinkId)).toBe(before);
    expect(await links.read(TENANT, applicationLinkId)).toMatchObject({ name: 'New', clientId, scope: null });
  });
});
