import http from 'node:http';
import process from 'node:process';
import { Duplex } from 'node:stream';

/** A request as it is on the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The answer: whole, or cut off before its head (`status` null) or within its body. */
export interface WireAnswer {
  readonly whole: boolean;
  readonly status: number | null;
  readonly statusText: string;
  /** Names in lower case; cookies are a list. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** What came of a request sent into the network. */
export type Delivered =
  | { readonly kind: 'answered'; readonly answer: WireAnswer }
  | { readonly kind: 'refused'; readonly port: number }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'called-off' };

export interface Sending extends WireRequest {
  readonly port: number;
  /** Null: waits for ever. */
  readonly timeoutMs: number | null;
  readonly signal?: AbortSignal;
}

/** One request under way. */
export interface Exchange {
  readonly answer: Promise<WireAnswer>;
  /** The caller hangs up: the server sees its socket close. */
  hangUp(): void;
}

type Written = (error: Error | null | undefined) => void;

/** Stands in for a socket: keeps what the server writes. */
class MemorySocket extends Duplex {
  readonly remoteAddress = '127.0.0.1';
  readonly written: Uint8Array[] = [];

  override _read(): void {
    // Nothing comes this way: the request's body is put into the request itself.
  }

  /** Writing is over at once, so nothing of a stream's buffer is needed. */
  override write(chunk: string | Uint8Array, encoding?: BufferEncoding | Written, written?: Written): boolean {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : chunk;
    this.written.push(bytes);
    const callback = typeof encoding === 'function' ? encoding : written;
    if (callback) process.nextTick(callback, null);
    return true;
  }

  // Settings of real sockets that servers like to make; here there is nothing to set.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  destroySoon(): void {
    this.destroy();
  }
}

/** Node's own request object on the stand-in, which its types do not foresee. */
function requestOn(socket: MemorySocket, { method, path, headers, body }: WireRequest): http.IncomingMessage {
  const request: http.IncomingMessage = Reflect.construct(http.IncomingMessage, [socket]);
  request.method = method;
  request.url = path;
  const sent = body.length === 0 ? headers : { ...headers, 'content-length': String(body.length) };
  request.headers = { ...sent };
  request.headersDistinct = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value]]));
  for (const [name, value] of Object.entries(sent)) request.rawHeaders.push(name, value);
  if (body.length > 0) request.push(body);
  request.push(null);
  request.complete = true;
  return request;
}

/** The response object. Made as for HTTP/1.0, so that it writes the body plainly, not in chunks. */
function responseTo(request: http.IncomingMessage, socket: MemorySocket, now: number): http.ServerResponse {
  Object.assign(request, { httpVersion: '1.0', httpVersionMajor: 1, httpVersionMinor: 0 });
  const response = new http.ServerResponse(request);
  Object.assign(request, { httpVersion: '1.1', httpVersionMinor: 1 });
  // Node would write the machine's time.
  response.sendDate = false;
  response.setHeader('Date', new Date(now).toUTCString());
  Reflect.apply(response.assignSocket, response, [socket]);
  return response;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NO_BODY = new Set([204, 304]);

function readHeaders(lines: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = headers[name];
    if (name === 'set-cookie') headers[name] = Array.isArray(known) ? [...known, value] : [value];
    else headers[name] = typeof known === 'string' ? `${known}, ${value}` : value;
  }
  return headers;
}

function readAnswer(method: string, written: readonly Uint8Array[], ended: boolean): WireAnswer {
  const bytes = Buffer.concat(written);
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return { whole: false, status: null, statusText: '', headers: {}, body: Buffer.alloc(0) };
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const [, status = '', statusText = ''] = /^HTTP\/1\.\d (\d+) ?(.*)$/.exec(statusLine) ?? [];
  // The connection is the network's own affair.
  const { connection: _connection, ...headers } = readHeaders(lines);
  const body = bytes.subarray(headEnd + HEAD_END.length);
  const bodiless = method === 'HEAD' || NO_BODY.has(Number(status));
  const length = headers['content-length'];
  const whole = ended && (bodiless || length === undefined || body.length === Number(length));
  return { whole, status: Number(status), statusText, headers, body };
}

/**
 * Has a handler (an Express app is one) answer a request without a socket: it gets the request and response objects of Node
 * itself, so that everything it does to them, cutting the connection included, means what it means over HTTP.
 * @param now epoch milliseconds for the `Date` header.
 */
export function exchange(handler: http.RequestListener, wire: WireRequest, now: number): Exchange {
  const socket = new MemorySocket();
  const request = requestOn(socket, wire);
  const response = responseTo(request, socket, now);
  const answer = new Promise<WireAnswer>((resolve) => {
    const finish = (ended: boolean): void => {
      resolve(readAnswer(wire.method, socket.written, ended));
      socket.destroy();
    };
    response.once('finish', () => finish(true));
    socket.once('close', () => finish(false));
    // Destroyed with an error it closes as well.
    socket.on('error', () => socket.destroy());
  });
  Reflect.apply(handler, undefined, [request, response]);
  return { answer, hangUp: () => void socket.destroy() };
}
