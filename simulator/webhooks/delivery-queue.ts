import http from 'node:http';
import type { Clock, Timers } from '../heart/clock.ts';
import type { Random } from '../heart/random.ts';
import { type CallHttp, callHttp } from '../http-call.ts';
import type { WebhookCounts, WebhookDelivery, WebhookSwitches } from './outbox.ts';

export const DEFAULT_SWITCHES: WebhookSwitches = {
  dropRate: 0,
  duplicateRate: 0,
  delayMs: 0,
  reorderMs: 0,
  retryDelayMs: null,
  maxRetries: 5,
  timeoutMs: 10_000,
  secondaryDelayMs: 0,
  concurrent: 20,
  paused: false,
};

/** Statuses after which Jira tries again; every other refusal is final. */
const RETRIED = new Set([408, 409, 425, 429]);
const isRetried = (status: number | null): boolean => status === null || RETRIED.has(status) || status >= 500;

/** Jira waits between 5 and 15 minutes. */
const RETRY_MIN_MS = 300_000;
const RETRY_SPAN_MS = 600_000;
/** How long a delivery that ran out of retries is listed. */
const FAILED_KEPT_MS = 72 * 3_600_000;
/** Finished deliveries kept to look at. */
const REMEMBERED = 1000;

interface Parts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Asked again at every attempt, since secrets change; null: whoever it is for is gone. */
  readonly headersOf: (delivery: WebhookDelivery) => Readonly<Record<string, string>> | null;
  readonly switches: Partial<WebhookSwitches>;
  /** Over sockets unless given. */
  readonly call?: CallHttp | undefined;
  /** What does not fit into the queue is lost; unbounded unless given. */
  readonly capacity?: number;
  /** Told of every delivery that has come to its end. */
  readonly onFinished?: (delivery: WebhookDelivery) => void;
}

export type NewDelivery = Pick<WebhookDelivery, 'appKey' | 'event' | 'url' | 'body' | 'trace' | 'flow'>;

/** At least once, no order promised, retried: the way of Jira, with seeded misbehaviour on top. */
export class DeliveryQueue {
  readonly switches: WebhookSwitches;
  private readonly parts: Parts;
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly tally: WebhookCounts = { waiting: 0, sending: 0, delivered: 0, refused: 0, failed: 0, dropped: 0 };
  private readonly finished: WebhookDelivery[] = [];
  private readonly givenUp: WebhookDelivery[] = [];
  private readonly ready: WebhookDelivery[] = [];
  /** Where `ready` begins: taking from the front of a long array one by one would be slow. */
  private head = 0;
  private readonly callOffs = new Set<() => void>();
  private idlers: (() => void)[] = [];
  private closed = false;

  constructor(parts: Parts) {
    this.parts = parts;
    this.switches = { ...DEFAULT_SWITCHES, ...parts.switches };
  }

  queue(delivery: NewDelivery): void {
    const { random } = this.parts;
    const id = random.uuid();
    const whole = (): WebhookDelivery => this.whole(delivery, id);
    const full = this.tally.waiting >= (this.parts.capacity ?? Number.POSITIVE_INFINITY);
    if (full || random.chance(this.switches.dropRate)) {
      this.finish(whole(), 'dropped');
      return;
    }
    this.schedule(whole());
    if (random.chance(this.switches.duplicateRate)) this.schedule(whole());
  }

  change(changes: Partial<WebhookSwitches>): void {
    Object.assign(this.switches, changes);
    this.pump();
  }

  counts(): WebhookCounts {
    return { ...this.tally };
  }

  idle(): Promise<void> {
    if (this.isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push(resolve));
  }

  recent(): readonly WebhookDelivery[] {
    return this.finished;
  }

  failed(): readonly WebhookDelivery[] {
    this.forgetOld();
    return this.givenUp;
  }

  close(): Promise<void> {
    this.closed = true;
    for (const callOff of this.callOffs) callOff();
    this.callOffs.clear();
    this.tally.waiting = 0;
    this.tally.sending = 0;
    this.wakeIdlers();
    this.agent.destroy();
    return Promise.resolve();
  }

