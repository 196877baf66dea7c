import http from 'node:http';
import https from 'node:https';

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** For http: addresses; without one each call has a socket of its own. */
  readonly agent?: http.Agent;
}

/** `status: null`: no answer came (refused, cut off, timed out). */
export type HttpAnswer = { readonly status: number; readonly body: string } | { readonly status: null; readonly detail: string };

/** A way to make calls: over sockets, or through a network of memory. Never rejects. */
export type CallHttp = (call: HttpCall) => Promise<HttpAnswer>;

/** Sends one request and reads the whole answer. Never rejects. */
export function callHttp(call: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const secure = call.url.startsWith('https:');
    const length = call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) };
    const options = {
      method: call.method,
      headers: { ...call.headers, ...length },
      timeout: call.timeoutMs,
      ...(call.agent !== undefined && !secure ? { agent: call.agent } : {}),
    };
    const request = (secure ? https : http).request(call.url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', (error) => resolve({ status: null, detail: error.message }));
    });
    request.on('timeout', () => request.destroy(new Error(`No answer within ${call.timeoutMs} ms`)));
    request.on('error', (error) => resolve({ status: null, detail: error.message }));
    request.end(call.body);
  });
}
