import type { Jira } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import { createBulkCalls } from './bulk-items.ts';
import { createCommentCalls } from './comments.ts';
import { createItemCalls } from './items.ts';
import { createSearchCalls } from './search.ts';
import { createSpaceCalls } from './spaces.ts';
import { createTransitionCalls } from './transitions.ts';

/** Jira Cloud, REST API version 3: rich text as ADF, people as account ids. */
export const createCloudJira = (client: JiraClient): Jira => ({
  ...createItemCalls(client),
  ...createBulkCalls(client),
  ...createTransitionCalls(client),
  ...createCommentCalls(client),
  ...createSearchCalls(client),
  ...createSpaceCalls(client),
});
