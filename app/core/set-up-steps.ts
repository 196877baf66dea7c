/**
 * The way from nothing to a synchronization (SPEC S12, S13): which steps lead there, which is the next, and what comes at the end.
 */

/** Where the partner space is and how it is reached. */
export type SetUpRoute =
  /** Another space of the same site. */
  | 'same-site'
  /** A Cloud site that has the app. */
  | 'cloud-with-app'
  /** A Cloud site that has not: by a person's consent there. */
  | 'cloud-without-app'
  /** A Data Center site: by an application link and a person's consent. */
  | 'data-center'
  /** Two spaces by two connections that the tenant has already. */
  | 'any';

export type SetUpStep =
  /** The space that is side A. */
  | 'own-space'
  /** The address of the partner's site. */
  | 'site'
  /** The partner space. */
  | 'space'
  /** A connection to the partner's site. */
  | 'connection'
  /** Somebody at the partner's site agrees to it. */
  | 'authentication'
  | 'mode'
  | 'name'
  | 'content';

const STEPS: Readonly<Record<SetUpRoute, readonly SetUpStep[]>> = {
  'same-site': ['own-space', 'space', 'name', 'content'],
  'cloud-with-app': ['own-space', 'site', 'space', 'mode', 'name', 'content'],
  'cloud-without-app': ['own-space', 'site', 'space', 'connection', 'authentication', 'name', 'content'],
  // Which spaces there are is known only once we are let in.
  'data-center': ['own-space', 'site', 'connection', 'authentication', 'space', 'name', 'content'],
  any: ['own-space', 'connection', 'authentication', 'space', 'name', 'content'],
};

/** The steps of a route in their order, each with whether it is done. Steps may be done in any order. */
export const stepsOf = (
  route: SetUpRoute,
  done: ReadonlySet<SetUpStep>,
): readonly { readonly step: SetUpStep; readonly done: boolean }[] =>
  STEPS[route].map((step) => ({ step, done: done.has(step) }));

/** The first step of the route that is not done; `finish` when none is left. */
export const nextStep = (route: SetUpRoute, done: ReadonlySet<SetUpStep>): SetUpStep | 'finish' =>
  STEPS[route].find((step) => !done.has(step)) ?? 'finish';

/** `request`: the partner has admins who see Tandem, and are asked. `at-once`: the consent to the connection was the answer. */
export const finishOf = (route: SetUpRoute): 'request' | 'at-once' =>
  route === 'same-site' || route === 'cloud-with-app' ? 'request' : 'at-once';

/** A name to begin with; null while a space is missing. */
export const offerName = (ownKey: string | null, partnerKey: string | null): string | null =>
  ownKey === null || partnerKey === null ? null : `${ownKey} and ${partnerKey}`;

/** Who left a set-up lying for so long begins anew. */
export const SET_UP_LASTS_MS = 30 * 86_400_000;
