import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Job, JobAnswer } from './seed-worker.ts';

/** Processes that run seeds side by side. */
export interface Crew {
  /** Has all jobs done, each by whoever is free; `take` gets the answers as they come, and may say that it is enough. */
  work(jobs: Iterable<Job>, take: (job: Job, answer: JobAnswer) => 'go-on' | 'enough'): Promise<void>;
  dismiss(): void;
}

const WORKER = fileURLToPath(new URL('./seed-worker.ts', import.meta.url));

async function ask(child: ChildProcess, job: Job): Promise<JobAnswer> {
  child.send(job);
  const ended = once(child, 'exit').then(([code]): never => {
    throw new Error(`A process of the laboratory ended with ${String(code)} at ${JSON.stringify(job)}`);
  });
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  return answer as JobAnswer;
}

export function hireCrew(size: number): Crew {
  const children = Array.from({ length: size }, () =>
    fork(WORKER, [], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  );
  for (const child of children) child.setMaxListeners(0);
  return {
    async work(jobs, take) {
      const left = jobs[Symbol.iterator]();
      let isEnough = false;
      const serve = async (child: ChildProcess): Promise<void> => {
        for (let next = left.next(); next.done !== true && !isEnough; next = left.next()) {
          const answer = await ask(child, next.value);
          if (take(next.value, answer) === 'enough') isEnough = true;
        }
      };
      await Promise.all(children.map(serve));
    },
    dismiss() {
      for (const child of children) child.disconnect();
    },
  };
}
