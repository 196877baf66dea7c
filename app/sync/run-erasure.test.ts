import { expect, it } from '@jest/globals';
import type { TenantId } from '../core/ids.ts';
import { runErasure } from './run-erasure.ts';

const [BROKEN, LEAVING] = ['broken', 'leaving'] as [TenantId, TenantId];

it('a tenant that cannot be erased keeps no other from it', async () => {
  const over = new AbortController();
  const told: (readonly [object, string])[] = [];
  const note = (fields: object, message: string): void => void told.push([fields, message]);
  await runErasure(
    {
      tenants: {
        create: async () => undefined,
        list: async () => [],
        read: async () => null,
        planErasure: async () => undefined,
        listLeaving: async () => [BROKEN, LEAVING],
        async beginErasure(tenantId) {
          if (tenantId === BROKEN) throw new RangeError('in the way');
          return true;
        },
        eraseRows: async () => undefined,
      },
      synchronizations: { listOfSite: async () => [], update: async () => false, remove: async () => true },
      audit: { note: async () => undefined },
      clock: { now: () => 0, sleepUntil: async () => over.abort() },
      closeWebhooks: null,
      logger: { info: note, error: note },
    },
    over.signal,
  );
  expect(told).toEqual([
    [{ tenantId: BROKEN, error: 'RangeError' }, 'A tenant could not be erased'],
    [{ tenantId: LEAVING }, 'All that was known of a tenant was erased'],
  ]);
});
