import type { Random } from '../heart/random.ts';

/**
 * How a struck call ends, where it is not just a status in Jira's JSON: `html` a web page in its place; `half` the answer's head
 * and half its body, then the connection is cut; `silence` nothing at all, until the caller gives up; `slow` the true answer, late.
 */
export const FAULT_SHAPES = ['json', 'html', 'half', 'silence', 'slow'] as const;
export type FaultShape = (typeof FAULT_SHAPES)[number];

/** A way in which the site fails to answer a REST call properly. */
export interface Fault {
  /** `GET`, `POST`…; any when absent. */
  readonly method?: string | undefined;
  /** The end of the path template, such as `/issue/{issueIdOrKey}`; any when absent. */
  readonly path?: string | undefined;
  /** `before`: the call does nothing. `after`: it does its work, then fails all the same: a lost answer. */
  readonly when: 'before' | 'after';
  /** The status to answer with; null: the connection is cut without an answer. Of no meaning for `silence`, `slow`, and `half` after the work. */
  readonly status: number | null;
  readonly shape?: FaultShape | undefined;
  /** How late a `slow` answer is. */
  readonly delayMs?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** For 429: the RateLimit-Reason, such as `jira-quota-tenant-based`. */
  readonly reason?: string | undefined;
  /** How likely it strikes a call that it fits, 0–1; 1 when absent. */
  readonly chance?: number | undefined;
  /** How many calls it strikes; then it is gone. */
  readonly times: number;
}

/** The faults that wait for their calls, first come first served. */
export interface Faults {
  /** The returned function takes it away again. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The fault that strikes this call, which uses it up once. */
  take(method: string, path: string): Fault | null;
}

/** @param random decides which calls a fault with a chance strikes. */
export function createFaults(random: Random): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  const strikes = (fault: Fault, method: string, path: string): boolean =>
    (fault.method === undefined || fault.method === method) &&
    (fault.path === undefined || path.endsWith(fault.path)) &&
    (fault.chance === undefined || random.chance(fault.chance));
  return {
    add: (fault) => {
      const added = { fault, left: fault.times };
      waiting.push(added);
      return () => {
        waiting = waiting.filter((candidate) => candidate !== added);
      };
    },
    clear: () => {
      waiting = [];
    },
    take: (method, path) => {
      const found = waiting.find(({ fault }) => strikes(fault, method, path));
      if (found === undefined) return null;
      found.left -= 1;
      if (found.left <= 0) waiting = waiting.filter((candidate) => candidate !== found);
      return found.fault;
    },
  };
}
