import { z } from 'zod';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { AccountId } from '../core/ids.ts';
import { shownName } from '../platform/shown-name.ts';
import type { Product, SyncUser } from '../sync/connection-ports.ts';
import { jsonOf, type Reply, type SendFailure, type SendHttp } from './send-http.ts';

/** The few questions that a site, or Atlassian, is asked while somebody gets in. Everything else is the Jira adapter's. */

/** What came instead of an answer that can be read. */
export type Unanswered = { readonly kind: SendFailure } | { readonly kind: 'refused'; readonly reply: Reply };

async function ask<Value>(send: SendHttp, url: string, schema: z.ZodType<Value>, authorization?: string) {
  const sent = await send({ method: 'GET', url, ...(authorization === undefined ? {} : { headers: { authorization } }) });
  if (!sent.ok) return fail<Unanswered>({ kind: sent.failure });
  const parsed = sent.value.status === 200 ? schema.safeParse(jsonOf(sent.value)) : null;
  return parsed?.success === true ? succeed(parsed.data) : fail<Unanswered>({ kind: 'refused', reply: sent.value });
}

/** User names of old Data Center sites are keys, with whatever letters they have. */
const userId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^\P{Cc}+$/u);

/** Cloud says `accountId`, Data Center `key`. */
const myself = z
  .object({ accountId: userId.optional(), key: userId.optional(), displayName: z.string().default('') })
  .transform(({ accountId, key, displayName }) => ({ accountId: accountId ?? key ?? '', name: shownName(displayName) }))
  .refine(({ accountId }) => accountId !== '');

const MYSELF = '/rest/api/2/myself';

/** Who we are there. `authorize` makes the header for exactly that request. */
export async function readMyself(
  send: SendHttp,
  apiUrl: string,
  authorize: (request: { method: string; url: string }) => string,
): Promise<Result<SyncUser, Unanswered>> {
  const url = `${apiUrl}${MYSELF}`;
  const answer = await ask(send, url, myself, authorize({ method: 'GET', url }));
  return answer.ok ? succeed({ accountId: answer.value.accountId as AccountId, name: answer.value.name }) : answer;
}

/** Data Center calls itself `Server` as well. */
const serverInfo = z.object({
  baseUrl: z.string(),
  version: z.string().regex(/^[\w.+ -]{1,100}$/),
  deploymentType: z.string().optional(),
});

export interface ServerInfo {
  readonly product: Product;
  readonly version: string;
  /** What the server thinks its address is. */
  readonly baseUrl: string;
}

/** What runs at that address; everybody may ask. */
export async function readServerInfo(send: SendHttp, siteUrl: string): Promise<Result<ServerInfo, Unanswered>> {
  const answer = await ask(send, `${siteUrl}/rest/api/2/serverInfo`, serverInfo);
  if (!answer.ok) return answer;
  const { deploymentType, version, baseUrl } = answer.value;
  return succeed({ product: deploymentType === 'Cloud' ? ('cloud' as const) : ('data-center' as const), version, baseUrl });
}

const tenantInfo = z.object({ cloudId: z.string().regex(/^[A-Za-z0-9-]{1,64}$/) });

/** Atlassian's id of a Cloud site. */
export async function readCloudId(send: SendHttp, siteUrl: string): Promise<Result<string, Unanswered>> {
  const answer = await ask(send, `${siteUrl}/_edge/tenant_info`, tenantInfo);
  return answer.ok ? succeed(answer.value.cloudId) : answer;
}

/** Where the API of a Cloud site is for tokens of OAuth 2.0, and for API tokens with scopes. */
export const gatewayUrl = (apiUrl: string, cloudId: string): string => `${apiUrl}/ex/jira/${cloudId}`;

const resources = z.array(z.object({ id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/), url: z.string() }));

export interface AccessibleSite {
  readonly cloudId: string;
  readonly url: string;
}

/** The sites that a person's consent is good for. */
export async function readAccessibleSites(
  send: SendHttp,
  apiUrl: string,
  accessToken: string,
): Promise<Result<readonly AccessibleSite[], Unanswered>> {
  const answer = await ask(send, `${apiUrl}/oauth/token/accessible-resources`, resources, `Bearer ${accessToken}`);
  return answer.ok ? succeed(answer.value.map(({ id, url }) => ({ cloudId: id, url }))) : answer;
}

/** The one that a connection is for, by its address, or by its id where people know it by a name of its own. */
export const matchSite = (
  sites: readonly AccessibleSite[],
  named: { readonly siteUrl: string; readonly cloudId: string | null },
): AccessibleSite | null =>
  sites.find(({ cloudId }) => cloudId === named.cloudId) ??
  sites.find(({ url }) => URL.parse(url)?.origin === URL.parse(named.siteUrl)?.origin) ??
  null;
