import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { assemble } from '../app/compose.ts';
import type { Memory, Remembered } from '../app/compose-memory.ts';
import type { Parts, RunnableConfig } from '../app/compose-parts.ts';
import type { Secrets } from '../app/compose-secrets.ts';
import type { InstallationStore } from '../app/connections/installation-store.ts';
import type { InstallKeys } from '../app/hosts/connect/install-keys.ts';
import type { Descriptor } from '../app/hosts/connect/render-descriptor.ts';
import { createAgents } from '../app/jira/agents.ts';
import { createJiraHttp } from '../app/jira/client.ts';
import type { MakeId } from '../app/platform/ids.ts';
import { createLogger, type Logger } from '../app/platform/logger.ts';
import type { Claim, TurnStore } from '../app/sync/ports.ts';
import type { Random } from '../simulator/heart/random.ts';
import type { MemoryNetwork } from '../simulator/transport/memory-network.ts';
import type { VirtualClock } from '../simulator/transport/virtual-clock.ts';
import { type SeenCall, watchedAdapter } from './calls.ts';
import type { AnsweredDelivery } from './deliveries.ts';
import { Fate, mortal, type SharedFate } from './fate.ts';
import { createMemoryLedger, type MemoryLedgerParts } from './memory/memory-ledger.ts';
import { createMemorySetUpStore } from './memory/memory-set-up-store.ts';
import { createMemoryTermsStore } from './memory/memory-terms-store.ts';
import { laneName } from './memory/tables.ts';
import { createProcessClock, type Rest } from './process-clock.ts';

export type LabConfig = Omit<RunnableConfig, 'databaseUrl'>;

/** What all processes of one laboratory have in common: the world, and what is remembered. */
export interface Ground {
  readonly config: LabConfig;
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly secrets: Secrets;
  readonly installations: InstallationStore;
  readonly tables: NonNullable<MemoryLedgerParts['tables']>;
  readonly without: MemoryLedgerParts['without'];
  readonly installKeys: InstallKeys;
  readonly descriptor: Descriptor;
  readonly random: Random;
  readonly makeId: MakeId;
  readonly shared: SharedFate;
  readonly rest: Rest;
  /** Every request of the app to a site, in order. */
  readonly calls: SeenCall[];
  /** What the app answered to webhooks. */
  readonly deliveries: AnsweredDelivery[];
  /** What the app wrote to its log. */
  readonly log: string[];
  /** Words that no store may ever be handed. */
  readonly secretWords: string[];
  /** Records that were written for a claim which another worker's claim had made void. */
  readonly voidWrites: string[];
  /** Methods of stores that were handed one all the same. */
  readonly bare: string[];
}

/** One process of the app: web and worker, over what is remembered by all. */
export interface LabProcess {
  readonly name: string;
  readonly fate: Fate;
  readonly serve: RequestListener;
  /** Resolves when the turns in hand are done; never for one that died. */
  stop(): Promise<void>;
}

/** No socket is ever opened: the agents only belong to the client. */
const agents = createAgents({ connectTimeoutMs: 1_000 });

/** What the calls of a process are watched for. */
interface Watching {
  readonly fate: Fate;
  /** Content that is not sealed. */
  readonly see: (method: string, values: readonly unknown[]) => void;
  readonly stir: () => void;
}

export function startProcess(ground: Ground, name: string): LabProcess {
  const fate = new Fate(ground.shared);
  const clock = createProcessClock(ground.clock, fate, ground.rest);
  const http = createJiraHttp(agents);
  http.instance.defaults.adapter = watchedAdapter(ground.network.axiosAdapter, fate, name, ground.clock, ground.calls);
  const see = (method: string, values: readonly unknown[]): void => {
    if (holdsWord(values, ground.secretWords)) ground.bare.push(method);
  };
  const parts: Parts = {
    clock,
    makeId: ground.makeId,
    random: () => ground.random.next(),
    logger: loggerInto(ground.log),
    secrets: ground.secrets,
    installations: mortal(ground.installations, fate),
    http,
    givenHttp: http,
    checkAddress: async () => ({ ok: false, failure: 'address-unknown' }),
    openMemory: (onWake) => openMemory(ground, { fate, see, stir: clock.stir }, onWake),
    installKeys: ground.installKeys,
    descriptor: ground.descriptor,
  };
  const assembled = assemble(ground.config, parts);
  const ending = new AbortController();
  const worked = assembled.work(ending.signal);
  return {
    name,
    fate,
    serve: serveWhileAlive(assembled.web, fate),
    async stop() {
      ending.abort();
      clock.stir();
      await worked;
      fate.die();
    },
  };
}

