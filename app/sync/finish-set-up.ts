import { fail, type Result, succeed } from '../core/failure.ts';
import type { SetUpId, SynchronizationId } from '../core/ids.ts';
import type { Proposal } from '../core/propose-configuration.ts';
import { finishOf, nextStep } from '../core/set-up-steps.ts';
import type { Sides } from '../core/side.ts';
import { type ChosenSpace, establishSynchronization, previewSynchronization } from './establish-synchronization.ts';
import { doneSteps, findSetUp } from './find-set-up.ts';
import type { Visible } from './find-visible.ts';
import { type PartnerSpace, requestSynchronization, type SynchronizationWish } from './request-synchronization.ts';
import type { Caller, SetUp, SetUpEnd, SetUpFlowPorts, SetUpResult } from './set-up-ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

/**
 * Makes of a set-up what it was for: a request, or a synchronization that stands stopped (SPEC S13). It has the id of the set-up, so that
 * finishing twice makes no two.
 */
export async function finishSetUp(ports: SetUpFlowPorts, caller: Caller, setUpId: SetUpId): SetUpResult<Visible> {
  const open = await findSetUp(ports, caller, setUpId);
  if (!open.ok) return open;
  const { setUp } = open.value;
  const wish = await wishOf(ports, setUp);
  if (!wish.ok) return wish;
  const as = setUp.setUpId as string as SynchronizationId;
  const partner = partnerOf(setUp);
  const finished =
    partner === null
      ? await establishSynchronization(ports, caller, endsOf(setUp), wish.value, as)
      : await requestSynchronization(ports, caller, { partner, ...wish.value }, as);
  // What was entered meanwhile did not come into it. It is not thrown away either: whoever entered it was told that it counts.
  if (finished.ok) await ports.setUps.remove(setUp.tenantId, setUpId, setUp.touchedAt);
  return finished;
}

/** Gives a set-up up. */
export async function forgetSetUp(ports: SetUpFlowPorts, caller: Caller, setUpId: SetUpId): SetUpResult<null> {
  const open = await findSetUp(ports, caller, setUpId);
  if (!open.ok) return open;
  await ports.setUps.remove(open.value.setUp.tenantId, setUpId);
  return succeed(null);
}

/** What would be matched if it were finished now; null: that shows once the partner accepts. */
export async function previewSetUp(ports: SetUpFlowPorts, caller: Caller, setUpId: SetUpId): SetUpResult<Proposal | null> {
  const open = await findSetUp(ports, caller, setUpId);
  if (!open.ok) return open;
  const { setUp } = open.value;
  const wish = await wishOf(ports, setUp);
  if (!wish.ok) return wish;
  return finishOf(setUp.route) === 'request'
    ? succeed(null)
    : previewSynchronization(ports, caller, endsOf(setUp), wish.value.content);
}

/** What was entered besides the two ends, once no step is missing. */
async function wishOf(ports: SetUpFlowPorts, setUp: SetUp): Promise<Result<SynchronizationWish, SetUpRefusal>> {
  const next = nextStep(setUp.route, await doneSteps(ports, setUp));
  if (next === 'authentication') return fail({ code: 'authentication-needed' });
  const { name, description, content, mode } = setUp;
  if (next !== 'finish' || name === null || content === null) return fail({ code: 'set-up-unfinished' });
  return succeed({ name, description, content, mode: mode ?? 'immediate' });
}

/** Who is to be asked; null: nobody. */
function partnerOf({ route, partner: { siteUrl, projectKey } }: SetUp): PartnerSpace | null {
  if (finishOf(route) !== 'request' || projectKey === null) return null;
  return siteUrl === null || route === 'same-site'
    ? { kind: 'same-site', projectKey }
    : { kind: 'other-site', siteUrl, projectKey };
}

const endsOf = ({ own, partner }: SetUp): Sides<ChosenSpace> => ({ A: chosenAt(own), B: chosenAt(partner) });

const chosenAt = ({ connectionId, projectKey }: SetUpEnd): ChosenSpace => ({ connectionId, projectKey: projectKey ?? '' });
