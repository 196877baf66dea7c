/** What becomes of a process of the app: it can die or stand still between any two of its calls to the world outside. */

/** A call that a process makes: `store` to what it remembers, `jira` to a site. */
export type Boundary = 'store' | 'jira';

/** A process dies at its so-many-th step from a moment on. Plain data. */
export interface Death {
  readonly process: number;
  /** Milliseconds after the beginning. */
  readonly from: number;
  /** Steps from then on that it still lives to see the end of; 0: the next one. */
  readonly steps: number;
  /** `after`: the call has had its effect, its answer is lost. */
  readonly when: 'before' | 'after';
  /** How long until another takes its place. */
  readonly goneMs: number;
}

/** The database went away, before a statement or with its answer. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway';

  constructor(call: string) {
    super(`The store is away: ${call}`);
  }
}

/** What a process is told that all others are told too. */
export interface SharedFate {
  /** While true the store answers nobody; a statement may have been carried out all the same. */
  storeAway: boolean;
  /** Draws whether a statement in an outage is carried out. */
  readonly drawCarriedOut: () => boolean;
}

/** A call that looked for work and found none. */
export const IDLE = 'idle';

const AWAKE = Promise.resolve();
const never = (): Promise<never> => new Promise(() => undefined);

/** The life of one process. */
export class Fate {
  dead = false;
  /** The calls begun, by name. */
  readonly trail: string[] = [];
  private suspended: PromiseWithResolvers<void> | null = null;
  private planned: { at: number; when: Death['when'] } | null = null;
  private pause: { callsLeft: number; readonly begin: () => void } | null = null;
  private readonly onDeath: (() => void)[] = [];
  private readonly shared: SharedFate;

  constructor(shared: SharedFate) {
    this.shared = shared;
  }

  /** Dies at the call numbered `at` (the first is 0). */
  dieAt(at: number, when: Death['when']): void {
    this.planned ??= { at, when };
  }

  /** Takes back a death or a pause that has not come yet. */
  spare(): void {
    this.planned = null;
    this.pause = null;
  }

  whenDead(run: () => void): void {
    this.onDeath.push(run);
  }

  die(): void {
    if (this.dead) return;
    this.dead = true;
    for (const run of this.onDeath.splice(0)) run();
  }

  /** Calls `begin` when the answer of the so-many-th call to Jira from now on is there: in the middle of a turn. */
  pauseAt(calls: number, begin: () => void): void {
    this.pause ??= { callsLeft: calls, begin };
  }

  suspend(): void {
    this.suspended ??= Promise.withResolvers();
  }

  resume(): void {
    this.suspended?.resolve();
    this.suspended = null;
  }

  /** Resolves while the process runs; never in a dead one. */
  awake(): Promise<void> {
    return this.suspended === null && !this.dead ? AWAKE : this.untilAwake();
  }

  private async untilAwake(): Promise<void> {
    while (this.suspended !== null) await this.suspended.promise;
    if (this.dead) await never();
  }

  /**
   * One call to the outside. In a process that stands still, a statement waits before it begins; a request to Jira has left, and its
   * answer waits.
   */
  async step<Answer>(boundary: Boundary, name: string, call: () => Promise<Answer>): Promise<Answer> {
    if (this.dead) return never();
    if (boundary === 'store') await this.awake();
    const place = this.trail.push(name) - 1;
    const mine = this.planned !== null && place >= this.planned.at ? this.planned.when : null;
    if (mine === 'before') this.die();
    if (this.dead) return never();
    const answer = await (boundary === 'store' && this.shared.storeAway ? this.inOutage(name, call) : call());
    if (Array.isArray(answer) && answer.length === 0) this.trail[place] = IDLE;
    if (mine === 'after') this.die();
    if (boundary === 'jira') this.countCall();
    await this.awake();
    return answer;
  }

  private countCall(): void {
    if (this.pause === null) return;
    this.pause.callsLeft -= 1;
    if (this.pause.callsLeft > 0) return;
    const { begin } = this.pause;
    this.pause = null;
    begin();
  }

  private async inOutage<Answer>(name: string, call: () => Promise<Answer>): Promise<Answer> {
    if (this.shared.drawCarriedOut()) await call();
    throw new StoreAway(name);
  }
}

type Method = (...values: readonly unknown[]) => Promise<unknown>;

/** Methods that touch nothing outside of the process. All others answer a promise. */
const WITHIN = new Set(['turnTook']);

/** The same port, each call of which is a step of `fate`. */
export const mortal = <Port extends object>(
  port: Port,
  fate: Fate,
  see?: (method: string, values: readonly unknown[]) => void,
): Port => {
  const wrapped = new Map<string, Method>();
  return new Proxy(port, {
    get(target, name) {
      const known = typeof name === 'string' ? wrapped.get(name) : undefined;
      if (known !== undefined) return known;
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || typeof name !== 'string' || WITHIN.has(name)) return method;
      const call: Method = (...values) => {
        see?.(name, values);
        return fate.step('store', name, () => Reflect.apply(method, target, values) as Promise<unknown>);
      };
      wrapped.set(name, call);
      return call;
    },
  });
};
