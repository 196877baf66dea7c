import type { FieldId } from './ids.ts';
import type { Direction, Side, Sides } from './side.ts';

/** Who wins when both sides changed a piece since they last agreed. `ask`: a person decides, and until then neither (SPEC F8). */
export type ConflictPolicy = 'newest' | 'A' | 'B' | 'ask';

/** `review`: changes of the configuration are drafts until the other side accepts them. `immediate`: they count at once. */
export type ConfigurationMode = 'review' | 'immediate';

/** A work type of A and the work type of B that stands for it. */
export interface TypeMapping {
  readonly types: Sides<{ readonly id: string; readonly name: string }>;
  readonly direction: Direction;
}

export interface FieldMapping {
  readonly field: FieldId;
  readonly direction: Direction;
  readonly conflict: ConflictPolicy;
}

/** What a synchronization does. Plain data; every change of it makes a new version. */
export interface Configuration {
  /** First match wins, in either direction. An item of a type that is not here is not synchronized. */
  readonly types: readonly TypeMapping[];
  readonly fields: readonly FieldMapping[];
  /** Null: status is not synchronized. `map`: status names that stand for each other; first match wins. */
  readonly status: {
    readonly direction: Direction;
    readonly conflict: ConflictPolicy;
    readonly map: readonly Sides<string>[];
  } | null;
  /**
   * Null: comments are not synchronized. `authorLine`: a first line in the copy names the author, unless the original's side is
   * `anonymous`.
   */
  readonly comments: {
    readonly direction: Direction;
    readonly authorLine: boolean;
    readonly anonymous?: readonly Side[];
  } | null;
  /** Both sides are read before each write, instead of trusting what webhooks told: five points a change instead of one. */
  readonly strict: boolean;
}
