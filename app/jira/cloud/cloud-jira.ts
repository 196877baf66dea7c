import type { Jira } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import { createCommentCalls } from '../comments.ts';
import { createCreationCalls } from '../create-items.ts';
import { readItem } from '../items.ts';
import { createTransitionCalls } from '../transitions.ts';
import { createReadItems } from './bulk-items.ts';
import { CLOUD } from './cloud-dialect.ts';
import { createFindComment } from './find-comment.ts';
import { createSearchCalls } from './search.ts';
import { createSpaceCalls } from './spaces.ts';
import { createWriteFields } from './write-fields.ts';

/** Jira Cloud, REST API version 3: rich text as ADF, people as account ids. */
export function createCloudJira(client: JiraClient): Jira {
  const speaker = { client, dialect: CLOUD };
  return {
    readItem: (issueId, fields) => readItem(speaker, issueId, fields),
    ...createReadItems(speaker),
    ...createCreationCalls(speaker),
    ...createWriteFields(speaker),
    ...createTransitionCalls(speaker),
    ...createCommentCalls(speaker),
    ...createFindComment(speaker),
    ...createSearchCalls(speaker),
    ...createSpaceCalls(client),
  };
}
