import { fail, type Result } from '../app/core/failure.ts';
import type { Jira } from '../app/sync/ports.ts';
import type { TurnPorts } from '../app/sync/turn.ts';

/** What a call comes to of which nobody heard the end. */
export const uncertain: Result<never> = fail({ kind: 'uncertain', detail: 'no answer' });

/** The same ports, but those calls to Jira come to something else: an answer is lost, or a request. */
export function losing(ports: TurnPorts, deaf: (jira: Jira) => Partial<Jira>): TurnPorts {
  return {
    ...ports,
    sites: {
      async reach(...asked) {
        const jira = await ports.sites.reach(...asked);
        return jira === null ? null : { ...jira, ...deaf(jira) };
      },
    },
  };
}

/** Comments are made and edited, and nobody hears of it. */
export const losingComments = (ports: TurnPorts): TurnPorts =>
  losing(ports, (jira) => ({
    createComment: async (...asked) => {
      await jira.createComment(...asked);
      return uncertain;
    },
    editComment: async (...asked) => {
      await jira.editComment(...asked);
      return uncertain;
    },
  }));

/** Neither is a comment made or edited, nor does anybody hear that it was not. */
export const losingCommentRequests = (ports: TurnPorts): TurnPorts =>
  losing(ports, () => ({
    createComment: () => Promise.resolve(uncertain),
    editComment: () => Promise.resolve(uncertain),
  }));
