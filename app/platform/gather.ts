import { isTransientError } from './transient-error.ts';

export interface GatherOptions<Ask, Answer> {
  /** Asks of the same group may share a call: those of one tenant, so that a statement stays on one node. */
  readonly groupOf: (ask: Ask) => string;
  /** Answers in the order of the asks. All or nothing: if it throws, none of the asks was done. */
  readonly work: (asks: readonly Ask[]) => Promise<readonly Answer[]>;
  /** Most asks in one call. */
  readonly most: number;
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Many asks, few calls. While one call of a group is under way, the asks that come in form the next: under load a statement (and its
 * commit) is shared by dozens, without load nobody waits. Every call begins after all of its asks did, so nobody gets an
 * older answer than by asking alone. If a call fails for a reason that does not pass, each of its asks is tried on its own, so that
 * none suffers for another.
 */
export const gather = <Ask, Answer>({ groupOf, work, most }: GatherOptions<Ask, Answer>): ((ask: Ask) => Promise<Answer>) => {
  const groups = new Map<string, Waiting<Ask, Answer>[]>();

  const settle = async (batch: readonly Waiting<Ask, Answer>[]): Promise<void> => {
    try {
      const answers = await work(batch.map(({ ask }) => ask));
      if (answers.length !== batch.length) throw new Error(`${batch.length} asks got ${answers.length} answers.`);
      for (const [place, answer] of answers.entries()) batch[place]?.resolve(answer);
    } catch (error) {
      if (batch.length === 1 || isTransientError(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const one of batch) await settle([one]);
    }
  };

  const workOff = async (group: string, waiting: Waiting<Ask, Answer>[]): Promise<void> => {
    // So that what is asked in one go is one call.
    await Promise.resolve();
    while (waiting.length > 0) await settle(waiting.splice(0, most));
    groups.delete(group);
  };

  return (ask) =>
    new Promise((resolve, reject) => {
      const group = groupOf(ask);
      const one = { ask, resolve, reject };
      const waiting = groups.get(group);
      if (waiting !== undefined) {
        waiting.push(one);
        return;
      }
      const begun = [one];
      groups.set(group, begun);
      void workOff(group, begun);
    });
};
