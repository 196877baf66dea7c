import { fail, type Result, succeed } from '../core/failure.ts';
import type { CheckSiteAddress } from '../platform/guarded-agents.ts';
import type { AuthenticationRefusal, ProbedSite, SiteProbe } from '../sync/authentication-ports.ts';
import type { Product, RemoteKind, TYPED_KINDS } from '../sync/connection-ports.ts';
import { readCloudId, readServerInfo, type ServerInfo, type Unanswered } from './ask-on-entry.ts';
import { refuse } from './authenticate.ts';
import type { AtlassianApp } from './oauth2.ts';
import type { SendHttp } from './send-http.ts';
import { siteOf } from './site-directory.ts';

type TypedKind = (typeof TYPED_KINDS)[number];
const TYPED: ReadonlySet<RemoteKind> = new Set<TypedKind>(['personal-token', 'api-token', 'password']);

const numberOf = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return major * 1000 + minor;
};

/**
 * The ways in of a product, the best first: OAuth 2.0 from 8.22 on, personal access tokens from 8.14 on. From 11.0 on basic
 * authentication is off unless an admin switched it on again, so it is not offered; who types it anyway is told by the site.
 */
export function kindsOf(product: Product, version: string | null, typedAllowed: boolean): readonly RemoteKind[] {
  const number = numberOf(version ?? '');
  const all: readonly (readonly [kind: RemoteKind, there: boolean])[] =
    product === 'cloud'
      ? [
          ['oauth2-cloud', true],
          ['api-token', true],
        ]
      : [
          ['oauth2-data-center', number >= 8022],
          ['personal-token', number >= 8014],
          ['oauth1', true],
          ['password', number < 11_000],
        ];
  return all.filter(([kind, there]) => there && (typedAllowed || !TYPED.has(kind))).map(([kind]) => kind);
}

const MOVED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const SERVER_INFO = /^(.*)\/rest\/api\/2\/serverInfo$/;

/** Where to look next: where the answer leads on the same host, or at the context path that most installations have. */
function nextAddress(siteUrl: string, unanswered: Unanswered): string | null {
  if (unanswered.kind !== 'refused') return null;
  const { status, headers } = unanswered.reply;
  const target = MOVED.has(status) ? URL.parse(headers['location'] ?? '', `${siteUrl}/`) : null;
  if (target?.origin === new URL(siteUrl).origin) {
    const path = SERVER_INFO.exec(target.pathname)?.[1] ?? target.pathname.replace(/\/+$/, '');
    return `${target.origin}${path}`;
  }
  return new URL(siteUrl).pathname === '/' ? `${siteUrl}/jira` : null;
}

/** Not more than a wrong context path and the right one. */
const MOST_TRIES = 2;

async function findServer(
  send: SendHttp,
  siteUrl: string,
  tries = MOST_TRIES,
): Promise<Result<[string, ServerInfo], Unanswered>> {
  const found = await readServerInfo(send, siteUrl);
  if (found.ok) return succeed([siteUrl, found.value]);
  const next = tries > 1 ? nextAddress(siteUrl, found.failure) : null;
  if (next === null || next === siteUrl) return found;
  const again = await findServer(send, next, tries - 1);
  return again.ok ? again : found;
}

/** What a person is told of an address at which no Jira answered as it should. */
export const refusalOfUnanswered = (unanswered: Unanswered): AuthenticationRefusal => {
  if (unanswered.kind === 'refused') {
    const { status } = unanswered.reply;
    return { code: status >= 500 || status === 429 ? 'provider-unavailable' : 'not-jira', detail: `status ${status}` };
  }
  return { code: unanswered.kind === 'forbidden-address' ? 'address-not-allowed' : 'provider-unavailable', detail: null };
};

export interface SiteProbeParts {
  /** Guarded, since a person typed the address. */
  readonly send: SendHttp;
  readonly checkAddress: CheckSiteAddress;
  readonly typedAllowed: boolean;
  /** Tandem's own OAuth 2.0 app at Atlassian; null: nobody can consent for a Cloud site. */
  readonly app: AtlassianApp | null;
}

/** Asks without credentials what an address leads to. */
export const createSiteProbe = ({ send, checkAddress, typedAllowed, app }: SiteProbeParts): SiteProbe => ({
  async probe(typed) {
    // What stands before an @ is never the host, and people are fooled by that.
    if (typed.includes('@')) return refuse('address-has-credentials');
    // Parsers turn the one into a slash and drop the others without a word.
    if (/[\\\p{Cc}]/u.test(typed.trim())) return refuse('address-malformed');
    const checked = await checkAddress(siteOf(typed) ?? typed);
    if (!checked.ok) return refuse(checked.failure);
    const found = await findServer(send, checked.value.siteUrl);
    if (!found.ok) return fail(refusalOfUnanswered(found.failure));
    const [siteUrl, { product, version }] = found.value;
    const cloudId = product === 'cloud' ? await readCloudId(send, siteUrl) : null;
    const known: ProbedSite = {
      siteUrl,
      product,
      version: product === 'cloud' ? null : version,
      cloudId: cloudId?.ok === true ? cloudId.value : null,
      kinds: kindsOf(product, version, typedAllowed).filter((kind) => kind !== 'oauth2-cloud' || app !== null),
    };
    return succeed(known);
  },
});
