import type { Jira } from '../../sync/ports.ts';
import { createAlikeCalls } from '../alike-calls.ts';
import type { JiraClient } from '../client.ts';
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
    ...createAlikeCalls(speaker),
    ...createReadItems(speaker),
    ...createWriteFields(speaker),
    ...createFindComment(speaker),
    ...createSearchCalls(speaker),
    ...createSpaceCalls(client),
  };
}
