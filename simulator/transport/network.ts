import type { RequestListener } from 'node:http';
import type { CallHttp } from '../http-call.ts';

/** An address that something may listen at. */
export interface Endpoint {
  /** `http://localhost:PORT`, without a slash at the end; known before anything serves it. */
  readonly url: string;
  /** Answers calls from now on: an Express app, or a handler of Node's http. */
  serve(handler: RequestListener): void;
  /** Calls are refused from now on, and those under way are cut. */
  close(): Promise<void>;
}

/** What a world is reached by, and reaches apps by: sockets of this machine, or nothing but memory. */
export interface Network {
  /** Opens an address; the next free one unless a port is given. */
  open(port?: number): Promise<Endpoint>;
  /** One call with its whole answer. Never rejects. */
  readonly call: CallHttp;
}
