/**
 * Setting up a synchronization step by step, and what a site decided about who may. Shared by the server and the embedded UI; strict like
 * the rest of /api/v1.
 */
import { z } from 'zod';
import { configurationMode, connectionStanding, contentChoice } from './synchronizations.ts';

/**
 * `same-site` and `cloud-with-app` end in a request to the partner's admins. The others end in a synchronization that stands stopped, since
 * whoever let Tandem in has agreed; they need a connection (POST /api/v1/connections).
 */
export const setUpRoute = z.enum(['same-site', 'cloud-with-app', 'cloud-without-app', 'data-center', 'any']);

export const setUpStep = z.enum(['own-space', 'site', 'space', 'connection', 'authentication', 'mode', 'name', 'content']);

/** It is kept as it was entered, so it must not hold a password. */
const siteUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((url) => !url.includes('@'), 'holds a user name or a password: leave out everything up to the @');

const projectKey = z.string().trim().min(1).max(255);

const entry = {
  /** Side A, for API tokens alone: a person's side A is the space they are in. Without a connection: the tenant's own site. */
  own: z
    .strictObject({ connectionId: z.uuid().nullable().exactOptional(), projectKey: projectKey.nullable().exactOptional() })
    .exactOptional(),
  partner: z
    .strictObject({
      siteUrl: siteUrl.nullable().exactOptional(),
      connectionId: z.uuid().nullable().exactOptional(),
      projectKey: projectKey.nullable().exactOptional(),
    })
    .exactOptional(),
  mode: configurationMode.nullable().exactOptional(),
  name: z.string().trim().min(1).max(120).nullable().exactOptional(),
  description: z.string().trim().max(1000).exactOptional(),
  content: contentChoice.nullable().exactOptional(),
};

export const beginSetUp = z.strictObject({ route: setUpRoute, ...entry });

/** What is left out stays; null takes back what was entered. */
export const changeSetUp = z.strictObject(entry);

export const setUp = z.strictObject({
  setUpId: z.string(),
  route: setUpRoute,
  own: z.strictObject({
    connectionId: z.string().nullable(),
    siteUrl: z.string().nullable(),
    projectKey: z.string().nullable(),
    connection: connectionStanding.nullable(),
  }),
  partner: z.strictObject({
    connectionId: z.string().nullable(),
    siteUrl: z.string().nullable(),
    projectKey: z.string().nullable(),
    /** Null: none chosen, or the site has the app. */
    connection: connectionStanding.nullable(),
  }),
  mode: configurationMode.nullable(),
  name: z.string().nullable(),
  /** A name to begin with; null while a space is missing. */
  offeredName: z.string().nullable(),
  description: z.string(),
  content: contentChoice.nullable(),
  /** All steps of the route in their order; they may be done in any order. */
  steps: z.array(z.strictObject({ step: setUpStep, done: z.boolean() })),
  /** The first that is not done. */
  next: z.union([setUpStep, z.literal('finish')]),
  finishes: z.enum(['request', 'at-once']),
  /** Null: an API token began it. */
  createdBy: z.string().nullable(),
  createdAt: z.string(),
  /** When it is removed unless somebody goes on with it. */
  endsAt: z.string(),
});
export type SetUp = z.infer<typeof setUp>;

/** What would be matched by name if it were finished now, and what one side alone has. */
export const setUpPreview = z.strictObject({
  /** Null: that shows once the partner accepts. */
  matched: z
    .strictObject({
      types: z.array(z.strictObject({ A: z.string(), B: z.string() })),
      statuses: z.array(z.strictObject({ A: z.string(), B: z.string() })),
      alone: z.strictObject({
        types: z.strictObject({ A: z.array(z.string()), B: z.array(z.string()) }),
        statuses: z.strictObject({ A: z.array(z.string()), B: z.array(z.string()) }),
      }),
    })
    .nullable(),
});
export type SetUpPreview = z.infer<typeof setUpPreview>;

export const settings = z.strictObject({
  /** Admins of a space configure only if they are in one of these; empty: all of them do. Admins of the site always do. */
  configuringGroups: z.array(z.strictObject({ groupId: z.string(), name: z.string() })),
});
export type Settings = z.infer<typeof settings>;

/** Names exactly as the site has them. */
export const changeSettings = z.strictObject({ configuringGroups: z.array(z.string().min(1).max(255)).max(50) });

/**
 * | method and path                     | body           | answer |
 * |---|---|---|
 * | GET    /api/v1/set-ups              |                | { setUps: SetUp[] } that the caller may go on with |
 * | POST   /api/v1/set-ups              | BeginSetUp     | 201 SetUp |
 * | GET    /api/v1/set-ups/:id          |                | SetUp |
 * | PATCH  /api/v1/set-ups/:id          | ChangeSetUp    | SetUp |
 * | GET    /api/v1/set-ups/:id/preview  |                | SetUpPreview |
 * | POST   /api/v1/set-ups/:id/finish   |                | 201 SynchronizationDetail |
 * | DELETE /api/v1/set-ups/:id          |                | 204 |
 * | GET    /api/v1/settings             |                | Settings, for admins of the site |
 * | PUT    /api/v1/settings             | ChangeSettings | Settings, for admins of the site |
 */
