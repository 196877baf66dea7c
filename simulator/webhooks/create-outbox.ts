import http from 'node:http';
import type { Installation } from '../connect/connect-host.ts';
import { signWithSecret } from '../connect/sign.ts';
import type { Clock, Timers } from '../heart/clock.ts';
import type { Random } from '../heart/random.ts';
import { callHttp } from '../http-call.ts';
import type { Outbox, WebhookCounts, WebhookDelivery, WebhookSwitches } from './outbox.ts';

export const DEFAULT_SWITCHES: WebhookSwitches = {
  dropRate: 0,
  duplicateRate: 0,
  delayMs: 0,
  reorderMs: 0,
  retryDelayMs: null,
  maxRetries: 5,
  timeoutMs: 10_000,
  paused: false,
};

/** Statuses after which Jira tries again; every other refusal is final. */
const RETRIED = new Set([408, 409, 425, 429]);
const isRetried = (status: number | null): boolean => status === null || RETRIED.has(status) || status >= 500;

/** Jira waits between 5 and 15 minutes. */
const RETRY_MIN_MS = 300_000;
const RETRY_SPAN_MS = 600_000;
const CONCURRENT = 20;
const REMEMBERED = 1000;

interface Parts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Asked again at every attempt, since a reinstall changes the secret. */
  readonly installationOf: (appKey: string) => Installation | undefined;
  readonly switches: Partial<WebhookSwitches>;
}

export interface NewDelivery {
  readonly appKey: string;
  readonly event: string;
  readonly url: string;
  readonly body: string;
  readonly trace: string | null;
  readonly flow: WebhookDelivery['flow'];
}

/** The queue itself: what the subscriber puts in with `queue`, everybody else sees as an {@link Outbox}. */
export interface DeliveryQueue extends Omit<Outbox, 'deliverRaw'> {
  queue(delivery: NewDelivery): void;
}

/** At least once, no order promised, retried: the way of Jira, with seeded misbehaviour on top. */
export function createDeliveryQueue(parts: Parts): DeliveryQueue {
  const switches: WebhookSwitches = { ...DEFAULT_SWITCHES, ...parts.switches };
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONCURRENT });
  const counts: WebhookCounts = { waiting: 0, sending: 0, delivered: 0, refused: 0, failed: 0, dropped: 0 };
  const finished: WebhookDelivery[] = [];
  const failures: WebhookDelivery[] = [];
  const ready: WebhookDelivery[] = [];
  let head = 0;
  const callOffs = new Set<() => void>();
  let idlers: (() => void)[] = [];
  let closed = false;

  function later(ms: number, run: () => void): void {
    const callOff = parts.timers.after(ms, () => {
      callOffs.delete(callOff);
      run();
    });
    callOffs.add(callOff);
  }

  function finish(delivery: WebhookDelivery, state: 'delivered' | 'refused' | 'failed' | 'dropped'): void {
    delivery.state = state;
    counts[state] += 1;
    finished.push(delivery);
    if (finished.length > 2 * REMEMBERED) finished.splice(0, finished.length - REMEMBERED);
    if (state === 'failed') failures.push(delivery);
  }

  function wakeIdlers(): void {
    if (counts.waiting > 0 || counts.sending > 0) return;
    const waiting = idlers;
    idlers = [];
    for (const resolve of waiting) resolve();
  }

  function ripen(delivery: WebhookDelivery): void {
    ready.push(delivery);
    pump();
  }

  function settle(delivery: WebhookDelivery, status: number | null): void {
    delivery.lastStatus = status;
    counts.sending -= 1;
    if (status !== null && status >= 200 && status < 300) finish(delivery, 'delivered');
    else if (!isRetried(status)) finish(delivery, 'refused');
    else if (delivery.attempts > switches.maxRetries) finish(delivery, 'failed');
    else {
      delivery.state = 'waiting';
      counts.waiting += 1;
      later(switches.retryDelayMs ?? RETRY_MIN_MS + parts.random.next() * RETRY_SPAN_MS, () => ripen(delivery));
    }
    pump();
    wakeIdlers();
  }

  async function send(delivery: WebhookDelivery): Promise<void> {
    const installation = parts.installationOf(delivery.appKey);
    delivery.state = 'sending';
    delivery.attempts += 1;
    if (installation === undefined) {
      counts.sending -= 1;
      finish(delivery, 'dropped');
      wakeIdlers();
      return;
    }
    const { clientKey, descriptor, sharedSecret } = installation;
    const token = signWithSecret(
      { clientKey, method: 'POST', url: delivery.url, baseUrl: descriptor.baseUrl, now: parts.clock.now() },
      sharedSecret,
    );
    const headers = {
      authorization: `JWT ${token}`,
      'content-type': 'application/json; charset=UTF-8',
      'user-agent': 'Atlassian Webhook HTTP Client',
      'x-atlassian-webhook-identifier': delivery.id,
      'x-atlassian-webhook-flow': delivery.flow,
      ...(delivery.attempts > 1 ? { 'x-atlassian-webhook-retry': String(delivery.attempts - 1) } : {}),
      ...(delivery.trace === null ? {} : { 'x-atlassian-webhook-trace': delivery.trace }),
    };
    const answer = await callHttp({
      method: 'POST',
      url: delivery.url,
      headers,
      body: delivery.body,
      timeoutMs: switches.timeoutMs,
      agent,
    });
    if (!closed) settle(delivery, answer.status);
  }

  function pump(): void {
    while (!closed && !switches.paused && counts.sending < CONCURRENT) {
      const delivery = ready[head];
      if (delivery === undefined) break;
      head += 1;
      counts.waiting -= 1;
      counts.sending += 1;
      void send(delivery);
    }
    if (head > 0 && head * 2 >= ready.length) {
      ready.splice(0, head);
      head = 0;
    }
  }

  function schedule(delivery: WebhookDelivery): void {
    counts.waiting += 1;
    const wait = switches.delayMs + (switches.reorderMs > 0 ? parts.random.next() * switches.reorderMs : 0);
    if (wait > 0) later(wait, () => ripen(delivery));
    else ripen(delivery);
  }

  function queue(delivery: NewDelivery): void {
    const whole = (): WebhookDelivery => ({
      ...delivery,
      id,
      queuedAt: parts.clock.now(),
      attempts: 0,
      lastStatus: null,
      state: 'waiting',
    });
    const id = parts.random.uuid();
    if (parts.random.chance(switches.dropRate)) {
      finish(whole(), 'dropped');
      return;
    }
    schedule(whole());
    if (parts.random.chance(switches.duplicateRate)) schedule(whole());
  }

  function change(changes: Partial<WebhookSwitches>): void {
    Object.assign(switches, changes);
    pump();
  }

  async function close(): Promise<void> {
    closed = true;
    for (const callOff of callOffs) callOff();
    callOffs.clear();
    counts.waiting = 0;
    counts.sending = 0;
    wakeIdlers();
    agent.destroy();
    return Promise.resolve();
  }

  return {
    switches,
    queue,
    change,
    close,
    counts: () => ({ ...counts }),
    idle: () =>
      counts.waiting === 0 && counts.sending === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve)),
    recent: () => finished,
    failed: () => failures,
  };
}
