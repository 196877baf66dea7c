import type {
  ApplicationLink as ApplicationLinkView,
  Connection,
  ConnectionHealth as HealthView,
  Instructions as InstructionsView,
  ProbedSite as ProbedSiteView,
} from '../contract/connections.ts';
import type { ApplicationLink } from '../sync/authentication-ports.ts';
import { CONNECTION_CAUSES, PASSWORD_DEPRECATED } from '../sync/connection-causes.ts';
import type { ConnectionHealth } from '../sync/connection-health.ts';
import { connectionInstructions } from '../sync/connection-instructions.ts';
import { type RemoteConnection, type RemoteKind, type RemoteWebhook, TYPED_KINDS } from '../sync/connection-ports.ts';
import type { ConnectionRefusal } from '../sync/connection-refusal.ts';
import type { LookedAt } from '../sync/look-at-site.ts';
import { refusalOfConnection } from './connection-answers.ts';

export const isoTime = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : isoTime(at));

const deprecationOf = (kind: RemoteKind): string | null => (kind === 'password' ? PASSWORD_DEPRECATED : null);

export const viewApplicationLink = (link: ApplicationLink): ApplicationLinkView => ({
  applicationLinkId: link.applicationLinkId,
  siteUrl: link.siteUrl,
  kind: link.kind,
  name: link.name,
  clientId: link.clientId,
  publicKey: link.publicKey,
  scope: link.scope,
  createdAt: isoTime(link.createdAt),
});

function viewInstructions(kind: RemoteKind, publicUrl: string, link: ApplicationLink | null): InstructionsView | null {
  const made = connectionInstructions(kind, publicUrl, link);
  if (made === null) return null;
  const steps = made.steps.map(({ text, copy }) => ({ text, copy: copy.map((one) => ({ ...one })) }));
  return { who: made.who, steps, bringBack: [...made.bringBack] };
}

const viewWebhook = (webhook: RemoteWebhook): Connection['webhook'] => ({
  kind: webhook.kind,
  because: 'because' in webhook ? webhook.because : null,
  expiresAt: webhook.kind === 'registered' ? isoOrNull(webhook.expiresAt) : null,
});

/** A connection as its users see it. `links`: those of its tenant. */
export function viewConnection(
  connection: RemoteConnection,
  { links, publicUrl }: { readonly links: readonly ApplicationLink[]; readonly publicUrl: string },
): Connection {
  const { kind, cause, syncUser } = connection;
  const link = links.find(({ applicationLinkId }) => applicationLinkId === connection.applicationLinkId) ?? null;
  return {
    connectionId: connection.connectionId,
    kind,
    siteUrl: connection.siteUrl,
    product: connection.product,
    version: connection.version,
    state: connection.state,
    since: isoTime(connection.since),
    cause: cause === null ? null : { code: cause, ...CONNECTION_CAUSES[cause] },
    syncUser: syncUser === null ? null : { accountId: syncUser.accountId, name: syncUser.name },
    applicationLink: link === null ? null : viewApplicationLink(link),
    deprecated: deprecationOf(kind),
    instructions: viewInstructions(kind, publicUrl, link),
    createdAt: isoTime(connection.createdAt),
    credentialsEndAt: isoOrNull(connection.credentialsEndAt),
    webhook: viewWebhook(connection.webhook),
    lastCallAt: isoOrNull(connection.lastCallAt),
    lastEventAt: isoOrNull(connection.lastEventAt),
  };
}

export const viewProbed = ({ site, hasApp, applicationLinks }: LookedAt, publicUrl: string): ProbedSiteView => ({
  siteUrl: site.siteUrl,
  product: site.product,
  version: site.version,
  hasApp,
  ways: site.kinds.map((kind) => ({
    kind,
    deprecated: deprecationOf(kind),
    instructions: viewInstructions(kind, publicUrl, null),
  })),
  applicationLinks: applicationLinks.map(viewApplicationLink),
});

const viewRefusal = (refusal: ConnectionRefusal): NonNullable<HealthView['problem']> => {
  const { code, message, remedy } = refusalOfConnection(refusal);
  return { code, message, remedy };
};

const sum = (points: Readonly<Record<string, number>>): number => Object.values(points).reduce((all, one) => all + one, 0);

export function viewHealth(
  { connection, answers, problem, spaces, quota }: ConnectionHealth,
  context: { readonly links: readonly ApplicationLink[]; readonly publicUrl: string },
): HealthView {
  const isTyped = (TYPED_KINDS as readonly RemoteKind[]).includes(connection.kind);
  return {
    connection: viewConnection(connection, context),
    answers,
    problem: problem === null ? null : viewRefusal(problem),
    spaces: spaces.map(({ projectId, projectKey, rights }) => ({
      projectId,
      projectKey,
      rights: rights === null ? null : rights.map(({ right, has }) => ({ right, has })),
      lacks: (rights ?? []).filter(({ has }) => !has).map(({ right }) => right),
    })),
    quota: {
      budget: quota.budget,
      spent: sum({ ...quota.spentHere }),
      resetsAt: isoTime(quota.resetsAt),
      waitsUntil: quota.closed.length === 0 ? null : isoTime(Math.max(...quota.closed.map(({ until }) => until))),
    },
    authenticateBy: isTyped ? null : `/api/v1/connections/${connection.connectionId}/authentication-links`,
  };
}
