import { z } from 'zod';

/** A simulated site in another process, through its control API and its REST API (simulator/README.md). */
export interface RemoteSite {
  readonly url: string;
  /** The header with which the site's administrator calls REST. */
  readonly authorization: string;
  /** The site's administrator changes many items in one moment; resolves to that moment (epoch ms, the site's clock). */
  edit(edits: readonly { readonly issue: string; readonly fields: object }[]): Promise<number>;
  /** Makes items in a project as a person; resolves to their ids. */
  create(projectKey: string, items: readonly object[]): Promise<string[]>;
  /** The summaries that items show now. */
  summaries(issueIds: Iterable<string>): Promise<ReadonlyMap<string, string>>;
  /** REST as the site's administrator. */
  rest(method: string, path: string, body?: unknown): Promise<unknown>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** REST calls that the site has answered, without the first `from`. */
  ledger(from: number): Promise<readonly LedgerEntry[]>;
  /** A context token of a space's administrator, as the embedded page gets it. */
  contextToken(appKey: string, projectKey: string): Promise<string>;
}

const ledgerEntry = z.object({
  at: z.number(),
  method: z.string(),
  path: z.string(),
  who: z.enum(['app', 'user', 'anonymous']),
  issueId: z.string().nullable(),
  status: z.number(),
  points: z.number(),
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

const siteShape = z.object({
  users: z.array(z.object({ accountId: z.string(), emailAddress: z.string(), apiToken: z.string(), siteAdmin: z.boolean() })),
  projects: z.array(z.object({ id: z.string(), key: z.string() })),
});

const fetched = z.object({ issues: z.array(z.object({ id: z.string(), fields: z.object({ summary: z.string() }) })) });

/** Most items that Jira makes in one call, and shows in one. */
const BULK = 50;
const BULK_FETCH = 100;
/** A site that says nothing for so long says nothing any more; a retry of its webhooks is minutes away. */
const PATIENCE_MS = 60_000;

async function call(url: string, method: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((error: unknown) => {
    throw new Error(`${method} ${url} was not answered.`, { cause: error });
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

export async function reachSite(url: string): Promise<RemoteSite> {
  const control = (method: string, path: string, body?: unknown) => call(`${url}/__sim${path}`, method, body);
  const { users, projects } = siteShape.parse(await control('GET', '/site'));
  const admin = users.find(({ siteAdmin }) => siteAdmin);
  if (admin === undefined) throw new Error(`${url} has no administrator.`);
  const authorization = `Basic ${Buffer.from(`${admin.emailAddress}:${admin.apiToken}`).toString('base64')}`;
  const rest = (method: string, path: string, body?: unknown) =>
    call(`${url}/rest/api/3${path}`, method, body, { Authorization: authorization });
  return {
    url,
    authorization,
    rest,
    control,
    async edit(edits) {
      const { at, refused } = z
        .object({ at: z.number(), refused: z.array(z.unknown()) })
        .parse(await control('POST', '/edits', { edits }));
      if (refused.length > 0) throw new Error(`${refused.length} edits were refused.`);
      return at;
    },
    async create(projectKey, items) {
      const ids: string[] = [];
      for (let from = 0; from < items.length; from += BULK) {
        const issueUpdates = items.slice(from, from + BULK).map((fields) => ({
          fields: { project: { key: projectKey }, issuetype: { name: 'Task' }, ...fields },
        }));
        const made = z
          .object({ issues: z.array(z.object({ id: z.string() })) })
          .parse(await rest('POST', '/issue/bulk', { issueUpdates }));
        ids.push(...made.issues.map(({ id }) => id));
      }
      return ids;
    },
    async summaries(issueIds) {
      const ids = [...issueIds];
      const found = new Map<string, string>();
      for (let from = 0; from < ids.length; from += BULK_FETCH) {
        const asked = { issueIdsOrKeys: ids.slice(from, from + BULK_FETCH), fields: ['summary'] };
        const { issues } = fetched.parse(await rest('POST', '/issue/bulkfetch', asked));
        for (const { id, fields } of issues) found.set(id, fields.summary);
      }
      return found;
    },
    async ledger(from) {
      return z.object({ entries: z.array(ledgerEntry) }).parse(await control('GET', `/ledger?from=${from}`)).entries;
    },
    async contextToken(appKey, projectKey) {
      const project = projects.find(({ key }) => key === projectKey);
      const asked = { appKey, accountId: admin.accountId, context: { project } };
      return z.object({ token: z.string() }).parse(await control('POST', '/context-token', asked)).token;
    },
  };
}
