import { expect, it } from '@jest/globals';
import { buildRemoteConnection } from '../../test/contract/connection-store.contract.ts';
import type { ConnectionName, CredentialStore, KeptCredentials } from './credential-store.ts';
import { createCredentialKeeper } from './keep-credentials.ts';
import { createSecretBox } from './secret-box.ts';

it('looks again as long as nobody has authenticated', async () => {
  const reads: ConnectionName[] = [];
  const waiting: KeptCredentials = {
    connection: buildRemoteConnection({ state: 'needs-authentication' }),
    sealed: null,
    fence: 0,
  };
  const store: Pick<CredentialStore, 'read'> = {
    async read(name) {
      reads.push(name);
      return waiting;
    },
  };
  const secretBox = createSecretBox({ current: Buffer.alloc(32, 1), older: [] });
  const keeper = createCredentialKeeper({ store, secretBox, clock: { now: () => 0 } });
  for (let looks = 0; looks < 3; looks += 1) expect((await keeper.recent(waiting.connection)).ok).toBe(false);
  expect(reads).toHaveLength(3);
});
