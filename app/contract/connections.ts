/**
 * The HTTP API around connections to sites that have not installed the app. Strict: unknown keys are refused. A person calls with a
 * context token of Jira, a program with an API token of the scope `connections`. Secrets go in and never come out.
 *
 * | method and path                                     | body                     | answer |
 * |---|---|---|
 * | POST   /api/v1/connections/probe                    | ProbeSite                | ProbedSite: what is at an address, and which ways in there are |
 * | GET    /api/v1/connections                          |                          | ConnectionList: those that the caller may use |
 * | POST   /api/v1/connections                          | CreateConnection         | 201 Connection |
 * | GET    /api/v1/connections/:id                      |                          | Connection |
 * | PATCH  /api/v1/connections/:id                      | ChangeConnection         | Connection, with another secret |
 * | DELETE /api/v1/connections/:id                      |                          | 204: forgotten, with its credentials |
 * | POST   /api/v1/connections/:id/authentication-links | CreateAuthenticationLink | 201 AuthenticationLink: a one-time link to the page that asks for consent |
 * | GET    /api/v1/connections/:id/spaces               |                          | RemoteSpaces: those that its sync user may browse |
 * | GET    /api/v1/connections/:id/health               |                          | ConnectionHealth: how it stands at this moment |
 * | GET    /api/v1/application-links?siteUrl=…          |                          | ApplicationLinkList: OAuth clients and consumers to use again |
 * | DELETE /api/v1/application-links/:id                |                          | 204 |
 */
import { z } from 'zod';

/** Longer than any secret that Jira gives out; a personal access token has 44 characters, a token of Cloud 200. */
const MOST_SECRET = 4096;
const secret = z.string().min(1).max(MOST_SECRET);
/** On edit: blank keeps what is stored. */
const newSecret = z.string().max(MOST_SECRET);
const siteUrl = z.string().trim().min(1).max(2000);
const name = z.string().trim().min(1).max(120);

export const remoteKind = z.enum(['oauth2-cloud', 'oauth2-data-center', 'oauth1', 'personal-token', 'api-token', 'password']);
export const linkScope = z.enum(['READ', 'WRITE', 'ADMIN']);

export const probeSite = z.strictObject({ siteUrl });

/** Something to carry over to the other site, letter by letter. */
export const copied = z.strictObject({ label: z.string(), value: z.string() });
export const instructions = z.strictObject({
  who: z.string(),
  steps: z.array(z.strictObject({ text: z.string(), copy: z.array(copied) })),
  bringBack: z.array(z.string()),
});
export type Instructions = z.infer<typeof instructions>;

export const applicationLink = z.strictObject({
  applicationLinkId: z.string(),
  siteUrl: z.string(),
  kind: z.enum(['oauth2', 'oauth1']),
  name: z.string(),
  /** OAuth 1.0a: the consumer key. */
  clientId: z.string(),
  publicKey: z.string().nullable(),
  scope: linkScope.nullable(),
  createdAt: z.string(),
});
export type ApplicationLink = z.infer<typeof applicationLink>;
export const applicationLinkList = z.strictObject({ applicationLinks: z.array(applicationLink) });

export const probedSite = z.strictObject({
  siteUrl: z.string(),
  product: z.enum(['cloud', 'data-center']),
  version: z.string().nullable(),
  /** Both sides can have the app: a request is sent, and nobody hands out credentials. */
  hasApp: z.boolean(),
  /** The ways in, the best first, with what has to be done at the site before. */
  ways: z.array(z.strictObject({ kind: remoteKind, deprecated: z.string().nullable(), instructions: instructions.nullable() })),
  applicationLinks: z.array(applicationLink),
});
export type ProbedSite = z.infer<typeof probedSite>;

const knownLink = z.strictObject({ applicationLinkId: z.string().min(1).max(100) });

export const personalToken = z.strictObject({ kind: z.literal('personal-token'), token: secret });
export const apiToken = z.strictObject({ kind: z.literal('api-token'), email: z.email().max(320), token: secret });
export const password = z.strictObject({
  kind: z.literal('password'),
  userName: z.string().min(1).max(255),
  password: secret,
});

