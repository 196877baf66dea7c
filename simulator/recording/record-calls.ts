import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';

/** One answered REST call as the conformance check reads it: one line of JSON. */
export interface RecordedCall {
  readonly face: 'cloud' | 'data-center';
  readonly method: string;
  /** From `/rest/` on, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Absent: none, or not JSON. */
  readonly body?: unknown;
  readonly contentType: string | null;
  readonly status: number;
  /** Absent: an empty answer, or not JSON. */
  readonly answer?: unknown;
  /** By which scheme the caller proved who it is, and what it called itself. */
  readonly scheme: string | null;
  readonly client: string | null;
  /** The route that answered; null: none did. */
  readonly route: string | null;
}

/** Keys and types of a value, the same for all lists of like things: what conformance depends on, nearly always. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))].sort();
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

const kindOf = (call: RecordedCall): string =>
  createHash('sha1')
    .update(
      JSON.stringify([
        call.face,
        call.method,
        // A route serves several versions of the API.
        call.path.split('/', 4),
        call.route ?? call.path.replaceAll(/[^/]*\d[^/]*/g, '#'),
        Object.keys(call.query).sort(),
        shapeOf(call.body),
        call.status,
        shapeOf(call.answer),
        call.scheme,
      ]),
    )
    .digest('base64');

const headerText = (value: string | string[] | undefined): string | null => (typeof value === 'string' ? value : null);

/** Express shows an empty object where there is no body. */
const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Writes down each answered call of a REST face, one of each kind. Goes before everything else on the server. */
export function recordCalls(face: RecordedCall['face'], write: (line: string) => void): RequestHandler {
  const seen = new Set<string>();
  return (request, response, next) => {
    const at = request.originalUrl.indexOf('/rest/');
    if (at < 0) {
      next();
      return;
    }
    let answer: unknown;
    const json = response.json.bind(response);
    response.json = (body) => {
      answer = body;
      return json(body);
    };
    response.on('finish', () => {
      if (response.locals['struck'] === true) return;
      const [path = '', search = ''] = request.originalUrl.slice(at).split('?');
      const body: unknown = request.body;
      const authorization = headerText(request.headers.authorization);
      const call: RecordedCall = {
        face,
        method: request.method,
        path,
        query: Object.fromEntries(
          [...new Set(new URLSearchParams(search).keys())].map((name) => {
            const values = new URLSearchParams(search).getAll(name);
            return [name, values.length === 1 ? (values[0] ?? '') : values];
          }),
        ),
        ...(hasBody(request.headers) && body !== undefined ? { body } : {}),
        contentType: headerText(request.headers['content-type']),
        status: response.statusCode,
        ...(answer === undefined ? {} : { answer }),
        scheme: authorization?.split(' ')[0] ?? null,
        client: headerText(request.headers['user-agent']),
        route: typeof request.route?.path === 'string' ? request.route.path : null,
      };
      const kind = kindOf(call);
      if (seen.has(kind)) return;
      seen.add(kind);
      write(`${JSON.stringify(call)}\n`);
    });
    next();
  };
}
