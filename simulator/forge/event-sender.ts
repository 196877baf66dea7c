import type { Timers } from '../heart/clock.ts';
import { type CallHttp, callHttp } from '../http-call.ts';

/** One event on its way to a remote. The headers are made anew for each attempt: a token is good for a few minutes only. */
export interface ForgeDelivery {
  readonly eventType: string;
  readonly url: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly body: string;
}
export interface SentEvent {
  readonly eventType: string;
  readonly url: string;
  readonly body: string;
  readonly attempts: number;
  /** Null: not answered. */
  readonly status: number | null;
}

/** A remote has five seconds for an event, and four more chances. Source: the Forge remote contract. */
const TIMEOUT_MS = 5000;
const RETRIES = 4;

interface Parts {
  readonly timers: Timers;
  readonly retryDelayMs: number;
  /** Over sockets unless given. */
  readonly call?: CallHttp;
}

/** Sends events to remotes, each on its own, in no promised order. */
export class EventSender {
  readonly sent: SentEvent[] = [];
  private readonly parts: Parts;
  private readonly callOffs = new Set<() => void>();
  private underWay = 0;
  private closed = false;
  private idlers: (() => void)[] = [];

  constructor(parts: Parts) {
    this.parts = parts;
  }

  send(delivery: ForgeDelivery): void {
    this.underWay += 1;
    void this.attempt(delivery, 1);
  }

  /** Resolves when nothing is under way and no retry waits. */
  idle(): Promise<void> {
    return this.underWay === 0 ? Promise.resolve() : new Promise((resolve) => this.idlers.push(resolve));
  }

  close(): void {
    this.closed = true;
    for (const callOff of this.callOffs) callOff();
    this.underWay = 0;
    this.wake();
  }

  private async attempt(delivery: ForgeDelivery, attempts: number): Promise<void> {
    const { eventType, url, body } = delivery;
    const call = this.parts.call ?? callHttp;
    const { status } = await call({ method: 'POST', url, headers: delivery.headers(), body, timeoutMs: TIMEOUT_MS });
    if (this.closed) return;
    const failed = status === null || status === 429 || status >= 500;
    if (failed && attempts <= RETRIES) {
      const callOff = this.parts.timers.after(this.parts.retryDelayMs, () => {
        this.callOffs.delete(callOff);
        void this.attempt(delivery, attempts + 1);
      });
      this.callOffs.add(callOff);
      return;
    }
    this.sent.push({ eventType, url, body, attempts, status });
    this.underWay -= 1;
    this.wake();
  }

  private wake(): void {
    if (this.underWay > 0) return;
    const waiting = this.idlers;
    this.idlers = [];
    for (const resolve of waiting) resolve();
  }
}
