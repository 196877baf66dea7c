import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { EffectId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';
import type { TenantKeys } from './tenant-keys.ts';

/** What an authentic trace says: which synchronization and effect wrote, and which pieces. */
export interface ReadTrace {
  readonly synchronizationId: SynchronizationId;
  /** Null: several effects in one call. */
  readonly effectId: EffectId | null;
  readonly pieces: readonly PieceKey[];
}

/** Jira carries at most this many printable ASCII characters in `X-Atlassian-Webhook-Trace`. */
const LONGEST_TRACE = 1024;
/** 96 bits: far beyond guessing at the rate of webhooks, and leaves room for piece names. */
const MAC_CHARACTERS = 16;
/**
 * Stands for pieces that did not fit. Such a trace names its effect, but proves nothing about what changed, so the webhook is
 * taken as a person's change and costs one read.
 */
const TOO_MANY = '*';

/** Stands in the place of an effect for the several that shared a call. No id looks like that. */
const SEVERAL = 'several';

const FORM = /^(tandem\/1\/([0-9A-Za-z-]{1,64})\/([0-9A-Za-z-]{1,64})\/([\x21-\x2e\x30-\x7e]*))\/([A-Za-z0-9_-]{16})$/;
const SAFE_PIECE = /^[\x21-\x2b\x2d\x2e\x30-\x7e]+$/;

const macOf = (key: KeyObject, signed: string): string =>
  createHmac('sha256', key).update(signed).digest('base64url').slice(0, MAC_CHARACTERS);

/**
 * The trace for one write: `tandem/1/<synchronization>/<effect>/<pieces, comma separated>/<mac>`. `siteTenantId` is the tenant of
 * the site written to, not the owner of the synchronization: it is the one known when the webhook comes back.
 * @param effectId null: the call carries out several effects, which Jira's one header cannot name
 */
export const makeTrace = (
  keys: TenantKeys,
  siteTenantId: TenantId,
  synchronizationId: SynchronizationId,
  effectId: EffectId | null,
  pieces: readonly PieceKey[],
): string => {
  const effect = effectId ?? SEVERAL;
  const listed = pieces.every((piece) => SAFE_PIECE.test(piece)) ? pieces.join(',') : TOO_MANY;
  const wanted = `tandem/1/${synchronizationId}/${effect}/${listed}`;
  const signed =
    wanted.length + 1 + MAC_CHARACTERS <= LONGEST_TRACE ? wanted : `tandem/1/${synchronizationId}/${effect}/${TOO_MANY}`;
  return `${signed}/${macOf(keys.traceKey(siteTenantId), signed)}`;
};

/** Null when it is not a trace of ours, or not one we made for a write to that tenant's site. */
export const readTrace = (keys: TenantKeys, siteTenantId: TenantId, trace: string): ReadTrace | null => {
  if (trace.length > LONGEST_TRACE) return null;
  const [, signed, synchronizationId, effectId, listed, mac] = FORM.exec(trace) ?? [];
  if (
    signed === undefined ||
    synchronizationId === undefined ||
    effectId === undefined ||
    listed === undefined ||
    mac === undefined
  )
    return null;
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(keys.traceKey(siteTenantId), signed)))) return null;
  const pieces = listed === TOO_MANY || listed === '' ? [] : listed.split(',');
  return {
    synchronizationId: synchronizationId as SynchronizationId,
    effectId: effectId === SEVERAL ? null : (effectId as EffectId),
    pieces: pieces as PieceKey[],
  };
};
