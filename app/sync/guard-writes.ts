import { fail, type Result } from '../core/failure.ts';
import type { Jira } from './ports.ts';

/**
 * The same site, but written to only while the lane is ours. A process can be held up between any two calls (a suspended machine,
 * a long pause); when it goes on, another worker may have decided anew, and what this one was about to write is stale. Asked
 * right before each write; what the call then ends with is recorded, or refused, by the fencing token.
 */
export function guardWrites(jira: Jira, isOurs: () => boolean): Jira {
  const whileOurs = <T>(write: () => Promise<Result<T>>): Promise<Result<T>> =>
    isOurs() ? write() : Promise.resolve(fail({ kind: 'unavailable', detail: 'the lease ran out before the write' }));
  return {
    ...jira,
    // Several at once are of several lanes: whoever makes them together can ask for each (share-calls.ts, create-items.ts).
    createItem: (request) => whileOurs(() => jira.createItem({ ...request, isOurs })),
    writeFields: (...request) => whileOurs(() => jira.writeFields(...request)),
    applyTransition: (...request) => whileOurs(() => jira.applyTransition(...request)),
    createComment: (...request) => whileOurs(() => jira.createComment(...request)),
    editComment: (...request) => whileOurs(() => jira.editComment(...request)),
    deleteComment: (...request) => whileOurs(() => jira.deleteComment(...request)),
  };
}
