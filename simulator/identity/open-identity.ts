import express from 'express';
import type { Clock } from '../heart/clock.ts';
import { seededRandom } from '../heart/random.ts';
import { readSavedIdentity } from '../saved-world.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import type { Network } from '../transport/network.ts';
import { type CloudIdentity, emptyIdentity } from './cloud-identity.ts';
import { mountIdentityControl } from './control-identity.ts';
import { mountIdentity } from './identity-routes.ts';

/** Atlassian's accounts and gateway while they run. */
export interface IdentityServer {
  /** Stands for both https://auth.atlassian.com and https://api.atlassian.com; without a slash at the end. */
  readonly url: string;
  readonly state: CloudIdentity;
  close(): Promise<void>;
}

/** What a saved world knew of apps and grants, or nothing. */
export const restoredIdentity = (saved: Buffer | undefined): CloudIdentity =>
  (saved === undefined ? undefined : readSavedIdentity(saved)) ?? emptyIdentity();

/** Opens the server; null where it is not wanted. */
export async function openIdentity(
  wanted: { readonly port?: number } | undefined,
  network: Network,
  world: {
    readonly identity: CloudIdentity;
    readonly clock: Clock;
    readonly seed: number;
    readonly sites: readonly SimulatedSite[];
  },
): Promise<IdentityServer | null> {
  if (wanted === undefined) return null;
  const endpoint = await network.open(wanted.port);
  const { identity, clock, seed, sites } = world;
  // How much was handed out before is part of the seed: a restart must not hand it out again.
  const before = identity.apps.size + identity.grants.size + identity.scopedTokens.size;
  const parts = { identity, clock, random: seededRandom(seed * 1000 + 7 + before), sites };
  const server = express();
  server.disable('x-powered-by');
  server.disable('etag');
  mountIdentity(server, parts);
  mountIdentityControl(server, parts);
  endpoint.serve(server);
  return { url: endpoint.url, state: identity, close: () => endpoint.close() };
}
