import { createMemorySynchronizationStore } from '../fakes/memory-synchronization-store.ts';
import { describeSynchronizationStore } from './synchronization-store.contract.ts';

describeSynchronizationStore('memory', async () => createMemorySynchronizationStore());
