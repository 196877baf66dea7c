import { createMemoryInstallationStore } from '../fakes/memory-installation-store.ts';
import { describeInstallationStore } from './installation-store.contract.ts';

describeInstallationStore('memory', async () => createMemoryInstallationStore());
