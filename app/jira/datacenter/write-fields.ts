import type { Jira } from '../../sync/ports.ts';
import { pathBelow, type Speaker } from '../dialect.ts';
import { afterWrite, encodeWrites, readItem } from '../items.ts';
import { anything } from '../schemas.ts';

/**
 * One PUT, which answers with nothing, and a read of what stands there then. The changelog in it tells what the write replaced; an edit
 * that came between the two shows as one, and counts as a person's (SPEC B1).
 */
export const createWriteFields = (speaker: Speaker): Pick<Jira, 'writeFields'> => ({
  async writeFields(issueId, writes, asked, trace, isOurs) {
    const answer = await speaker.client.call({
      endpoint: 'PUT /issue/{id}',
      method: 'PUT',
      path: pathBelow(speaker.dialect.api, ['issue', issueId]),
      body: encodeWrites(speaker.dialect, writes),
      intent: 'write',
      trace,
      isOurs,
      schema: anything,
    });
    return answer.ok ? afterWrite(await readItem(speaker, issueId, asked)) : answer;
  },
});
