import { expect, it } from '@jest/globals';
import type { TenantId } from '../core/ids.ts';
import { runRetention } from './run-retention.ts';

const ACME = 'acme' as TenantId;
const GLOBEX = 'globex' as TenantId;

/** Retention by hand: two tenants due at the first look, nothing later; it ends at the third look. */
const createWorld = () => {
  const done: string[] = [];
  const end = new AbortController();
  let looks = 0;
  const ports = {
    retention: {
      claimDue: async () => {
        looks += 1;
        if (looks === 3) end.abort();
        return looks === 1 ? [ACME, GLOBEX] : [];
      },
      prune: async (tenantId: TenantId) => {
        done.push(`prune ${tenantId}`);
        return done.filter((line) => line === `prune ${tenantId}`).length === 2;
      },
    },
    expire: async (tenantId: TenantId) => {
      done.push(`expire ${tenantId}`);
    },
    clock: { now: () => 0, sleepUntil: async () => undefined },
    logger: { error: ({ error }: { error?: unknown }) => void done.push(`logged ${String(error)}`) },
  };
  return { done, ports, run: () => runRetention(ports, end.signal) };
};

it('lets expire, and removes until nothing is left, tenant by tenant', async () => {
  const { done, run } = createWorld();
  await run();
  expect(done).toEqual(['expire acme', 'prune acme', 'prune acme', 'expire globex', 'prune globex', 'prune globex']);
});

it('goes on after an error, which it logs without its words: with the others of that look too', async () => {
  const { done, ports, run } = createWorld();
  const { expire } = ports;
  ports.expire = async (tenantId) => {
    if (tenantId === ACME) throw new TypeError('the name of a customer');
    await expire(tenantId);
  };
  await run();
  expect(done).toEqual(['logged TypeError', 'expire globex', 'prune globex', 'prune globex']);
});

it('looks again when nobody could say whose turn it is', async () => {
  const { done, ports, run } = createWorld();
  const { claimDue } = ports.retention;
  ports.retention.claimDue = async () => {
    await claimDue();
    throw new RangeError('no database');
  };
  await run();
  expect(done).toEqual(Array(3).fill('logged RangeError'));
});
