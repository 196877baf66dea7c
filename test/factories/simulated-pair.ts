import type { Configuration } from '../../app/core/configuration.ts';
import type { AccountId, CommentId, FieldId, PieceKey } from '../../app/core/ids.ts';
import type { AdfNode, Comment, FieldValue, Item } from '../../app/core/item.ts';
import { fingerprintStatus } from '../../app/core/normal-form.ts';
import type { PieceBase } from '../../app/core/piece.ts';
import type { Operation, Plan, PlanInput, SetChange } from '../../app/core/plan.ts';
import { planPair } from '../../app/core/plan-pair.ts';
import { settledFingerprint } from '../../app/core/settle.ts';
import { onSides, otherSide, type Side, type Sides } from '../../app/core/side.ts';
import { wholeView } from '../../app/core/view.ts';
import { fingerprint } from './core.ts';

/** How the in-memory Jira of one test stores what it is given. */
interface Habits {
  /** Stores a document as that side's Jira would: same content, other shape. */
  readonly reshape: (document: AdfNode, side: Side) => AdfNode;
  /** What planning is told of it; left out: that each side shows all that there is. */
  readonly shows?: NonNullable<PlanInput['shows']>;
}

export const plainHabits: Habits = { reshape: (document) => document };

/**
 * Two items and what is remembered of them: as little of Jira as it takes to carry out a plan in memory. Transitions to any
 * status, new ids for new comments, each site with its own option ids. Time goes on by one with every edit.
 */
export class SimulatedPair {
  items: Sides<Item>;
  bases: Map<PieceKey, PieceBase>;
  time = 10_000;
  private nextComment = 1000;
  private readonly configuration: Configuration;
  private readonly habits: Habits;

  constructor(
    configuration: Configuration,
    items: Sides<Item>,
    bases: ReadonlyMap<PieceKey, PieceBase> = new Map(),
    habits = plainHabits,
  ) {
    this.configuration = configuration;
    this.items = items;
    this.bases = new Map(bases);
    this.habits = habits;
  }

  plan(): Plan {
    const views = { A: wholeView(this.items.A), B: wholeView(this.items.B) };
    const { shows } = this.habits;
    const input = { configuration: this.configuration, views, bases: this.bases, fingerprint, now: this.time };
    return planPair(shows === undefined ? input : { ...input, shows });
  }

  /** Plans and carries out once. */
  turn(): Plan {
    const plan = this.plan();
    for (const [piece, base] of plan.bases) {
      if (base === null) this.bases.delete(piece);
      else this.bases.set(piece, base);
    }
    for (const operation of plan.operations) this.carryOut(operation);
    return plan;
  }

  /** Turns until a plan is empty; how many it took. Throws when it does not come to rest. */
  settle(limit = 5): number {
    for (let turns = 0; turns <= limit; turns++) if (isEmptyPlan(this.turn())) return turns;
    throw new Error(`Still at work after ${limit} turns: ${JSON.stringify(this.plan().operations)}`);
  }

  // What a person does. Each edit is one tick later than the one before.

  setField(side: Side, field: FieldId, value: FieldValue): void {
    this.time++;
    this.change(side, (item) => ({
      ...item,
      fields: new Map([...item.fields, [field, value]]),
      changedAt: new Map([...item.changedAt, [field, this.time]]),
    }));
  }

  setStatus(side: Side, name: string): void {
    this.time++;
    this.change(side, (item) => ({
      ...item,
      status: { id: `${side}-${name}`, name },
      changedAt: new Map([...item.changedAt, ['status', this.time]]),
    }));
  }

  addComment(side: Side, body: AdfNode, authorName: string): CommentId {
    this.time++;
    const commentId = String(this.nextComment++) as CommentId;
    const comment: Comment = {
      commentId,
      authorId: authorName as AccountId,
      authorName,
      body,
      createdAt: this.time,
      updatedAt: this.time,
      restricted: false,
    };
    this.change(side, (item) => ({ ...item, comments: [...item.comments, comment] }));
    return commentId;
  }

  changeComment(side: Side, commentId: CommentId, change: Partial<Pick<Comment, 'body' | 'restricted'>>): void {
    this.time++;
    const updated = { ...change, updatedAt: this.time };
    this.change(side, (item) => ({
      ...item,
      comments: item.comments.map((comment) => (comment.commentId === commentId ? { ...comment, ...updated } : comment)),
    }));
  }

  deleteComment(side: Side, commentId: CommentId): void {
    this.time++;
    this.change(side, (item) => ({ ...item, comments: item.comments.filter((comment) => comment.commentId !== commentId) }));
  }

  private change(side: Side, change: (item: Item) => Item): void {
    this.items = { ...this.items, [side]: change(this.items[side]) };
  }

  private carryOut(operation: Operation): void {
    const { target } = operation;
    switch (operation.kind) {
      case 'write-fields':
        for (const { piece, field, value } of operation.writes) {
          if (value.kind === 'set-change') {
            this.setField(target, field, this.changeSet(target, field, value));
            continue;
          }
          const stored = this.store(target, value);
          this.setField(target, field, stored);
          this.settleBase(piece, target, settledFingerprint(value, stored, fingerprint), null);
        }
        return;
      case 'transition':
        this.setStatus(target, operation.toStatus);
        this.settleBase(operation.piece, target, fingerprintStatus(this.items[target].status, fingerprint), null);
        return;
      case 'create-comment': {
        const stored = this.habits.reshape(operation.body, target);
        const commentId = this.addComment(target, stored, 'Tandem');
        this.settleBase(operation.piece, target, this.settleBody(operation.body, stored), commentId);
        return;
      }
      case 'edit-comment': {
        const stored = this.habits.reshape(operation.body, target);
        this.changeComment(target, operation.commentId, { body: stored });
        this.settleBase(operation.piece, target, this.settleBody(operation.body, stored), operation.commentId);
        return;
      }
      case 'delete-comment':
        this.deleteComment(target, operation.commentId);
        return;
    }
  }

  /** SPEC B1: what the target shows after the write. */
  private settleBase(piece: PieceKey, target: Side, print: string, comment: CommentId | null): void {
    const base = this.bases.get(piece);
    if (base === undefined) return;
    const comments = base.comments === null ? null : onSides(target, comment, base.comments[otherSide(target)]);
    this.bases.set(piece, { ...base, comments, fingerprints: { ...base.fingerprints, [target]: print } });
  }

  private settleBody = (sent: AdfNode, stored: AdfNode): string =>
    settledFingerprint({ kind: 'rich', document: sent }, { kind: 'rich', document: stored }, fingerprint);

  private changeSet(side: Side, field: FieldId, { add, remove }: SetChange): FieldValue {
    const held = this.items[side].fields.get(field);
    const members = held?.kind === 'set' ? held.members : [];
    return { kind: 'set', members: [...new Set([...members.filter((member) => !remove.includes(member)), ...add])] };
  }

  private store(side: Side, value: FieldValue): FieldValue {
    if (value.kind === 'rich') return { kind: 'rich', document: this.habits.reshape(value.document, side) };
    if (value.kind === 'option') return { ...value, id: `${side}-${value.name}` };
    return value;
  }
}

const isEmptyPlan = (plan: Plan): boolean => plan.operations.length === 0 && plan.bases.size === 0 && plan.notes.length === 0;
