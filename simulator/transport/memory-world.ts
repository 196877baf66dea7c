import { type Simulator, type SimulatorOptions, startSimulator } from '../start-simulator.ts';
import { createMemoryNetwork, type MemoryNetwork } from './memory-network.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** A world without sockets and without waiting: the same options give the same run, to the byte. */
export interface MemoryWorld {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly simulator: Simulator;
  /** The sites, as a plan of faults wants them. */
  readonly sites: readonly [acme: Simulator['sites']['acme'], globex: Simulator['sites']['globex']];
}

export interface MemoryWorldOptions extends Omit<SimulatorOptions, 'clock' | 'timers' | 'network'> {
  /** Epoch milliseconds; a Sunday in November 2026 unless given. */
  readonly start?: number;
  /** How long each request and each answer is on its way; no time unless given. */
  readonly travelMs?: () => number;
}

const START = Date.UTC(2026, 10, 22, 9);

/** Starts the sites in memory, in a time that passes when `clock` is told so. Close `simulator` when done. */
export async function startMemoryWorld({ start = START, travelMs, ...options }: MemoryWorldOptions = {}): Promise<MemoryWorld> {
  const clock = createVirtualClock(start);
  const network = createMemoryNetwork({ clock, timers: clock, ...(travelMs === undefined ? {} : { travelMs }) });
  const simulator = await startSimulator({ ...options, clock, timers: clock, network });
  return { clock, network, simulator, sites: [simulator.sites.acme, simulator.sites.globex] };
}
