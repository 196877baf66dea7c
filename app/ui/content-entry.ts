import type { z } from 'zod';
import { type ContentChoice, type conflictPolicy, type direction, fieldIds } from '../contract/synchronizations.ts';

export type Direction = z.infer<typeof direction>;
export type ConflictPolicy = z.infer<typeof conflictPolicy>;
export type OfferedField = (typeof fieldIds)[number];

/** A row of the content table. What is not ticked keeps its settings, so that ticking it again brings them back. */
export interface PieceEntry {
  readonly on: boolean;
  readonly direction: Direction;
  readonly conflict: ConflictPolicy;
}

/** The content table while it is being filled in. */
export interface ContentEntry {
  readonly fields: Readonly<Record<OfferedField, PieceEntry>>;
  readonly status: PieceEntry;
  readonly comments: { readonly on: boolean; readonly direction: Direction; readonly authorLine: boolean };
  readonly strict: boolean;
}

/** What most teams want: everything, both ways, and the later edit wins. */
const FULL: PieceEntry = { on: true, direction: 'both', conflict: 'newest' };

export const defaultContent = (): ContentEntry => ({
  fields: { summary: FULL, description: FULL, priority: FULL, labels: FULL, duedate: FULL },
  status: FULL,
  comments: { on: true, direction: 'both', authorLine: true },
  strict: false,
});

const OFF: PieceEntry = { ...FULL, on: false };

/** Opens what is configured for editing. Fields that are not part of it start unticked. */
export function entryOf(choice: ContentChoice): ContentEntry {
  const fields: Record<OfferedField, PieceEntry> = { summary: OFF, description: OFF, priority: OFF, labels: OFF, duedate: OFF };
  for (const { field, ...rest } of choice.fields) fields[field] = { on: true, ...rest };
  return {
    fields,
    status: choice.status === null ? OFF : { on: true, ...choice.status },
    comments: choice.comments === null ? { on: false, direction: 'both', authorLine: true } : { on: true, ...choice.comments },
    strict: choice.strict,
  };
}

/** What is sent to the server: only what is ticked, in the order it is offered. */
export function choiceOf(entry: ContentEntry): ContentChoice {
  const settings = ({ direction, conflict }: PieceEntry) => ({ direction, conflict });
  return {
    fields: fieldIds.filter((field) => entry.fields[field].on).map((field) => ({ field, ...settings(entry.fields[field]) })),
    status: entry.status.on ? settings(entry.status) : null,
    comments: entry.comments.on ? { direction: entry.comments.direction, authorLine: entry.comments.authorLine } : null,
    strict: entry.strict,
  };
}

/** A synchronization of nothing is refused: it would look as if it worked. */
export const isEmpty = (entry: ContentEntry): boolean =>
  !entry.status.on && !entry.comments.on && fieldIds.every((field) => !entry.fields[field].on);
