import { createHash } from 'node:crypto';
import type { Clock } from '../heart/clock.ts';
import { type Random, seededRandom } from '../heart/random.ts';
import { type Invariant, violated } from './invariants.ts';

/** The state of a simulated Backtrace universe and its rules: no I/O; clock and seed given. */

export interface TrackerUser {
  readonly uid: number;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly admin: boolean;
}

/** One report of a crash. */
export interface ErrorObject {
  /** Grows with every report; shown in hexadecimal. */
  readonly tx: number;
  readonly fingerprint: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly callstack: readonly string[];
  readonly classifiers: readonly string[];
  readonly attributes: ReadonlyMap<string, string | number>;
}

/** A group of errors with one fingerprint, as the table `issues` has it. */
export interface Group {
  readonly id: number;
  readonly fingerprint: string;
  /** Meant to be open, in-progress, resolved or muted; the server takes any word. */
  state: string;
  /** Words between spaces. */
  tags: string;
  /** A JSON list as text, a bare address, or empty: the column is plain text. */
  ticket: string;
  invariants: readonly Invariant[];
  reopenCount: number;
  /** Unix seconds; 0: never. */
  reopenLastTime: number;
  lastViolated: Invariant | null;
  lastModified: number;
  blame: string;
  blameLastModified: number;
  /** Its errors count for that group. */
  mergedInto: string | null;
}

export interface TrackerProject {
  readonly name: string;
  readonly submitToken: string;
  readonly queryToken: string;
  readonly groups: Map<string, Group>;
  readonly objects: ErrorObject[];
}

export interface Tracker {
  readonly universe: string;
  readonly random: Random;
  readonly projects: Map<string, TrackerProject>;
  readonly users: readonly TrackerUser[];
  /** Session token to user. */
  readonly sessions: Map<string, TrackerUser>;
  readonly listeners: Set<(project: TrackerProject, error: ErrorObject, isNew: boolean) => void>;
  readonly counters: { tx: number; group: number };
  /** Unix seconds. */
  now(): number;
  /** Lets time pass by this many seconds on top of the clock. */
  advance(seconds: number): void;
}

export function createTracker(options: { readonly universe: string; readonly clock: Clock; readonly seed: number }): Tracker {
  let ahead = 0;
  return {
    universe: options.universe,
    random: seededRandom(options.seed),
    projects: new Map(),
    users: [],
    sessions: new Map(),
    listeners: new Set(),
    counters: { tx: 0x1000, group: 0 },
    now: () => Math.floor(options.clock.now() / 1000) + ahead,
    advance: (seconds) => {
      ahead += seconds;
    },
  };
}

/** The same stack gives the same group. */
export const fingerprintOf = (callstack: readonly string[]): string =>
  createHash('sha256').update(callstack.join('\n')).digest('hex');

/** The group whose data counts for a fingerprint, merges followed. */
export function groupOf(project: TrackerProject, fingerprint: string): Group | undefined {
  const group = project.groups.get(fingerprint);
  return group === undefined || group.mergedInto === null ? group : groupOf(project, group.mergedInto);
}

interface NewError {
  readonly callstack: readonly string[];
  readonly classifiers: readonly string[];
  readonly attributes: ReadonlyMap<string, string | number>;
  readonly timestamp: number | null;
}

/** Takes in a report: finds or makes its group, and opens a resolved or muted one whose invariants it violates. */
export function ingest(tracker: Tracker, project: TrackerProject, given: NewError): ErrorObject {
  const fingerprint = fingerprintOf(given.callstack);
  tracker.counters.tx += 1;
  const error: ErrorObject = { ...given, tx: tracker.counters.tx, fingerprint, timestamp: given.timestamp ?? tracker.now() };
  const isNew = !project.groups.has(fingerprint);
  if (isNew) project.groups.set(fingerprint, makeGroup(tracker, fingerprint));
  project.objects.push(error);
  const group = groupOf(project, fingerprint);
  if (group !== undefined && (group.state === 'resolved' || group.state === 'muted')) {
    const rule = violated(group.invariants, error);
    if (rule !== null) reopen(tracker, group, rule);
  }
  for (const listener of tracker.listeners) listener(project, error, isNew);
  return error;
}

/** To open, not to in-progress, even when a ticket is linked. The rules stay: nothing says that they go. */
function reopen(tracker: Tracker, group: Group, rule: Invariant): void {
  group.state = 'open';
  group.reopenCount += 1;
  group.reopenLastTime = tracker.now();
  group.lastViolated = rule;
  group.lastModified = tracker.now();
}

function makeGroup(tracker: Tracker, fingerprint: string): Group {
  tracker.counters.group += 1;
  return {
    id: tracker.counters.group,
    fingerprint,
    state: 'open',
    tags: '',
    ticket: '',
    invariants: [],
    reopenCount: 0,
    reopenLastTime: 0,
    lastViolated: null,
    lastModified: tracker.now(),
    blame: '',
    blameLastModified: 0,
    mergedInto: null,
  };
}

/** What is to change of a group; absent: left as it is. */
export interface GroupChange {
  readonly state?: string;
  readonly tags?: string;
  readonly ticket?: string;
  readonly invariants?: readonly Invariant[];
}

/** An assignee or a link on the ticket column: anything but an empty list. */
function isTaken(ticket: string): boolean {
  if (ticket === '') return false;
  if (!ticket.startsWith('[')) return true;
  const entries: unknown = JSON.parse(ticket);
  return (
    Array.isArray(entries) &&
    entries.some((entry: { watcher?: unknown; assignees?: unknown }) =>
      entry.watcher === '_backtrace' ? Array.isArray(entry.assignees) && entry.assignees.length > 0 : true,
    )
  );
}

/**
 * Writes a group. Assigning or linking turns open into in-progress, and letting go of everything turns it back; resolved and muted
 * stay. A state given in the same change wins.
 */
export function changeGroup(tracker: Tracker, group: Group, change: GroupChange, by: string): void {
  const taken = { before: isTaken(group.ticket), after: isTaken(change.ticket ?? group.ticket) };
  if (change.ticket !== undefined) group.ticket = change.ticket;
  if (change.tags !== undefined) group.tags = change.tags;
  if (change.invariants !== undefined) group.invariants = change.invariants;
  if (change.state !== undefined) group.state = change.state;
  else if (!taken.before && taken.after && group.state === 'open') group.state = 'in-progress';
  else if (taken.before && !taken.after && group.state === 'in-progress') group.state = 'open';
  group.lastModified = tracker.now();
  group.blame = by;
  group.blameLastModified = tracker.now();
}

/** Joins groups into the first, whose data counts from now on. False when one of them is not there. */
export function mergeGroups(tracker: Tracker, project: TrackerProject, fingerprints: readonly string[]): boolean {
  const groups = fingerprints.map((fingerprint) => project.groups.get(fingerprint));
  const [first, ...others] = groups;
  if (first === undefined || others.includes(undefined)) return false;
  for (const other of others) if (other !== undefined) other.mergedInto = first.fingerprint;
  first.lastModified = tracker.now();
  return true;
}

export function unmergeGroups(tracker: Tracker, project: TrackerProject, fingerprints: readonly string[]): boolean {
  const groups = fingerprints.map((fingerprint) => project.groups.get(fingerprint));
  if (groups.includes(undefined)) return false;
  for (const group of groups) {
    if (group === undefined) continue;
    group.mergedInto = null;
    group.lastModified = tracker.now();
  }
  return true;
}
