import { ADDRESS_REFUSALS } from './address-refusals.ts';
import type { ProbedSite } from './authentication-ports.ts';
import type { ConnectionResult, ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { actorOf } from './note-change.ts';
import type { Caller } from './set-up-ports.ts';

/**
 * What answers at an address that a person or program entered. One that is not to be called is written down: it may be a mistake, or
 * somebody who wants Tandem to call what only its server can reach.
 */
export async function probeAddress(
  { probe, audit, clock }: Pick<ConnectionSetUpPorts, 'probe' | 'audit' | 'clock'>,
  caller: Caller,
  typed: string,
): ConnectionResult<ProbedSite> {
  const probed = await probe.probe(typed);
  if (probed.ok || !(probed.failure.code in ADDRESS_REFUSALS)) return probed;
  await audit.note(caller.siteTenantId, {
    at: clock.now(),
    actor: actorOf(caller),
    action: 'address.refused',
    subject: null,
    detail: probed.failure.code,
    outcome: 'refused',
  });
  return probed;
}
