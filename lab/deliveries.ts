import type { IncomingMessage, ServerResponse } from 'node:http';

/** A webhook that was answered with 200, as whoever stands between Jira and the app sees it. */
export interface AnsweredDelivery {
  /** Jira's name for it, the same when it comes again. */
  readonly id: string;
  /** The item was changed by the app itself. */
  readonly isTraced: boolean;
  /** What became of it, as the answer says: `queued`, `duplicate`, `echo` … */
  readonly code: string;
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');

/** Writes down what the app answers to webhooks. */
export function watchDelivery(request: IncomingMessage, response: ServerResponse, deliveries: AnsweredDelivery[]): void {
  if (request.url?.startsWith('/webhooks/jira') !== true) return;
  const end = response.end.bind(response);
  const watched = (...given: Parameters<typeof end>): ServerResponse => {
    const code = /"code":"([^"]+)"/.exec(String(given[0] ?? ''))?.[1];
    if (response.statusCode === 200 && code !== undefined)
      deliveries.push({
        id: header(request, 'x-atlassian-webhook-identifier'),
        isTraced: header(request, 'x-atlassian-webhook-trace') !== '',
        code,
      });
    return end(...given);
  };
  Object.assign(response, { end: watched });
}
