import type { IsOurs, Jira } from './ports.ts';

/**
 * The same site, but written to only while the lane is ours. A process can be held up between any two calls, and while a call waits for its
 * moment (a suspended machine, a long pause); when it goes on, another worker may have decided anew, and what this one was about to write
 * is stale. So whoever sends a write asks right before (app/jira/client.ts); what the call then ends with is recorded, or refused, by the
 * fencing token.
 */
export const guardWrites = (jira: Jira, isOurs: IsOurs): Jira => ({
  ...jira,
  createItem: (request) => jira.createItem({ ...request, isOurs }),
  writeFields: (issueId, writes, asked, trace) => jira.writeFields(issueId, writes, asked, trace, isOurs),
  applyTransition: (issueId, transitionId, trace) => jira.applyTransition(issueId, transitionId, trace, isOurs),
  createComment: (issueId, body, effectId, trace) => jira.createComment(issueId, body, effectId, trace, isOurs),
  editComment: (issueId, commentId, body, trace) => jira.editComment(issueId, commentId, body, trace, isOurs),
  deleteComment: (issueId, commentId, trace) => jira.deleteComment(issueId, commentId, trace, isOurs),
});
