import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { AceTask } from './ace-worker.ts';

const webhookModule = z.looseObject({ event: z.string(), url: z.string() });
const pageModule = z.looseObject({ key: z.string(), url: z.string() });

/** The app descriptor as Jira gets it. Unknown parts are kept. */
const descriptorShape = z.looseObject({
  key: z.string(),
  baseUrl: z.string(),
  links: z.looseObject({ self: z.string() }),
  authentication: z.looseObject({ type: z.literal('jwt') }),
  lifecycle: z.looseObject({ installed: z.string(), uninstalled: z.string(), enabled: z.string(), disabled: z.string() }),
  scopes: z.array(z.string()),
  modules: z.looseObject({ webhooks: z.array(webhookModule), jiraProjectAdminTabPanels: z.array(pageModule) }),
});
export type Descriptor = z.infer<typeof descriptorShape>;

/** Takes a third of a second; a worker that ends without an answer must not hold up the start for ever. */
const START_TIMEOUT_MS = 30_000;

/**
 * atlassian-connect.json with its placeholders filled in by atlassian-connect-express. Throws when the outcome is not our app
 * at our address: Jira would call somebody else, and every token would have the wrong audience.
 */
export const renderDescriptor = async (task: AceTask): Promise<Descriptor> => {
  const worker = new Worker(new URL('./ace-worker.ts', import.meta.url), {
    workerData: task,
    // An empty environment: the library reads AC_* from it and puts `$NAME` of it into its configuration.
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  try {
    const [message] = await once(worker, 'message', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    const descriptor = descriptorShape.parse(message);
    if (descriptor.key !== task.appKey || descriptor.baseUrl !== task.publicUrl) {
      throw new Error(
        'The descriptor does not carry the app key and the public URL of the configuration: check atlassian-connect.json.',
      );
    }
    return descriptor;
  } finally {
    await worker.terminate();
  }
};
