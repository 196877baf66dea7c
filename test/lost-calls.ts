import { fail, type Result } from '../app/core/failure.ts';
import type { Jira } from '../app/sync/ports.ts';
import type { TurnPorts } from '../app/sync/turn.ts';
import { observed } from './turns-by-hand.ts';

/** What a call comes to of which nobody heard the end. */
export const uncertain: Result<never> = fail({ kind: 'uncertain', detail: 'no answer' });

/** The same ports, but those calls to Jira are others. */
export const withJira = (ports: TurnPorts, others: (jira: Jira) => Partial<Jira>): TurnPorts => ({
  ...ports,
  sites: {
    async reach(...asked) {
      const jira = await ports.sites.reach(...asked);
      return jira === null ? null : { ...jira, ...others(jira) };
    },
  },
});

/** The same ports, but these calls are carried out and nobody hears of it. */
export const losingAnswers = (ports: TurnPorts, ...calls: readonly (keyof Jira)[]): TurnPorts =>
  observed(ports, async (name, call) => {
    const answer = await call();
    return calls.some((lost) => lost === name) ? uncertain : answer;
  });

/** The same ports, but these calls never arrive, and nobody hears that they did not. */
export const losingRequests = (ports: TurnPorts, ...calls: readonly (keyof Jira)[]): TurnPorts =>
  observed(ports, (name, call) => (calls.some((lost) => lost === name) ? Promise.resolve(uncertain) : call()));