export const createConnection = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('oauth2-cloud'), siteUrl }),
  z.strictObject({
    kind: z.literal('oauth2-data-center'),
    siteUrl,
    applicationLink: z.union([
      knownLink,
      z.strictObject({
        name: name.default('Tandem'),
        clientId: z.string().trim().min(1).max(255),
        clientSecret: secret,
        scope: linkScope.default('ADMIN'),
      }),
    ]),
  }),
  z.strictObject({
    kind: z.literal('oauth1'),
    siteUrl,
    /** Left out: a new consumer with a new key pair. */
    applicationLink: z.union([knownLink, z.strictObject({ name: name.default('Tandem') })]).default({ name: 'Tandem' }),
  }),
  personalToken.extend({ siteUrl }),
  apiToken.extend({ siteUrl }),
  password.extend({ siteUrl }),
]);
export type CreateConnection = z.infer<typeof createConnection>;

/** Either what was typed in, as a whole, or what of the OAuth 2.0 client is new. */
export const changeConnection = z.union([
  z.strictObject({
    credentials: z.discriminatedUnion('kind', [
      personalToken.extend({ token: newSecret }),
      apiToken.extend({ token: newSecret }),
      password.extend({ password: newSecret }),
    ]),
  }),
  z.strictObject({
    applicationLink: z.strictObject({
      clientId: z.string().trim().min(1).max(255).optional(),
      clientSecret: newSecret.optional(),
      scope: linkScope.optional(),
    }),
  }),
]);
export type ChangeConnection = z.infer<typeof changeConnection>;

/** A code with its sentences: what happened, and what to do. */
export const told = z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() });

/** How the site tells of changes. */
export const webhookStanding = z.strictObject({
  kind: z.enum(['none', 'registered', 'manual', 'polling']),
  /** Why it is not one of ours; null for `none` and `registered`. */
  because: z.string().nullable(),
  expiresAt: z.string().nullable(),
});

export const connection = z.strictObject({
  connectionId: z.string(),
  kind: remoteKind,
  siteUrl: z.string(),
  product: z.enum(['cloud', 'data-center']),
  version: z.string().nullable(),
  state: z.enum(['awaiting-authentication', 'working', 'needs-authentication']),
  since: z.string(),
  /** Why it needs authentication. */
  cause: told.nullable(),
  /** As whom the site is reached. */
  syncUser: z.strictObject({ accountId: z.string(), name: z.string() }).nullable(),
  applicationLink: applicationLink.nullable(),
  /** Why this kind should not be used any more. */
  deprecated: z.string().nullable(),
  /** What has to be done at the site before somebody can consent; null: nothing. */
  instructions: instructions.nullable(),
  createdAt: z.string(),
  credentialsEndAt: z.string().nullable(),
  webhook: webhookStanding,
  lastCallAt: z.string().nullable(),
  lastEventAt: z.string().nullable(),
});
export type Connection = z.infer<typeof connection>;
export const connectionList = z.strictObject({ connections: z.array(connection) });

/** `me`: the caller goes on at once, within ten minutes. `somebody`: to be sent to whoever may log in as the sync user, within seven days. */
export const createAuthenticationLink = z.strictObject({ for: z.enum(['me', 'somebody']) });
/** `url` is shown once. */
export const authenticationLink = z.strictObject({ url: z.string(), expiresAt: z.string() });
export type AuthenticationLink = z.infer<typeof authenticationLink>;

export const remoteSpaces = z.strictObject({
  spaces: z.array(z.strictObject({ projectId: z.string(), projectKey: z.string(), name: z.string() })),
});

export const connectionHealth = z.strictObject({
  connection,
  /** Whether the site answered to these credentials just now; `unasked`: there are none that could be tried. */
  answers: z.enum(['yes', 'no', 'unasked']),
  /** Why it did not. */
  problem: told.nullable(),
  /** The spaces that synchronizations use, with what the sync user may there. */
  spaces: z.array(
    z.strictObject({
      projectId: z.string(),
      projectKey: z.string(),
      /** Null: the site did not say. */
      rights: z.array(z.strictObject({ right: z.string(), has: z.boolean() })).nullable(),
      /** Those that it lacks. */
      lacks: z.array(z.string()),
    }),
  ),
  quota: z.strictObject({
    /** Points an hour; null: the site never told of a quota. */
    budget: z.number().nullable(),
    spent: z.number(),
    resetsAt: z.string(),
    /** Until when calls wait; null: none does. */
    waitsUntil: z.string().nullable(),
  }),
  /** Where a new one-time link is made, for the same user or another one; null: nobody has to consent to this kind. */
  authenticateBy: z.string().nullable(),
});
export type ConnectionHealth = z.infer<typeof connectionHealth>;