  private whole(delivery: NewDelivery, id: string): WebhookDelivery {
    const { clock } = this.parts;
    return { ...delivery, id, queuedAt: clock.now(), attempts: 0, lastStatus: null, failedAt: null, state: 'waiting' };
  }

  private isIdle(): boolean {
    return this.tally.waiting === 0 && this.tally.sending === 0;
  }

  private wakeIdlers(): void {
    if (!this.isIdle()) return;
    const waiting = this.idlers;
    this.idlers = [];
    for (const resolve of waiting) resolve();
  }

  private schedule(delivery: WebhookDelivery): void {
    this.tally.waiting += 1;
    const { delayMs, secondaryDelayMs, reorderMs } = this.switches;
    const delay = delayMs + (delivery.flow === 'Secondary' ? secondaryDelayMs : 0);
    this.ripenAfter(delivery, delay + (reorderMs > 0 ? this.parts.random.next() * reorderMs : 0));
  }

  private ripenAfter(delivery: WebhookDelivery, ms: number): void {
    const ripen = (): void => {
      this.ready.push(delivery);
      this.pump();
    };
    if (ms === 0) {
      ripen();
      return;
    }
    const callOff = this.parts.timers.after(ms, () => {
      this.callOffs.delete(callOff);
      ripen();
    });
    this.callOffs.add(callOff);
  }

  private pump(): void {
    while (!this.closed && !this.switches.paused && this.tally.sending < this.switches.concurrent) {
      const delivery = this.ready[this.head];
      if (delivery === undefined) break;
      this.head += 1;
      this.tally.waiting -= 1;
      this.tally.sending += 1;
      void this.send(delivery);
    }
    if (this.head > 0 && this.head * 2 >= this.ready.length) {
      this.ready.splice(0, this.head);
      this.head = 0;
    }
  }

  private async send(delivery: WebhookDelivery): Promise<void> {
    delivery.state = 'sending';
    delivery.attempts += 1;
    const headers = this.parts.headersOf(delivery);
    if (headers === null) {
      this.tally.sending -= 1;
      this.finish(delivery, 'dropped');
      this.wakeIdlers();
      return;
    }
    const { url, body } = delivery;
    const call = this.parts.call ?? callHttp;
    const answer = await call({ method: 'POST', url, headers, body, timeoutMs: this.switches.timeoutMs, agent: this.agent });
    if (!this.closed) this.settle(delivery, answer.status);
  }

  private settle(delivery: WebhookDelivery, status: number | null): void {
    delivery.lastStatus = status;
    this.tally.sending -= 1;
    if (status !== null && status >= 200 && status < 300) this.finish(delivery, 'delivered');
    else if (!isRetried(status)) this.finish(delivery, 'refused');
    else if (delivery.attempts > this.switches.maxRetries) this.finish(delivery, 'failed');
    else {
      delivery.state = 'waiting';
      this.tally.waiting += 1;
      this.ripenAfter(delivery, this.switches.retryDelayMs ?? RETRY_MIN_MS + this.parts.random.next() * RETRY_SPAN_MS);
    }
    this.pump();
    this.wakeIdlers();
  }

  private finish(delivery: WebhookDelivery, state: 'delivered' | 'refused' | 'failed' | 'dropped'): void {
    delivery.state = state;
    this.tally[state] += 1;
    this.finished.push(delivery);
    if (this.finished.length > 2 * REMEMBERED) this.finished.splice(0, this.finished.length - REMEMBERED);
    if (state === 'failed') this.giveUp(delivery);
    this.parts.onFinished?.(delivery);
  }

  private giveUp(delivery: WebhookDelivery): void {
    delivery.failedAt = this.parts.clock.now();
    this.givenUp.push(delivery);
  }

  /** Those of the last 72 hours: Jira forgets the older ones. */
  private forgetOld(): void {
    const oldest = this.parts.clock.now() - FAILED_KEPT_MS;
    const first = this.givenUp.findIndex(({ failedAt }) => failedAt !== null && failedAt > oldest);
    this.givenUp.splice(0, first === -1 ? this.givenUp.length : first);
  }
}
