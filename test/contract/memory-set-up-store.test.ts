import { createMemorySetUpStore } from '../../lab/memory/memory-set-up-store.ts';
import { describeSetUpStore } from './set-up-store.contract.ts';

describeSetUpStore('memory', async () => createMemorySetUpStore());