/** Whether one of the words stands in any text within, names of fields and entries of maps included. */
const holdsWord = (value: unknown, words: readonly string[]): boolean => {
  if (typeof value === 'string') return words.some((word) => value.includes(word));
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((part) => holdsWord(part, words));
  const parts = value instanceof Map || value instanceof Set ? [...value] : Object.entries(value);
  return parts.some((part) => holdsWord(part, words));
};

function openMemory(ground: Ground, { fate, see, stir }: Watching, onWake: () => void): Memory {
  // Deliveries and turns are work; everything else may be no more than looking for some.
  const seeWork: typeof see = (method, values) => {
    stir();
    see(method, values);
  };
  const ledger = createMemoryLedger({
    clock: ground.clock,
    makeId: ground.makeId,
    onWake: () => {
      if (!fate.dead) onWake();
    },
    tables: ground.tables,
    without: ground.without,
  });
  const remembered: Remembered = {
    synchronizations: mortal(ledger.synchronizations, fate, see),
    lanes: mortal(ledger.lanes, fate, see),
    inbox: mortal(ledger.inbox, fate, seeWork),
    turns: mortal(watchClaims(ledger.turns, ground), fate, seeWork),
    kept: mortal(ledger.kept, fate, see),
    conflicts: mortal(ledger.conflicts, fate, see),
    brakes: mortal(ledger.brakes, fate, see),
    schedule: mortal(ledger.schedule, fate, see),
    scans: mortal(ledger.scans, fate, see),
    parked: mortal(ledger.parked, fate, see),
    backfills: null,
    retention: null,
    quotas: mortal(ledger.quotas, fate, see),
    terms: createMemoryTermsStore(ledger.synchronizations),
    tokens: NO_TOKENS,
    connections: NO_CONNECTIONS,
    setUps: createMemorySetUpStore(),
    settings: { read: async () => ({ configuringGroups: [] }), write: async () => undefined },
    audit: NO_AUDIT,
    licences: null,
    remote: null,
    tenants: null,
    personalData: null,
    findUnready: () => Promise.resolve([]),
  };
  return { ...remembered, requests: remembered, behindWall: (_tenantId, work) => work() };
}

/** Nobody administers anything here. */
const NO_AUDIT: Memory['audit'] = { note: async () => undefined, list: async () => [] };
const NO_CONNECTIONS: Memory['connections'] = {
  read: async () => null,
  list: async () => [],
  insert: async () => false,
  change: async () => false,
  remove: async () => true,
  claimDue: async () => [],
  endLook: async () => undefined,
};
const NO_TOKENS: Memory['tokens'] = {
  insert: async () => undefined,
  list: async () => [],
  read: async () => null,
  revoke: async () => false,
  noteUse: async () => undefined,
};

/** A newer claim of a lane makes an older one void, and then nothing is written for it (lanes' rule L4). */
function watchClaims(turns: TurnStore, { tables, voidWrites }: Ground): TurnStore {
  const isVoid = ({ tenantId, laneKey, token }: Claim): boolean =>
    (tables.lanes.get(laneName(tenantId, laneKey))?.token ?? token) > token;
  return {
    ...turns,
    async complete(claim, record) {
      const before = isVoid(claim);
      const written = await turns.complete(claim, record);
      if (before && written === 'written') voidWrites.push(claim.laneKey);
      return written;
    },
  };
}

/** A dead process cuts its connections and takes no new ones; one that stands still lets them wait. */
function serveWhileAlive(web: RequestListener, fate: Fate): RequestListener {
  const open = new Set<ServerResponse>();
  fate.whenDead(() => {
    for (const response of open) response.socket?.destroy();
  });
  return (request: IncomingMessage, response: ServerResponse) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    void fate.awake().then(() => web(request, response));
  };
}

const loggerInto = (log: string[]): Logger => createLogger('info', { write: (line: string) => void log.push(line) });
