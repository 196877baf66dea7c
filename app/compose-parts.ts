import type { Express } from 'express';
import { composeRemoteTransports } from './compose-connections.ts';
import type { Memory } from './compose-memory.ts';
import type { Secrets } from './compose-secrets.ts';
import type { Config } from './config/read-config.ts';
import { createConnectTransports } from './connections/connect-jwt.ts';
import type { InstallationStore } from './connections/installation-store.ts';
import { joinTransports } from './connections/join-transports.ts';
import { rememberInstallations } from './connections/remember-installations.ts';
import type { InstallKeys } from './hosts/connect/install-keys.ts';
import type { Descriptor } from './hosts/connect/render-descriptor.ts';
import type { JiraHttp } from './jira/client.ts';
import { createItemCounts } from './jira/count-items.ts';
import { createClients } from './jira/reach-clients.ts';
import { createSiteCares, createSites } from './jira/reach-sites.ts';
import { createReadPersonName } from './jira/read-person-name.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import { type AddressRule, createAddressRule } from './platform/given-address.ts';
import type { CheckSiteAddress } from './platform/guarded-agents.ts';
import type { MakeId } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import type { KeptQuota } from './sync/keep-quota.ts';
import type { Lanes, SynchronizationStore } from './sync/ports.ts';
import type { TurnPorts } from './sync/turn.ts';

/** A configuration with everything that running needs. */
export interface RunnableConfig extends Config {
  readonly databaseUrl: string;
  readonly encryptionKeys: NonNullable<Config['encryptionKeys']>;
}

/** Everything by which a Tandem touches what is outside of its own code. The fault laboratory (lab/) brings its own. */
export interface Parts {
  readonly clock: Clock;
  readonly makeId: MakeId;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly secrets: Secrets;
  readonly installations: InstallationStore;
  readonly http: JiraHttp;
  /** For sites whose address a person typed. */
  readonly givenHttp: JiraHttp;
  readonly checkAddress: CheckSiteAddress;
  /** `onWake` is to be called when a lane of this process became dirty. */
  readonly openMemory: (onWake: () => void) => Memory;
  readonly installKeys: InstallKeys;
  readonly descriptor: Descriptor;
}

/** One Tandem, wired and not yet running. Several can live in one process. */
export interface Assembled {
  /** The web role: listen with it. */
  readonly web: Express;
  /** The worker role: turns of lanes and overlap scans, until `signal` aborts and the turns in hand are done. */
  work(signal: AbortSignal): Promise<void>;
  /** What the worker works with, for whoever takes turns one by one. */
  readonly turns: TurnKit;
}

/** {@link Assembled} on a database, the network and the machine's time. */
export interface Tandem extends Assembled {
  readonly database: Database;
  close(): Promise<void>;
}

export interface TurnKit {
  readonly lanes: Lanes;
  readonly synchronizations: SynchronizationStore;
  readonly ports: TurnPorts;
}

/** Which addresses that people typed may be called. */
export const composeAddressRule = ({ mode, allowedPrivateHosts }: Pick<Config, 'mode' | 'allowedPrivateHosts'>): AddressRule =>
  createAddressRule({ http: mode === 'production' ? 'never' : 'localhost-too', allowed: allowedPrivateHosts });

/** The way to the sites that installed the app, and to those without it. */
export function composeReach(
  config: Pick<RunnableConfig, 'appKey' | 'publicUrl' | 'atlassian' | 'tokenConnections'>,
  parts: Parts,
  quota: KeptQuota,
  memory: Memory,
) {
  const { installations: store, http, givenHttp, clock, secrets } = parts;
  const installations = rememberInstallations(store, clock);
  const installed = createConnectTransports({ installations, secretBox: secrets.secretBox, clock, appKey: config.appKey });
  const remote = memory.remote === null ? [] : [composeRemoteTransports(config, parts, memory.remote, memory)];
  const transports = joinTransports(installed, ...remote);
  const clients = createClients({ transports, http, givenHttp, clock, quota, record: () => undefined });
  return {
    installations,
    transports,
    clients,
    sites: createSites(clients),
    cares: createSiteCares(clients, memory.connections),
    counts: createItemCounts(clients),
    readPersonName: createReadPersonName(clients),
  };
}

export type Reach = ReturnType<typeof composeReach>;
