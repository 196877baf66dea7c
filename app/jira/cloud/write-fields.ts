import { z } from 'zod';
import type { Jira } from '../../sync/ports.ts';
import type { Speaker } from '../dialect.ts';
import { afterWrite, completeItem, EXPAND, encodeWrites, readItem } from '../items.ts';
import { apiPath } from './paths.ts';

/**
 * One PUT, 1 point, whose answer is the item. `returnIssue` is documented to return "the fields edited" in the format of the
 * read: an answer without the parts that an item needs, or without a body, is completed by a read (2 points more).
 */
export const createWriteFields = (speaker: Speaker): Pick<Jira, 'writeFields'> => ({
  async writeFields(issueId, writes, asked, trace, isOurs) {
    const answer = await speaker.client.call({
      endpoint: 'PUT /issue/{id}',
      method: 'PUT',
      path: apiPath(['issue', issueId], { returnIssue: 'true', expand: EXPAND }),
      body: encodeWrites(speaker.dialect, writes),
      intent: 'write',
      trace,
      isOurs,
      schema: z.unknown(),
    });
    if (!answer.ok) return answer;
    const returned = speaker.dialect.shapes.issue.safeParse(answer.value);
    const whole = returned.success && writes.every(({ field }) => Object.hasOwn(returned.data.fields, field));
    return afterWrite(whole ? await completeItem(speaker, returned.data, asked) : await readItem(speaker, issueId, asked));
  },
});
