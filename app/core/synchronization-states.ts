import type { Side } from './side.ts';

/**
 * The life of a synchronization (SPEC S4–S9). Where the partner's site has the app, its admins are asked first; where it has not, the
 * consent to the connection was the answer, and it begins as stopped (SPEC S13).
 *
 *   requested ──accept──▶ stopped ◀──stop── running
 *    │    ▲                  │ └────start────▶ │
 *  decline send again      delete            (stop it before it can be deleted)
 *  or 30    │
 *  days ▼   │
 *   declined, expired ──delete──▶ gone
 */
export type SynchronizationState = 'requested' | 'declined' | 'expired' | 'stopped' | 'running';

export type SynchronizationEvent =
  | 'accept'
  | 'decline'
  | 'send-again'
  | 'start'
  | 'stop'
  | 'rename'
  | 'change-content'
  | 'settle-conflict'
  | 'retry'
  | 'delete';

/** Whose admins may, and what comes of it. Null: not in this state. */
export type Permission = { readonly by: Side | 'either'; readonly to: SynchronizationState | 'gone' } | null;

const by = (who: Side | 'either', to: SynchronizationState | 'gone'): Permission => ({ by: who, to });

/** What can be done with a request that came to nothing. */
const unanswered = (state: 'declined' | 'expired'): Readonly<Record<SynchronizationEvent, Permission>> => ({
  accept: null,
  decline: null,
  'send-again': by('A', 'requested'),
  start: null,
  stop: null,
  rename: by('A', state),
  'change-content': by('A', state),
  'settle-conflict': null,
  retry: null,
  delete: by('either', 'gone'),
});

/** No holes: a new state or event does not compile until every pair of them is decided. */
export const NEXT: Readonly<Record<SynchronizationState, Readonly<Record<SynchronizationEvent, Permission>>>> = {
  requested: {
    accept: by('B', 'stopped'),
    decline: by('B', 'declined'),
    'send-again': null,
    start: null,
    stop: null,
    rename: by('A', 'requested'),
    // B accepts what B was shown.
    'change-content': null,
    'settle-conflict': null,
    retry: null,
    delete: by('A', 'gone'),
  },
  declined: unanswered('declined'),
  expired: unanswered('expired'),
  stopped: {
    accept: null,
    decline: null,
    'send-again': null,
    start: by('either', 'running'),
    // Pressed twice, or by both sides at once: nothing to complain about.
    stop: by('either', 'stopped'),
    rename: by('either', 'stopped'),
    'change-content': by('either', 'stopped'),
    'settle-conflict': null,
    retry: null,
    delete: by('either', 'gone'),
  },
  running: {
    accept: null,
    decline: null,
    'send-again': null,
    start: by('either', 'running'),
    stop: by('either', 'stopped'),
    rename: by('either', 'running'),
    'change-content': by('either', 'running'),
    'settle-conflict': by('either', 'running'),
    retry: by('either', 'running'),
    // What is under way would lose its pairs beneath its feet.
    delete: null,
  },
};

export type Decision =
  | { readonly kind: 'allowed'; readonly to: SynchronizationState | 'gone' }
  | { readonly kind: 'refused'; readonly because: 'state' | 'side' };

/** What `event`, wished by an admin of `side`'s space, does to a synchronization in `state`. */
export function decideNext(state: SynchronizationState, event: SynchronizationEvent, side: Side): Decision {
  const permission = NEXT[state][event];
  if (permission === null) return { kind: 'refused', because: 'state' };
  return permission.by === 'either' || permission.by === side
    ? { kind: 'allowed', to: permission.to }
    : { kind: 'refused', because: 'side' };
}

/** A month is longer than any holiday; what nobody answered for so long surprises whoever accepts it. */
export const REQUEST_LASTS_MS = 30 * 86_400_000;

/** The state at `now` of a synchronization last written down as `state`: requests expire by time (SPEC S9). Epoch ms; null: nobody was asked. */
export const stateAt = (state: SynchronizationState, askedAt: number | null, now: number): SynchronizationState =>
  state === 'requested' && askedAt !== null && now >= askedAt + REQUEST_LASTS_MS ? 'expired' : state;

/** Whether two spaces that are tied by a synchronization in this state cannot be tied once more. */
export const holdsItsSpaces = (state: SynchronizationState): boolean => state !== 'declined' && state !== 'expired';
