import { ensureSpaceAdmin } from './may-configure.ts';
import type { SpaceCaller, SpaceSites } from './set-up-ports.ts';

/** Whether a caller administers their site, by Jira's word at this moment. `unknown`: Jira did not say. */
export const createAskSiteAdmin =
  (ports: { readonly sites: SpaceSites }) =>
  async (caller: SpaceCaller): Promise<'yes' | 'no' | 'unknown'> => {
    const asked = await ensureSpaceAdmin(ports, caller);
    if (asked.ok) return asked.value.site ? 'yes' : 'no';
    return asked.failure.code === 'not-space-admin' ? 'no' : 'unknown';
  };
