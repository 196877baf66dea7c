import { succeed } from '../../core/failure.ts';
import type { Jira } from '../../sync/ports.ts';
import { createAlikeCalls } from '../alike-calls.ts';
import type { JiraClient } from '../client.ts';
import { readItem } from '../items.ts';
import { mapBounded } from '../map-bounded.ts';
import { DATA_CENTER } from './data-center-dialect.ts';
import { createFindComment } from './find-comment.ts';
import { createSearchCalls } from './search.ts';
import { createSpaceCalls } from './spaces.ts';
import { readMarkup } from './wiki/read-markup.ts';
import { writeMarkup } from './wiki/write-markup.ts';
import { createWriteFields } from './write-fields.ts';

/** Reads at a time where Cloud has one call for all of them. */
const AT_ONCE = 5;

/** It repeats no trace on its webhooks, so it is told none. */
const withoutTrace = (client: JiraClient): JiraClient => ({ call: ({ trace: _trace, ...request }) => client.call(request) });

/** Jira Data Center, REST API version 2: rich text as wiki markup, people by key. What it can do otherwise it does as Cloud. */
export function createDataCenterJira(client: JiraClient): Jira {
  const speaker = { client: withoutTrace(client), dialect: DATA_CENTER };
  return {
    shows: (document) => readMarkup(writeMarkup(document)),
    ...createAlikeCalls(speaker),
    async readItems(issueIds, fields) {
      const read = await mapBounded(
        issueIds,
        AT_ONCE,
        async (issueId) => [issueId, await readItem(speaker, issueId, fields)] as const,
      );
      return succeed(new Map(read));
    },
    ...createWriteFields(speaker),
    ...createFindComment(speaker),
    ...createSearchCalls(speaker),
    ...createSpaceCalls(speaker),
  };
}
