/**
 * Runs in a worker thread of its own, without environment: atlassian-connect-express fills in the descriptor, the answer is
 * posted, the thread ends. Nothing of what the library does to its process reaches ours (docs/adr/0002-ace-behind-hosts-connect.md).
 */
import { parentPort, workerData } from 'node:worker_threads';
import createAddon from 'atlassian-connect-express';
import express from 'express';

/** What the worker is told. Paths are absolute. */
export interface AceTask {
  readonly descriptorPath: string;
  readonly configPath: string;
  readonly mode: string;
  readonly publicUrl: string;
  readonly appKey: string;
}

const STORE = 'tandem-keeps-its-own';

const refuse = (): never => {
  throw new Error('Installations are kept by InstallationStore, not by atlassian-connect-express.');
};

const render = (task: AceTask): void => {
  createAddon.store.register(STORE, () => ({
    get: refuse,
    set: refuse,
    del: refuse,
    getAllClientInfos: refuse,
    saveInstallation: refuse,
    getClientSettingsForForgeInstallation: refuse,
    deleteAssociation: refuse,
    forForgeInstallation: refuse,
  }));
  // Never listens: the routes the library mounts are mounted on nothing.
  const unreachable = express();
  unreachable.set('env', task.mode);
  const overrides = {
    localBaseUrl: task.publicUrl,
    appKey: task.appKey,
    store: { adapter: STORE },
    watch: false,
    setupInstallRoute: false,
  };
  const addon = createAddon(
    unreachable,
    { config: { [task.mode]: overrides } },
    console,
    { descriptorFilename: task.descriptorPath, configFileName: task.configPath },
    () => parentPort?.postMessage(addon.descriptor),
  );
};

render(workerData as AceTask);
