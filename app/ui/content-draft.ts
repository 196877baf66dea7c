import type { z } from 'zod';
import { type ContentChoice, type conflictPolicy, type direction, fieldIds } from '../contract/synchronizations.ts';

export type Direction = z.infer<typeof direction>;
export type ConflictPolicy = z.infer<typeof conflictPolicy>;
export type OfferedField = (typeof fieldIds)[number];

/** A row of the content table. What is not ticked keeps its settings, so that ticking it again brings them back. */
export interface PieceDraft {
  readonly on: boolean;
  readonly direction: Direction;
  readonly conflict: ConflictPolicy;
}

/** The content table while it is being filled in. */
export interface ContentDraft {
  readonly fields: Readonly<Record<OfferedField, PieceDraft>>;
  readonly status: PieceDraft;
  readonly comments: { readonly on: boolean; readonly direction: Direction; readonly authorLine: boolean };
  readonly strict: boolean;
}

/** What most teams want: everything, both ways, and the later edit wins. */
const FULL: PieceDraft = { on: true, direction: 'both', conflict: 'newest' };

export const defaultContent = (): ContentDraft => ({
  fields: { summary: FULL, description: FULL, priority: FULL, labels: FULL, duedate: FULL },
  status: FULL,
  comments: { on: true, direction: 'both', authorLine: true },
  strict: false,
});

const OFF: PieceDraft = { ...FULL, on: false };

/** Opens what is configured for editing. Fields that are not part of it start unticked. */
export function draftOf(choice: ContentChoice): ContentDraft {
  const fields: Record<OfferedField, PieceDraft> = { summary: OFF, description: OFF, priority: OFF, labels: OFF, duedate: OFF };
  for (const { field, ...rest } of choice.fields) fields[field] = { on: true, ...rest };
  return {
    fields,
    status: choice.status === null ? OFF : { on: true, ...choice.status },
    comments: choice.comments === null ? { on: false, direction: 'both', authorLine: true } : { on: true, ...choice.comments },
    strict: choice.strict,
  };
}

/** What is sent to the server: only what is ticked, in the order it is offered. */
export function choiceOf(draft: ContentDraft): ContentChoice {
  const settings = ({ direction, conflict }: PieceDraft) => ({ direction, conflict });
  return {
    fields: fieldIds.filter((field) => draft.fields[field].on).map((field) => ({ field, ...settings(draft.fields[field]) })),
    status: draft.status.on ? settings(draft.status) : null,
    comments: draft.comments.on ? { direction: draft.comments.direction, authorLine: draft.comments.authorLine } : null,
    strict: draft.strict,
  };
}

/** A synchronization of nothing is refused: it would look as if it worked. */
export const isEmpty = (draft: ContentDraft): boolean =>
  !draft.status.on && !draft.comments.on && fieldIds.every((field) => !draft.fields[field].on);
