import { succeed } from '../core/failure.ts';
import type { Transition } from '../core/item.ts';
import type { Jira } from '../sync/ports.ts';
import { pathBelow, type Speaker } from './dialect.ts';
import { anything, type RawTransition, transitions } from './schemas.ts';

type TransitionCalls = Pick<Jira, 'readTransitions' | 'applyTransition'>;

/** Some answers list transitions that a condition forbids just now. */
export const offeredTransitions = (raw: readonly RawTransition[]): readonly Transition[] =>
  raw.filter(({ isAvailable }) => isAvailable !== false).map(({ id, to }) => ({ id, to }));

export const createTransitionCalls = ({ client, dialect }: Speaker): TransitionCalls => ({
  async readTransitions(issueId) {
    const answer = await client.call({
      endpoint: 'GET /issue/{id}/transitions',
      method: 'GET',
      path: pathBelow(dialect.api, ['issue', issueId, 'transitions']),
      intent: 'read',
      schema: transitions,
      objects: () => 1,
    });
    if (!answer.ok) return answer;
    return succeed(offeredTransitions(answer.value.transitions));
  },
  async applyTransition(issueId, transitionId, trace, isOurs) {
    const answer = await client.call({
      endpoint: 'POST /issue/{id}/transitions',
      method: 'POST',
      path: pathBelow(dialect.api, ['issue', issueId, 'transitions']),
      body: { transition: { id: transitionId } },
      intent: 'write',
      trace,
      isOurs,
      schema: anything,
    });
    return answer.ok ? succeed(null) : answer;
  },
});
