import { z } from 'zod';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { IssueId, IssueKey } from '../core/ids.ts';
import type { CreationRequest, Jira, MadeItem } from '../sync/ports.ts';
import { pathBelow, type Speaker } from './dialect.ts';
import { failureOfAnswer, unreadable } from './failure.ts';
import { createItem, creationBody } from './items.ts';
import { mapBounded } from './map-bounded.ts';
import { createdIssue } from './schemas.ts';

/** Creations that go alone after a bulk was refused. */
const AT_ONCE = 10;

export const createCreationCalls = (speaker: Speaker): Pick<Jira, 'createItem' | 'createItems'> => ({
  createItem: (request) => createItem(speaker, request),
  createItems: (requests, trace) => createItems(speaker, requests, trace),
});

const created = z.object({
  issues: z.array(createdIssue),
  errors: z.array(
    z.object({ failedElementNumber: z.number().int().nonnegative(), status: z.number().nullish(), elementErrors: z.unknown() }),
  ),
});

/**
 * One bulk creation, a point for each item. Jira lists those it made in the order of the request, and tells of each other one what is
 * wrong with it. When it makes none it refuses the whole call: then each goes alone and hears its own reason. So does each when one of their
 * lanes was lost before the call was sent: then that one is not made, and the others are.
 */
async function createItems(
  speaker: Speaker,
  requests: readonly CreationRequest[],
  trace: string,
): ReturnType<Jira['createItems']> {
  const { client, dialect } = speaker;
  const isOurs = (): boolean => requests.every((request) => request.isOurs?.() ?? true);
  const answer = await client.call({
    endpoint: 'POST /issue/bulk',
    method: 'POST',
    path: pathBelow(dialect.api, ['issue', 'bulk']),
    body: { issueUpdates: requests.map((request) => creationBody(dialect, request)) },
    intent: 'write',
    trace,
    isOurs,
    schema: created,
    writes: requests.length,
  });
  if (answer.ok) return assign(requests.length, answer.value);
  const { kind } = answer.failure;
  return kind === 'rejected' || kind === 'too-large' || (kind === 'unavailable' && !isOurs())
    ? mapBounded(requests, AT_ONCE, (request) => createItem(speaker, request))
    : requests.map(() => answer);
}

/** Whose item is which. An answer that does not add up is no answer: what was made is found by its mark. */
function assign(asked: number, { issues, errors }: z.output<typeof created>): readonly Result<MadeItem>[] {
  const refusals = new Map(errors.map((error) => [error.failedElementNumber, error]));
  if (issues.length + refusals.size !== asked) {
    return Array.from({ length: asked }, () => fail(unreadable('write', 'unexpected answer: issues and errors do not add up')));
  }
  const made = issues.values();
  return Array.from({ length: asked }, (_, place): Result<MadeItem> => {
    const refusal = refusals.get(place);
    if (refusal !== undefined) {
      const body = JSON.stringify(refusal.elementErrors ?? {});
      return fail(failureOfAnswer({ status: refusal.status ?? 400, headers: {}, body }, 'write', 0));
    }
    const next = made.next();
    if (next.done === true) return fail(unreadable('write', 'unexpected answer: an issue too few'));
    return succeed({ issueId: next.value.id as IssueId, issueKey: next.value.key as IssueKey });
  });
}
