import type { Timers } from '../heart/clock.ts';
import { callHttp } from '../http-call.ts';
import { fold } from './fold.ts';
import { type ErrorObject, groupOf, type Tracker, type TrackerProject } from './tracker.ts';

/** A webhook integration of a project. The credentials must be filled in; there is no signature. */
export interface TrackerWebhook {
  readonly project: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** `group`: only when a new group appears; `trace`: for every error. */
  readonly event: 'group' | 'trace';
}
export interface SentHook {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number | null;
}

const TIMEOUT_MS = 10_000;

/** The body of the outbound webhook: no event type, no state, no id of the delivery. */
export function hookBody(
  tracker: Tracker,
  project: TrackerProject,
  fingerprint: string,
  baseUrl: string,
): Record<string, unknown> {
  const group = groupOf(project, fingerprint);
  const errors = project.objects.filter((error) => groupOf(project, error.fingerprint) === group);
  const newest = errors.at(-1);
  const names = [...new Set(errors.flatMap((error) => [...error.attributes.keys()]))];
  const histogram = (name: string) =>
    fold(
      'histogram',
      0,
      errors.map((error) => error.attributes.get(name)),
    );
  const times = errors.map((error) => error.timestamp);
  return {
    universe: tracker.universe,
    project: project.name,
    application: newest?.attributes.get('application') ?? project.name,
    fingerprint,
    href: `${baseUrl}/api/query?universe=${tracker.universe}&project=${project.name}`,
    group_url: `${baseUrl}/p/${project.name}/triage?fingerprint=${fingerprint}`,
    callstack: newest?.callstack ?? [],
    occurrences: errors.length,
    object_id: (newest?.tx ?? 0).toString(16),
    timestamp: [Math.min(...times), Math.max(...times)],
    classifiers: newest?.classifiers ?? [],
    hosts: new Set(errors.map((error) => error.attributes.get('hostname'))).size,
    guids: new Set(errors.map((error) => error.attributes.get('guid') ?? error.tx)).size,
    attributes: Object.fromEntries(names.map((name) => [name, histogram(name)])),
  };
}

interface Parts {
  readonly tracker: Tracker;
  readonly baseUrl: string;
  readonly timers: Timers;
  /** Errors of one group within this time go out together. */
  readonly batchMs: number;
}

/** Sends the webhooks of a universe, one per group and batch. */
export class TrackerWebhooks {
  readonly hooks: TrackerWebhook[] = [];
  readonly sent: SentHook[] = [];
  private readonly parts: Parts;
  private readonly waiting = new Map<string, { project: TrackerProject; fingerprint: string; hook: TrackerWebhook }>();
  private callOff: (() => void) | null = null;
  private underWay: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.parts = parts;
    parts.tracker.listeners.add((project, error, isNew) => this.note(project, error, isNew));
  }

  /** Sends at once what waits for its batch; resolves when all is answered. */
  async flush(): Promise<void> {
    this.callOff?.();
    this.callOff = null;
    const batch = [...this.waiting.values()];
    this.waiting.clear();
    const before = this.underWay;
    this.underWay = Promise.all([before, ...batch.map((one) => this.send(one.project, one.fingerprint, one.hook))]);
    await this.underWay;
  }

  close(): void {
    this.callOff?.();
    this.callOff = null;
    this.waiting.clear();
  }

  private note(project: TrackerProject, error: ErrorObject, isNew: boolean): void {
    const fingerprint = groupOf(project, error.fingerprint)?.fingerprint ?? error.fingerprint;
    for (const [at, hook] of this.hooks.entries()) {
      if (hook.project !== project.name || (hook.event === 'group' && !isNew)) continue;
      this.waiting.set(`${at} ${fingerprint}`, { project, fingerprint, hook });
    }
    if (this.waiting.size > 0 && this.callOff === null)
      this.callOff = this.parts.timers.after(this.parts.batchMs, () => void this.flush());
  }

  private async send(project: TrackerProject, fingerprint: string, hook: TrackerWebhook): Promise<void> {
    const body = hookBody(this.parts.tracker, project, fingerprint, this.parts.baseUrl);
    const credentials = Buffer.from(`${hook.username}:${hook.password}`).toString('base64');
    const { status } = await callHttp({
      method: 'POST',
      url: hook.url,
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      timeoutMs: TIMEOUT_MS,
    });
    this.sent.push({ url: hook.url, body, status });
  }
}
