import { expect, it } from '@jest/globals';
import { buildConnection } from '../../test/factories/connections.ts';
import { fail } from '../core/failure.ts';
import type { ConnectionId } from '../core/ids.ts';
import { createCloseWebhooks } from './close-webhooks.ts';
import type { SiteCare } from './connection-ports.ts';

it('takes every webhook of ours away, whatever one of the sites says', async () => {
  const registered = { kind: 'registered', remoteId: '7', expiresAt: null, projectIds: [], isProven: true } as const;
  const named = (name: string) => name as ConnectionId;
  const connections = [
    buildConnection({ connectionId: named('silent'), webhook: registered }),
    buildConnection({ connectionId: named('unreachable'), webhook: registered }),
    buildConnection({ connectionId: named('without'), webhook: { kind: 'none' } }),
    buildConnection({ connectionId: named('well'), webhook: { ...registered, remoteId: '8' } }),
  ];
  const removed: string[] = [];
  const careOf = (connectionId: string): Pick<SiteCare, 'removeWebhook'> => ({
    removeWebhook: async ({ remoteId }) => {
      removed.push(`${connectionId} ${remoteId}`);
      return connectionId === 'silent' ? fail({ kind: 'unavailable', detail: 'no answer' }) : { ok: true, value: null };
    },
  });
  const reach = async (_tenantId: string, connectionId: string) =>
    connectionId === 'unreachable' ? null : (careOf(connectionId) as SiteCare);
  await createCloseWebhooks({ connections: { list: async () => connections }, cares: { reach } })(
    connections[0]?.tenantId ?? ('' as never),
  );
  expect(removed).toEqual(['silent 7', 'well 8']);
});
