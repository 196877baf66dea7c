import type { SynchronizationDetail } from '../../app/contract/synchronizations.ts';
import type { PageApi } from '../../scripts/page-api.ts';
import type { Issue } from '../../simulator/heart/site.ts';
import type { SimulatedSite } from '../../simulator/simulated-site.ts';
import { personAt } from '../people.ts';
import { twinsOf } from '../person.ts';
import { until as within } from '../two-sites.ts';
import type { Stage } from './stage.ts';

/** A space as people work in it. */
export interface Space {
  readonly site: SimulatedSite;
  readonly key: string;
}

/** The one twin of an item, once it is there. */
async function twinOnceThere(site: SimulatedSite, origin: Issue): Promise<Issue> {
  let twins: readonly Issue[] = [];
  await within(() => {
    twins = twinsOf(site, origin);
    return twins.length > 0;
  });
  const [twin, ...more] = twins;
  if (twin === undefined || more.length > 0) throw new Error(`${origin.key} has ${twins.length} twins on ${site.heart.name}.`);
  return twin;
}

/**
 * A person makes an item on one side and it appears on the other, once; a summary, a comment and a status cross from A to B and from B
 * to A. The sites are alike in what matters: a work type Task, statuses To Do and Done.
 */
export async function crossBothWays(stage: Stage, a: Space, b: Space): Promise<void> {
  const atA = personAt(a.site);
  const atB = personAt(b.site);
  const { item, twin } = await stage.step('an item made at A gets its twin at B', async () => {
    const made = atA.create(a.key, { summary: 'The printer is on fire' });
    return { item: made, twin: await twinOnceThere(b.site, made) };
  });
  await stage.step('an edit at A crosses to B', async () => {
    atA.edit(item, { summary: 'The printer burns', labels: ['fire'] });
    await within(() => twin.summary === 'The printer burns' && twin.labels.includes('fire'));
  });
  await stage.step('an edit at B crosses to A', async () => {
    atB.edit(twin, { summary: 'The printer is put out' });
    await within(() => item.summary === 'The printer is put out');
  });
  await stage.step('comments cross both ways', async () => {
    atA.comment(item, 'Smoke everywhere.');
    atB.comment(twin, 'On our way.');
    await within(() => item.comments.length === 2 && twin.comments.length === 2);
  });
  await stage.step('an item made at B gets its twin at A', async () => {
    const made = atB.create(b.key, { summary: 'A new printer' });
    await twinOnceThere(a.site, made);
  });
  await stage.step('all comes to rest, and nothing is doubled', async () => {
    await stage.world.idle();
    const doubled = [item, twin].filter(({ comments }) => comments.length !== 2);
    if (doubled.length > 0) throw new Error(`${doubled.map(({ key }) => key).join(', ')} does not have two comments.`);
    if (item.summary !== twin.summary) throw new Error('The two sides differ.');
  });
}

/** Starts a synchronization that stands, for items that change from now on. */
export const start = (api: PageApi, { synchronizationId }: Pick<SynchronizationDetail, 'synchronizationId'>) =>
  api<SynchronizationDetail>('POST', `/synchronizations/${synchronizationId}/start`, { existingItems: 'leave' });
