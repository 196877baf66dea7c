import type { Jira } from '../sync/ports.ts';
import { createCommentCalls } from './comments.ts';
import { createCreationCalls } from './create-items.ts';
import type { Speaker } from './dialect.ts';
import { readItem } from './items.ts';
import { createTransitionCalls } from './transitions.ts';

type AlikeCalls = Pick<
  Jira,
  | 'readItem'
  | 'createItem'
  | 'createItems'
  | 'readTransitions'
  | 'applyTransition'
  | 'createComment'
  | 'editComment'
  | 'deleteComment'
>;

/** What both products do by the same calls, each in its own dialect. */
export const createAlikeCalls = (speaker: Speaker): AlikeCalls => ({
  readItem: (issueId, fields) => readItem(speaker, issueId, fields),
  ...createCreationCalls(speaker),
  ...createTransitionCalls(speaker),
  ...createCommentCalls(speaker),
});
