import type { CommentEventBox } from './connections/comment-event-box.ts';
import type { ObservationBox } from './connections/observation-box.ts';
import type { TenantId } from './core/ids.ts';
import type { Writer } from './core/observation.ts';
import { readCommentEvent, readObservation } from './jira/webhook-observation.ts';

/**
 * What a webhook's body tells of its item, or of one of its comments, sealed for the site that sent it; null when it tells nothing whole.
 * `writer`: the write of ours that it answers, if its trace says so.
 */
export const createObserve =
  (boxes: { readonly observations: Pick<ObservationBox, 'seal'>; readonly commentEvents: Pick<CommentEventBox, 'seal'> }) =>
  (siteTenantId: TenantId, webhook: unknown, writer: Writer | null): string | null => {
    const observation = readObservation(webhook);
    if (observation !== null) return boxes.observations.seal(siteTenantId, observation);
    const event = readCommentEvent(webhook);
    return event === null ? null : boxes.commentEvents.seal(siteTenantId, { ...event, writer });
  };
