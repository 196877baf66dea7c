import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { assemble, type Parts, type RunnableConfig, type Secrets } from '../app/compose.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { InstallationStore } from '../app/connections/installation-store.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { InstallKeys } from '../app/hosts/connect/install-keys.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Descriptor } from '../app/hosts/connect/render-descriptor.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createAgents } from '../app/jira/agents.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createJiraHttp } from '../app/jira/client.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { MakeId } from '../app/platform/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createLogger, type Logger } from '../app/platform/logger.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Random } from '../simulator/heart/random.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { MemoryNetwork } from '../simulator/transport/memory-network.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { VirtualClock } from '../simulator/transport/virtual-clock.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type SeenCall, watchedAdapter } from './calls.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { Fate, mortal, type SharedFate } from './fate.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createMemoryLedger, type MemoryLedgerParts } from './memory/memory-ledger.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createProcessClock, type Rest } from './process-clock.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export type LabConfig = Omit<RunnableConfig, 'databaseUrl'>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What all processes of one laboratory have in common: the world, and what is remembered. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface Ground {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly config: LabConfig;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly clock: VirtualClock;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly network: MemoryNetwork;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly secrets: Secrets;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly installations: InstallationStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly tables: NonNullable<MemoryLedgerParts['tables']>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly without: MemoryLedgerParts['without'];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly installKeys: InstallKeys;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly descriptor: Descriptor;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly random: Random;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly makeId: MakeId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly shared: SharedFate;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly rest: Rest;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Every request of the app to a site, in order. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly calls: SeenCall[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** What the app wrote to its log. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly log: string[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Words that no store may ever be handed. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly secretWords: string[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Methods of stores that were handed one all the same. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly bare: string[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** One process of the app: web and worker, over what is remembered by all. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface LabProcess {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly name: string;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly fate: Fate;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly serve: RequestListener;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Resolves when the turns in hand are done; never for one that died. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  stop(): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** No socket is ever opened: the agents only belong to the client. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const agents = createAgents({ connectTimeoutMs: 1_000 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Methods by which a process at rest only asks whether there is work. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const LOOKING = new Set(['beat', 'claim', 'claimDue', 'renew']);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function startProcess(ground: Ground, name: string): LabProcess {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const fate = new Fate(ground.shared);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const clock = createProcessClock(ground.clock, fate, ground.rest);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const http = createJiraHttp(agents);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  http.instance.defaults.adapter = watchedAdapter(ground.network.axiosAdapter, fate, name, ground.clock, ground.calls);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const see = (method: string, values: readonly unknown[]): void => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (!LOOKING.has(method)) clock.stir();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (hasSecret(ground, values)) ground.bare.push(method);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const parts: Parts = {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    clock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    makeId: ground.makeId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    random: () => ground.random.next(),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    logger: loggerInto(ground.log),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    secrets: ground.secrets,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    installations: mortal(ground.installations, fate),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    http,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    openMemory: (onWake) => openMemory(ground, fate, see, onWake),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    installKeys: ground.installKeys,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    descriptor: ground.descriptor,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const assembled = assemble(ground.config, parts);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const ending = new AbortController();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const worked = assembled.work(ending.signal);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    name,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    fate,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    serve: serveWhileAlive(assembled.web, fate),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async stop() {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ending.abort();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      clock.stir();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await worked;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      fate.die();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Maps are written as their entries, else they would look empty. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const entriesOf = (_key: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const hasSecret = ({ secretWords }: Ground, values: readonly unknown[]): boolean => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const written = JSON.stringify(values, entriesOf);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return secretWords.some((word) => written.includes(word));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function openMemory(ground: Ground, fate: Fate, see: (method: string, values: readonly unknown[]) => void, onWake: () => void) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const ledger = createMemoryLedger({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    clock: ground.clock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    makeId: ground.makeId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    onWake: () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (!fate.dead) onWake();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    tables: ground.tables,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    without: ground.without,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    synchronizations: mortal(ledger.synchronizations, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    lanes: mortal(ledger.lanes, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    inbox: mortal(ledger.inbox, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    turns: mortal(ledger.turns, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    kept: mortal(ledger.kept, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    conflicts: mortal(ledger.conflicts, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    brakes: mortal(ledger.brakes, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    schedule: mortal(ledger.schedule, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    scans: mortal(ledger.scans, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    parked: mortal(ledger.parked, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    quotas: mortal(ledger.quotas, fate, see),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    findUnready: () => Promise.resolve([]),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A dead process cuts its connections and takes no new ones; one that stands still lets them wait. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function serveWhileAlive(web: RequestListener, fate: Fate): RequestListener {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const open = new Set<ServerResponse>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  fate.whenDead(() => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const response of open) response.socket?.destroy();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return (request: IncomingMessage, response: ServerResponse) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    open.add(response);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    response.once('close', () => open.delete(response));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    void fate.awake().then(() => web(request, response));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const loggerInto = (log: string[]): Logger => createLogger('info', { write: (line: string) => void log.push(line) });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
