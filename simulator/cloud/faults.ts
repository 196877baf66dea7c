/** A way in which the site fails to answer a REST call properly. */
export interface Fault {
  /** `GET`, `POST`…; any when absent. */
  readonly method?: string | undefined;
  /** Part of the path template, such as `/issue/{issueIdOrKey}`; any when absent. */
  readonly path?: string | undefined;
  /** `before`: the call does nothing. `after`: it does its work, then fails all the same: a lost answer. */
  readonly when: 'before' | 'after';
  /** The status to answer with; null: the connection is cut without an answer. */
  readonly status: number | null;
  readonly retryAfterSeconds?: number | undefined;
  /** For 429: the RateLimit-Reason, such as `jira-quota-tenant-based`. */
  readonly reason?: string | undefined;
  /** How many calls it strikes; then it is gone. */
  readonly times: number;
}

/** The faults that wait for their calls, first come first served. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that strikes this call, which uses it up once. */
  take(method: string, path: string): Fault | null;
}

export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add: (fault) => void waiting.push({ fault, left: fault.times }),
    clear: () => {
      waiting = [];
    },
    take: (method, path) => {
      const found = waiting.find(
        ({ fault }) =>
          (fault.method === undefined || fault.method === method) && (fault.path === undefined || path.endsWith(fault.path)),
      );
      if (found === undefined) return null;
      found.left -= 1;
      if (found.left <= 0) waiting = waiting.filter((candidate) => candidate !== found);
      return found.fault;
    },
  };
}
