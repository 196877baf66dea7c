import type { TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Actor, Audit } from './audit-ports.ts';

/** Somebody was refused for a reason of safety. */
export interface NotedRefusal {
  readonly actor: Actor;
  /** `token.refused`, `access.refused` … (docs/audit.md). */
  readonly action: string;
  /** An id of ours; null: none is concerned. */
  readonly subject: string | null;
  /** A stable code of docs/troubleshooting.md: what the caller was answered or, where they are to learn nothing, the true reason. */
  readonly code: string;
}

export type NoteRefusal = (tenantId: TenantId, refusal: NotedRefusal) => Promise<void>;

/** Writes refusals of a known tenant's callers into its audit log. */
export const createNoteRefusal =
  (audit: Pick<Audit, 'note'>, clock: Pick<Clock, 'now'>): NoteRefusal =>
  (tenantId, { actor, action, subject, code }) =>
    audit.note(tenantId, { at: clock.now(), actor, action, subject, detail: code, outcome: 'refused' });
