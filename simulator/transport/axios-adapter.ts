import { Readable } from 'node:stream';
import axios, {
  type AxiosAdapter,
  AxiosError,
  AxiosHeaders,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { Delivered, Sending, WireAnswer } from './exchange.ts';

type Send = (sending: Sending) => Promise<Delivered>;

/** A request's body as bytes. axios has turned objects into text before. */
async function bytesOf(data: unknown): Promise<Buffer> {
  if (data === undefined || data === null) return Buffer.alloc(0);
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  if (data instanceof Uint8Array) return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  if (data instanceof Readable) {
    const chunks: Buffer[] = [];
    for await (const chunk of data) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks);
  }
  throw new Error(`The in-memory network cannot send a body of this kind: ${Object.prototype.toString.call(data)}`);
}

/** A native form becomes its bytes and the content type that names their boundary. */
async function bodyOf(data: unknown): Promise<{ body: Buffer; headers: Record<string, string> }> {
  if (!(data instanceof FormData)) return { body: await bytesOf(data), headers: {} };
  const encoded = new Response(data);
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  return { body: Buffer.from(await encoded.arrayBuffer()), headers };
}

function headersOf(config: InternalAxiosRequestConfig, host: string, own: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = { host };
  for (const [name, value] of Object.entries(config.headers.toJSON())) {
    if (value !== null && value !== undefined) headers[name.toLowerCase()] = String(value);
  }
  if (config.auth !== undefined) {
    const { username, password } = config.auth;
    headers['authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  return { ...headers, ...own };
}

function shownAs(type: string | undefined, body: Buffer): unknown {
  if (type === 'arraybuffer') return body;
  if (type === 'stream') return Readable.from([body], { objectMode: false });
  return body.toString('utf8');
}

/** What axios throws for that fault over sockets: same class, code and cause. */
function faultOf(delivered: Exclude<Delivered, { kind: 'answered' }>, config: InternalAxiosRequestConfig): AxiosError {
  if (delivered.kind === 'called-off') return new CanceledError(undefined, config);
  if (delivered.kind === 'timed-out')
    return new AxiosError(`timeout of ${config.timeout}ms exceeded`, AxiosError.ECONNABORTED, config);
  const message = `connect ECONNREFUSED 127.0.0.1:${delivered.port}`;
  const cause = Object.assign(new Error(message), { code: 'ECONNREFUSED', syscall: 'connect' });
  return AxiosError.from(cause, undefined, config);
}

function settled(config: InternalAxiosRequestConfig, answer: WireAnswer): AxiosResponse {
  const { status } = answer;
  if (status === null) {
    const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    throw AxiosError.from(cause, undefined, config);
  }
  const response: AxiosResponse = {
    status,
    statusText: answer.statusText,
    headers: new AxiosHeaders(answer.headers),
    config,
    data: shownAs(config.responseType, answer.body),
  };
  if (!answer.whole) throw new AxiosError('stream has been aborted', AxiosError.ERR_BAD_RESPONSE, config, undefined, response);
  const most = config.maxContentLength ?? -1;
  if (most > -1 && answer.body.length > most)
    throw new AxiosError(`maxContentLength size of ${most} exceeded`, AxiosError.ERR_BAD_RESPONSE, config);
  if (config.validateStatus && !config.validateStatus(status)) {
    const code = status >= 400 && status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
    throw new AxiosError(`Request failed with status code ${status}`, code, config, undefined, response);
  }
  return response;
}

/**
 * An axios adapter that sends into an in-memory network. Redirects are not followed: they come back as answers, as with
 * `maxRedirects: 0`. Time-outs pass in the network's time; an abort signal works at once.
 */
export const createAxiosAdapter =
  (send: Send): AxiosAdapter =>
  async (config) => {
    const url = new URL(config.params === undefined && config.baseURL === undefined ? (config.url ?? '') : axios.getUri(config));
    const { body, headers } = await bodyOf(config.data);
    const signal = config.signal instanceof AbortSignal ? config.signal : undefined;
    const delivered = await send({
      method: (config.method ?? 'get').toUpperCase(),
      port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
      path: `${url.pathname}${url.search}`,
      headers: headersOf(config, url.host, headers),
      body,
      timeoutMs: config.timeout === undefined || config.timeout === 0 ? null : config.timeout,
      ...(signal === undefined ? {} : { signal }),
    });
    if (delivered.kind !== 'answered') throw faultOf(delivered, config);
    return settled(config, delivered.answer);
  };
