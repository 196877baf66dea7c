import { type AxiosInstance, isAxiosError } from 'axios';
import { fail, type Result, succeed } from '../core/failure.ts';

/** One request. Redirects are not followed: credentials go to the address that they are for. */
export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent form-encoded. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
}

export interface Reply {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `unreachable`: no whole answer came. `forbidden-address`: the guard against private addresses did not let it out. */
export type SendFailure = 'unreachable' | 'forbidden-address';

/** Port: sends one request and gives back whatever was answered. */
export type SendHttp = (ask: Ask) => Promise<Result<Reply, SendFailure>>;

/** Whole call, connecting included. A lease on a refresh lasts longer (refresh-credentials.ts). */
export const LONGEST_CALL_MS = 20_000;
/** Tokens, server descriptions and lists of sites are far below this. */
const LARGEST_REPLY_BYTES = 1024 * 1024;
/** What the guard of addresses that people typed throws (app/platform/guarded-agents.ts). */
const GUARD_CODE = 'ADDRESS_NOT_ALLOWED';

const plainHeaders = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name.toLowerCase(), value]] : [])),
  );

const codeOf = (error: { code?: unknown; cause?: unknown }): unknown => {
  const { cause } = error;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : error.code;
};

/** By that client and its agents. Nothing of request or answer goes into an error. */
export const createSendHttp =
  (instance: Pick<AxiosInstance, 'request'>): SendHttp =>
  async ({ method, url, headers, form, json }) => {
    try {
      const response = await instance.request<unknown>({
        method,
        url,
        headers: {
          Accept: 'application/json',
          ...headers,
          ...(form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
          ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(form === undefined ? {} : { data: new URLSearchParams(form).toString() }),
        ...(json === undefined ? {} : { data: JSON.stringify(json) }),
        maxRedirects: 0,
        maxContentLength: LARGEST_REPLY_BYTES,
        responseType: 'text',
        transformResponse: (body: unknown) => body,
        validateStatus: () => true,
        // The network's own time, whatever clock decisions are made by.
        signal: AbortSignal.timeout(LONGEST_CALL_MS),
      });
      const body = typeof response.data === 'string' ? response.data : '';
      return succeed({ status: response.status, headers: plainHeaders(response.headers), body });
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      return fail(codeOf(error) === GUARD_CODE ? 'forbidden-address' : 'unreachable');
    }
  };

/** The body as JSON; undefined when it is none. */
export const jsonOf = ({ body }: Reply): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
