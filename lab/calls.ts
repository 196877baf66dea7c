import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type { Clock } from '../simulator/heart/clock.ts';
import type { Fate } from './fate.ts';

/** A request of the app to a site, as the network saw it. */
export interface SeenCall {
  readonly at: number;
  /** Which process, in which of its lives. */
  readonly process: string;
  readonly method: string;
  /** `http://localhost:PORT` of the site. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Null if no answer came. */
  status: number | null;
  answeredAt: number | null;
  answerHeaders: Readonly<Record<string, string>>;
}

const headersOf = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

function seenCall(config: InternalAxiosRequestConfig, process: string, at: number): SeenCall {
  const url = new URL(config.url ?? '');
  return {
    at,
    process,
    method: (config.method ?? 'get').toUpperCase(),
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers: headersOf(config.headers.toJSON()),
    body: typeof config.data === 'string' ? config.data : '',
    status: null,
    answeredAt: null,
    answerHeaders: {},
  };
}

/** The way of one process into the network: every request is a step of its fate, and is written down. */
export const watchedAdapter =
  (network: AxiosAdapter, fate: Fate, process: string, clock: Clock, calls: SeenCall[]): AxiosAdapter =>
  (config) =>
    fate.step('jira', `${config.method} ${config.url}`, async () => {
      const seen = seenCall(config, process, clock.now());
      calls.push(seen);
      // The limit of a whole call runs by the machine's time, which is none of virtual time; and it would keep all of this alive.
      const { signal: _limit, ...lasting } = config;
      const answer = await network(lasting);
      seen.status = answer.status;
      seen.answeredAt = clock.now();
      seen.answerHeaders = headersOf(answer.headers);
      return answer;
    });
