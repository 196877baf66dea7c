import type { RequestListener } from 'node:http';
import type { AxiosAdapter } from 'axios';
import type { Clock, Timers } from '../heart/clock.ts';
import type { CallHttp } from '../http-call.ts';
import { createAxiosAdapter } from './axios-adapter.ts';
import { type Delivered, type Exchange, exchange, type Sending } from './exchange.ts';
import type { Endpoint, Network } from './network.ts';

/** A network of nothing but memory: calls within one process, with the meaning of HTTP. */
export interface MemoryNetwork extends Network {
  /** For an axios client: its calls go into this network. */
  readonly axiosAdapter: AxiosAdapter;
  /** Calls under way. */
  underWay(): number;
}

export interface MemoryNetworkOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** How long each request, and each answer, is on its way, in ms; drawn anew every time. Absent: no time passes. */
  readonly travelMs?: () => number;
}

/** Where the addresses that nobody chose begin. Nothing of this machine is listened at. */
const FIRST_PORT = 40_001;

class Switchboard {
  readonly handlers = new Map<number, RequestListener | null>();
  underWay = 0;
  private readonly options: MemoryNetworkOptions;
  private readonly calls = new Map<number, Set<Exchange>>();
  private nextPort = FIRST_PORT;

  constructor(options: MemoryNetworkOptions) {
    this.options = options;
  }

  open(wanted?: number): Endpoint {
    const port = wanted ?? this.nextPort;
    if (this.handlers.has(port)) throw new Error(`listen EADDRINUSE: the port ${port} is taken`);
    this.nextPort = Math.max(this.nextPort, port + 1);
    this.handlers.set(port, null);
    return {
      url: `http://localhost:${port}`,
      serve: (handler) => void this.handlers.set(port, handler),
      close: () => {
        this.handlers.delete(port);
        for (const call of this.calls.get(port) ?? []) call.hangUp();
        return Promise.resolve();
      },
    };
  }

  async send(sending: Sending): Promise<Delivered> {
    const { timeoutMs, signal } = sending;
    this.underWay += 1;
    let callOff = (): void => undefined;
    const limit = new Promise<Delivered>((resolve) => {
      if (timeoutMs !== null) callOff = this.options.timers.after(timeoutMs, () => resolve({ kind: 'timed-out' }));
      signal?.addEventListener('abort', () => resolve({ kind: 'called-off' }), { once: true });
      if (signal?.aborted === true) resolve({ kind: 'called-off' });
    });
    const hangUps: (() => void)[] = [];
    const delivered = await Promise.race([limit, this.carry(sending, hangUps)]);
    callOff();
    this.underWay -= 1;
    if (delivered.kind !== 'answered') for (const hangUp of hangUps) hangUp();
    return delivered;
  }

  private async carry(sending: Sending, hangUps: (() => void)[]): Promise<Delivered> {
    await this.travel();
    const { port } = sending;
    const handler = this.handlers.get(port);
    if (handler === undefined) return { kind: 'refused', port };
    // Something listens and does not serve yet: as with a socket, the call waits for an answer that does not come.
    if (handler === null) return new Promise(() => undefined);
    const call = exchange(handler, sending, this.options.clock.now());
    const open = this.calls.get(port) ?? new Set<Exchange>();
    this.calls.set(port, open.add(call));
    hangUps.push(call.hangUp);
    const answer = await call.answer;
    open.delete(call);
    await this.travel();
    return { kind: 'answered', answer };
  }

  private travel(): Promise<void> {
    const ms = this.options.travelMs?.() ?? 0;
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => void this.options.timers.after(ms, resolve));
  }
}

const callThrough =
  (switchboard: Switchboard): CallHttp =>
  async ({ method, url, headers = {}, body = '', timeoutMs }) => {
    const { port, pathname, search, host } = new URL(url);
    const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const delivered = await switchboard.send({
      method,
      port: Number(port),
      path: `${pathname}${search}`,
      headers: { host, ...named },
      body: Buffer.from(body, 'utf8'),
      timeoutMs,
    });
    if (delivered.kind === 'refused') return { status: null, detail: `connect ECONNREFUSED 127.0.0.1:${port}` };
    if (delivered.kind !== 'answered') return { status: null, detail: `No answer within ${timeoutMs} ms` };
    const { answer } = delivered;
    if (answer.status === null) return { status: null, detail: 'socket hang up' };
    return answer.whole ? { status: answer.status, body: answer.body.toString('utf8') } : { status: null, detail: 'aborted' };
  };

/** Gives a world, and an app with it, a network of its own: no sockets, no waiting, the same run every time. */
export function createMemoryNetwork(options: MemoryNetworkOptions): MemoryNetwork {
  const switchboard = new Switchboard(options);
  return {
    open: (port) => Promise.resolve(switchboard.open(port)),
    call: callThrough(switchboard),
    axiosAdapter: createAxiosAdapter((sending) => switchboard.send(sending)),
    underWay: () => switchboard.underWay,
  };
}
