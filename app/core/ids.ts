/**
 * Branded ids: strings that must never be mixed up. A brand is put on where a value enters (a zod schema, a row) and costs
 * nothing at run time. Issue **ids** identify an item for ever; **keys** change when it moves, so they are only shown.
 */
type Brand<Name extends string> = string & { readonly brand: Name };

/** Who owns a synchronization: the Jira site that created it. Our own uuid, never Jira's clientKey. */
export type TenantId = Brand<'TenantId'>;
/** How one site is reached, and as whom. */
export type ConnectionId = Brand<'ConnectionId'>;
/** What an admin of a Data Center site set up for us there: an OAuth client that connections to that site share. */
export type ApplicationLinkId = Brand<'ApplicationLinkId'>;
/** One consent asked for: the one-time link that leads a person to the site's own question. */
export type AuthenticationLinkId = Brand<'AuthenticationLinkId'>;
export type SynchronizationId = Brand<'SynchronizationId'>;
/** What becomes a synchronization once it is finished, which then has the same id. */
export type SetUpId = Brand<'SetUpId'>;
export type PairId = Brand<'PairId'>;
/** One intended remote write. It travels into Jira inside the write, so that the write can be found again. */
export type EffectId = Brand<'EffectId'>;
/** A value that lost a conflict and is kept for a time. */
export type KeptId = Brand<'KeptId'>;
/** Names a lane within a tenant. */
export type LaneKey = Brand<'LaneKey'>;
export type ProjectId = Brand<'ProjectId'>;
export type IssueId = Brand<'IssueId'>;
export type IssueKey = Brand<'IssueKey'>;
export type CommentId = Brand<'CommentId'>;
export type AccountId = Brand<'AccountId'>;
/** Keyed hash of one side's normal form of a piece. Two are equal when that side shows the same content. */
export type Fingerprint = Brand<'Fingerprint'>;
/** Names a piece within its pair: `field:summary`, `status`, `comment:A:10012`. */
export type PieceKey = Brand<'PieceKey'>;
/** A Jira field id: `summary`, `duedate`, later `customfield_10020`. */
export type FieldId = Brand<'FieldId'>;
