import type { SetUpResult } from '../app/sync/set-up-ports.ts';

/** The value of a step that must have worked. */
export const done = async <T>(step: SetUpResult<T>): Promise<T> => {
  const result = await step;
  if (!result.ok) throw new Error(`refused: ${result.failure.code}`);
  return result.value;
};

/** What a step was refused for, or *done*. */
export const codeOf = async (step: SetUpResult<unknown>): Promise<string> => {
  const result = await step;
  return result.ok ? 'done' : result.failure.code;
};
