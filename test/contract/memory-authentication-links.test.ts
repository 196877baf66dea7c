import type { ConnectionId, TenantId } from '../../app/core/ids.ts';
import { createMemoryAuthenticationLinks } from '../fakes/memory-authentication-links.ts';
import { createMemoryConnectionStore } from '../fakes/memory-connection-store.ts';
import { describeAuthenticationLinks } from './authentication-links.contract.ts';
import { buildRemoteConnection } from './connection-store.contract.ts';

describeAuthenticationLinks('memory', async () => {
  const connections = createMemoryConnectionStore({ now: () => 0 });
  for (const tenant of [1, 2])
    for (const connection of [1, 2])
      await connections.insert(
        buildRemoteConnection({
          tenantId: `00000000-0000-4000-8000-00000000000${tenant}` as TenantId,
          connectionId: `00000000-0000-4000-9000-00000000000${connection}` as ConnectionId,
        }),
      );
  return createMemoryAuthenticationLinks(connections);
});
