import type { SetUpPreview, SetUp as SetUpShown } from '../contract/set-ups.ts';
import type { Proposal } from '../core/propose-configuration.ts';
import { finishOf, nextStep, offerName, SET_UP_LASTS_MS, stepsOf } from '../core/set-up-steps.ts';
import { doneSteps } from '../sync/find-set-up.ts';
import type { SetUp, SetUpEnd } from '../sync/set-up-ports.ts';
import { type ViewPorts, viewConnectionStanding, viewContent } from './synchronization-view.ts';

const isoTime = (at: number): string => new Date(at).toISOString();

type Ports = Pick<ViewPorts, 'connections' | 'directory'>;

/** A set-up with what is entered, what is missing and what comes next. */
export async function viewSetUp(ports: Ports, setUp: SetUp): Promise<SetUpShown> {
  const { setUpId, route, own, partner, mode, name, description, content, createdBy, createdAt, touchedAt } = setUp;
  const done = await doneSteps(ports, setUp);
  return {
    setUpId,
    route,
    own: await viewEnd(ports, setUp, own),
    partner: await viewEnd(ports, setUp, partner),
    mode,
    name,
    offeredName: offerName(own.projectKey, partner.projectKey),
    description,
    content: content === null ? null : viewContent(content),
    steps: [...stepsOf(route, done)],
    next: nextStep(route, done),
    finishes: finishOf(route),
    createdBy,
    createdAt: isoTime(createdAt),
    endsAt: isoTime(touchedAt + SET_UP_LASTS_MS),
  };
}

async function viewEnd(
  ports: Ports,
  { tenantId }: SetUp,
  { siteUrl, connectionId, projectKey }: SetUpEnd,
): Promise<SetUpShown['own']> {
  if (connectionId === null) return { siteUrl, connectionId, projectKey, connection: null };
  const site = await ports.directory.read(tenantId, connectionId);
  return {
    siteUrl: siteUrl ?? site?.siteUrl ?? null,
    connectionId,
    projectKey,
    connection: await viewConnectionStanding(ports, { siteTenantId: tenantId, connectionId }),
  };
}

/** What stands for each other by name, and what is alone. */
export const viewPreview = (proposal: Proposal | null): SetUpPreview => {
  if (proposal === null) return { matched: null };
  const { configuration, alone } = proposal;
  const copy = (names: { readonly A: readonly string[]; readonly B: readonly string[] }) => ({
    A: [...names.A],
    B: [...names.B],
  });
  return {
    matched: {
      types: configuration.types.map(({ types }) => ({ A: types.A.name, B: types.B.name })),
      statuses: (configuration.status?.map ?? []).map(({ A, B }) => ({ A, B })),
      alone: { types: copy(alone.types), statuses: copy(alone.statuses) },
    },
  };
};
