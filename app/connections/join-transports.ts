import { fail } from '../core/failure.ts';
import type { Transports } from './transport.ts';

/** Several ways to sites as one: the first that knows the connection counts, whatever it says. */
export const joinTransports = (...all: readonly Transports[]): Transports => ({
  async reach(tenantId, connectionId) {
    for (const transports of all) {
      const reached = await transports.reach(tenantId, connectionId);
      if (reached.ok || reached.failure !== 'gone') return reached;
    }
    return fail('gone');
  },
});
