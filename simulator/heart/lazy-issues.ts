import type { Issue } from './site.ts';

/** Issues with consecutive ids that are made when somebody first looks at them. */
export interface UnmadeIssues {
  readonly firstId: number;
  readonly count: number;
  /** The issue at a place, 0 the first: the same at every call, and nothing else comes of the call. */
  make(place: number): Issue;
}

/**
 * The issues of a site of which a range is not made yet. Whoever gets an issue gets the one and only, so what was looked at stays
 * made; in a space of many thousand items that is what a run touches, and at worst all of them.
 */
export class LazyIssues extends Map<string, Issue> {
  private readonly unmade: UnmadeIssues;
  /** By place: 1 once the issue is made, or deleted. */
  private readonly settled: Uint8Array;
  private waiting: number;

  constructor(unmade: UnmadeIssues) {
    super();
    this.unmade = unmade;
    this.settled = new Uint8Array(unmade.count);
    this.waiting = unmade.count;
  }

  override get size(): number {
    return super.size + this.waiting;
  }

  override has(id: string): boolean {
    return this.placeOf(id) !== null || super.has(id);
  }

  override get(id: string): Issue | undefined {
    const place = this.placeOf(id);
    if (place !== null) this.set(id, this.unmade.make(place));
    return super.get(id);
  }

  override set(id: string, issue: Issue): this {
    this.settle(this.placeOf(id));
    return super.set(id, issue);
  }

  override delete(id: string): boolean {
    const place = this.placeOf(id);
    this.settle(place);
    return super.delete(id) || place !== null;
  }

  override clear(): void {
    this.settled.fill(1);
    this.waiting = 0;
    super.clear();
  }

  /** The range first, in the order of ids, then the others in the order in which they were added. */
  override *entries(): MapIterator<[string, Issue]> {
    const { firstId, count } = this.unmade;
    for (let place = 0; place < count; place += 1) {
      const id = String(firstId + place);
      const issue = this.get(id);
      if (issue !== undefined) yield [id, issue];
    }
    for (const entry of super.entries()) {
      const place = Number(entry[0]) - firstId;
      if (!(place >= 0 && place < count)) yield entry;
    }
  }

  override *values(): MapIterator<Issue> {
    for (const [, issue] of this.entries()) yield issue;
  }

  override *keys(): MapIterator<string> {
    for (const [id] of this.entries()) yield id;
  }

  override [Symbol.iterator](): MapIterator<[string, Issue]> {
    return this.entries();
  }

  override forEach(use: (issue: Issue, id: string, all: Map<string, Issue>) => void): void {
    for (const [id, issue] of this.entries()) use(issue, id, this);
  }

  /** How many are not made. */
  unmadeCount(): number {
    return this.waiting;
  }

  /** Whether nobody has looked at that issue yet. */
  isUnmade(id: string): boolean {
    return this.placeOf(id) !== null;
  }

  private settle(place: number | null): void {
    if (place === null) return;
    this.settled[place] = 1;
    this.waiting -= 1;
  }

  /** The place of an issue that is still to be made; null for every other id. */
  private placeOf(id: string): number | null {
    const place = Number(id) - this.unmade.firstId;
    return this.settled[place] === 0 && String(this.unmade.firstId + place) === id ? place : null;
  }
}

/** An issue that is not made has neither a security level nor anything else that was done to it: who sees its project sees it. */
export const isUnmade = (issues: ReadonlyMap<string, Issue>, id: string): boolean =>
  issues instanceof LazyIssues && issues.isUnmade(id);
