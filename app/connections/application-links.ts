import type { ApplicationLinkId, TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { MakeId } from '../platform/ids.ts';
import type { MakeSecret } from '../platform/make-secret.ts';
import type { ApplicationLink, ApplicationLinks, NewApplicationLink } from '../sync/authentication-ports.ts';
import { type ApplicationLinkStore, isSameSite, type KeptApplicationLink } from './application-link-store.ts';
import type { CredentialStore } from './credential-store.ts';
import { makeKeyPair } from './oauth1.ts';
import type { SecretBox } from './secret-box.ts';

export interface ApplicationLinkParts {
  readonly links: ApplicationLinkStore;
  readonly credentials: Pick<CredentialStore, 'readmit'>;
  readonly secretBox: Pick<SecretBox, 'seal'>;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly makeSecret: MakeSecret;
}

const shown = ({ sealedSecret: _sealed, ...link }: KeptApplicationLink): ApplicationLink => link;

/** Long enough that two tenants never choose the same for one instance. */
const CONSUMER_KEY_CHARACTERS = 16;

async function make(parts: ApplicationLinkParts, tenantId: TenantId, link: NewApplicationLink): Promise<KeptApplicationLink> {
  const { secretBox, clock, makeId, makeSecret } = parts;
  const common = {
    tenantId,
    applicationLinkId: makeId() as ApplicationLinkId,
    siteUrl: link.siteUrl.replace(/\/+$/, ''),
    kind: link.kind,
    name: link.name,
    createdAt: clock.now(),
  };
  if (link.kind === 'oauth2') {
    const { clientId, clientSecret, scope } = link;
    return { ...common, clientId, publicKey: null, scope, sealedSecret: secretBox.seal(tenantId, clientSecret) };
  }
  const { publicKey, privateKey } = await makeKeyPair();
  const clientId = `tandem-${makeSecret().slice(0, CONSUMER_KEY_CHARACTERS)}`;
  return { ...common, clientId, publicKey, scope: null, sealedSecret: secretBox.seal(tenantId, privateKey) };
}

/** Application links whose secrets go in and never come out. */
export const createApplicationLinks = (parts: ApplicationLinkParts): ApplicationLinks => ({
  async read(tenantId, applicationLinkId) {
    const kept = await parts.links.read(tenantId, applicationLinkId);
    return kept === null ? null : shown(kept);
  },
  async list(tenantId, siteUrl) {
    const all = (await parts.links.list(tenantId)).map(shown);
    return siteUrl === undefined ? all : all.filter((link) => isSameSite(link.siteUrl, siteUrl));
  },
  async add(tenantId, link) {
    const kept = await make(parts, tenantId, link);
    await parts.links.insert(kept);
    return shown(kept);
  },
  async change(tenantId, applicationLinkId, { name, ...change }) {
    const { links, credentials, secretBox, clock } = parts;
    const kept = await links.read(tenantId, applicationLinkId);
    if (kept === null) return false;
    // What identifies an OAuth 1.0a consumer was made here: there is nothing of it to correct.
    const { clientSecret, ...client } = kept.kind === 'oauth2' ? change : {};
    const sealed = clientSecret === undefined ? {} : { sealedSecret: secretBox.seal(tenantId, clientSecret) };
    const written = await links.change(tenantId, applicationLinkId, {
      ...client,
      ...sealed,
      ...(name === undefined ? {} : { name }),
    });
    if (clientSecret !== undefined || client.clientId !== undefined)
      await credentials.readmit(tenantId, applicationLinkId, clock.now());
    return written;
  },
  remove: (tenantId, applicationLinkId) => parts.links.remove(tenantId, applicationLinkId),
});
