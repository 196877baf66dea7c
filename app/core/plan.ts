import type { CauseCode } from './causes.ts';
import type { Configuration } from './configuration.ts';
import type { CommentId, FieldId, PieceKey } from './ids.ts';
import type { AdfNode, FieldValue } from './item.ts';
import type { Shows } from './keep-forms.ts';
import type { Fingerprinter } from './normal-form.ts';
import type { PieceBase } from './piece.ts';
import type { Side, Sides } from './side.ts';
import type { View } from './view.ts';

/** One remote write that the plan asks for. Several pieces share a `write-fields`, since Jira takes them in one PUT. */
export type Operation =
  | { readonly kind: 'write-fields'; readonly target: Side; readonly writes: readonly PlannedWrite[] }
  | { readonly kind: 'transition'; readonly target: Side; readonly piece: PieceKey; readonly toStatus: string }
  | { readonly kind: 'create-comment'; readonly target: Side; readonly piece: PieceKey; readonly body: AdfNode }
  | {
      readonly kind: 'edit-comment';
      readonly target: Side;
      readonly piece: PieceKey;
      readonly commentId: CommentId;
      /** The last edit of the target's comment that the plan knows, by the target's clock (epoch ms). */
      readonly since: number;
      readonly body: AdfNode;
    }
  | {
      readonly kind: 'delete-comment';
      readonly target: Side;
      readonly piece: PieceKey;
      readonly commentId: CommentId;
      /** As of an edit. */
      readonly since: number;
    };

export interface PlannedWrite {
  readonly piece: PieceKey;
  readonly field: FieldId;
  readonly value: FieldValue | SetChange;
}

/** What to add to and take from a set, so that whatever else is done to it at the same moment stays (SPEC G5). */
export interface SetChange {
  readonly kind: 'set-change';
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** A value that loses a conflict. Content: it is sealed before it is kept. */
export interface LosingValue {
  readonly piece: PieceKey;
  /** The side that shows it. */
  readonly side: Side;
  readonly value: FieldValue;
}

/** A line for the history: what was decided about a piece and why. No content. */
export interface Note {
  readonly piece: PieceKey | null;
  readonly outcome: 'agreed' | 'applied' | 'overwritten' | 'declined' | 'parked';
  readonly source: Side | null;
  readonly cause: CauseCode | null;
}

/** What to do about one piece. Null parts mean nothing of that sort. */
export interface PiecePlan {
  readonly piece: PieceKey;
  /** The fingerprints this plan looked at; remembered if the piece parks. Present when there are operations. */
  readonly seen?: Sides<string | null>;
  readonly operations: readonly Operation[];
  /** The base once every operation of the piece succeeded; `forget` removes the piece; undefined leaves it as it is. */
  readonly base?: PieceBase | 'forget';
  /** What of it is agreed already, whatever becomes of the operations (SPEC G6). */
  readonly agreed?: PieceBase;
  readonly note?: Note;
  readonly losing?: LosingValue;
}

/** Nothing can be decided about a piece before these sides were looked at. */
export interface Look {
  readonly look: readonly Side[];
}

export interface Plan {
  /** In the order to carry them out. */
  readonly operations: readonly Operation[];
  /** Per piece the base to record once all its operations succeeded (at once if it has none); null forgets the piece. */
  readonly bases: ReadonlyMap<PieceKey, PieceBase | null>;
  /** Per piece of which a part is agreed already, its base as it is from now on, whatever becomes of the operations. */
  readonly agreed: ReadonlyMap<PieceKey, PieceBase>;
  /** Per piece with operations, the fingerprints the plan looked at. */
  readonly seen: ReadonlyMap<PieceKey, Sides<string | null>>;
  readonly notes: readonly Note[];
  readonly losing: readonly LosingValue[];
  /** Sides that have to be looked at first; then nothing of this plan is carried out. */
  readonly looks: readonly Side[];
}

export interface PlanInput {
  readonly configuration: Configuration;
  readonly views: Sides<View>;
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  readonly fingerprint: Fingerprinter;
  readonly now: number;
  /** What each side makes of a document; null: it shows all that there is. */
  readonly shows?: Sides<Shows | null>;
}
