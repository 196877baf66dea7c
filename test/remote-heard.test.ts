import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import type { WebhookSecrets, WebhookState } from '../app/contract/webhooks.ts';
import type { DataCenterSite } from '../simulator/datacenter/data-center-site.ts';
import type { Issue } from '../simulator/heart/site.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { type OpenStage, openStage } from './flows/stage.ts';
import { countItemWrites } from './ledgers.ts';
import { personAt } from './people.ts';
import { twinsOf } from './person.ts';
import { type Tied, tieDataCenter } from './tie-data-center.ts';

/** The whole house, with the worker's own times. */
jest.setTimeout(120_000);

const noWindows = {
  open: () => Promise.reject(new Error('Nobody looks at anything here.')),
  takeTroubles: () => [],
  closePages: async () => undefined,
  close: async () => undefined,
};

let stage: OpenStage;
beforeAll(async () => {
  stage = await openStage(noWindows);
  await stage.install(stage.acme);
});
afterAll(() => stage.close());

interface Tie extends Tied {
  /** How the site tells of its changes. */
  standing(): Promise<WebhookState>;
}

async function tie(projectKey: string, site: DataCenterSite, farKey: string, userName: string): Promise<Tie> {
  const tied = await tieDataCenter(stage, projectKey, { site, farKey, userName });
  return { ...tied, standing: () => tied.api('GET', `/connections/${tied.connectionId}/webhook`) };
}

async function twinOnceThere(site: SimulatedSite, origin: Issue): Promise<Issue> {
  await stage.within(() => twinsOf(site, origin).length > 0);
  const [twin, ...more] = twinsOf(site, origin);
  if (twin === undefined || more.length > 0) throw new Error('There is not one twin.');
  return twin;
}

const transitionedRow = z.object({ transitioned: z.unknown() });
/** What is remembered of our last transition of that item. */
async function transitionedOf({ id }: Issue): Promise<unknown> {
  const rows = await stage.database.rows('SELECT transitioned FROM pair WHERE b_issue_id = $1', [id], transitionedRow);
  return rows[0]?.transitioned ?? null;
}

const stop = ({ api, synchronization }: Tie) => api('POST', `/synchronizations/${synchronization.synchronizationId}/stop`);

describe('a Data Center site whose sync user may register webhooks', () => {
  it('tells of its changes by one webhook of ours, our own writes come back without a write, and it tells nothing once nothing runs', async () => {
    const { acme, initech } = stage;
    const tied = await tie('SUP', initech, 'PLAT', 'bkovacs');
    await stage.within(() => initech.registry.webhooks.size === 1);
    const [webhook] = initech.registry.webhooks.values();
    expect(webhook?.secret).toMatch(/^[\w-]{43}$/);
    const [far, near] = [personAt(initech), personAt(acme)];
    const item = far.create('PLAT', { summary: 'Made far away' });
    const twin = await twinOnceThere(acme, item);
    await stage.within(async () => !(await tied.standing()).awaitsFirstEvent);
    expect(await tied.standing()).toMatchObject({ way: 'automatic', kind: 'registered', isPolled: false, cause: null });

    await stage.world.idle();
    for (const { heart } of [acme, initech]) heart.ledger.reset();
    near.edit(twin, { summary: 'Changed near', labels: ['near'] });
    await stage.within(() => item.summary === 'Changed near');
    far.edit(item, { duedate: '2027-03-01' });
    await stage.within(() => twin.dueDate === '2027-03-01');
    await stage.world.idle();
    expect([countItemWrites(initech), countItemWrites(acme)]).toEqual([1, 1]);

    initech.heart.ledger.reset();
    near.move(twin, 'In Progress');
    await stage.within(() => initech.heart.statuses.get(item.statusId)?.name === 'In Progress');
    // Its event says that it replaced what was meant; nothing else told it whose it is.
    await stage.within(async () => (await transitionedOf(item)) === null);
    const calls = initech.heart.ledger.entries.map(({ method, path }) => `${method} ${path.replace(/^.*\/api\/2/, '')}`);
    expect(calls.filter((call) => call.includes('/issue/')).at(-1)).toBe('POST /issue/{issueIdOrKey}/transitions');

    await stop(tied);
    await stage.within(() => initech.registry.webhooks.size === 0);
    expect((await tied.standing()).kind).toBe('none');
  });
});

describe('a Data Center site whose sync user may not', () => {
  it('is polled, until a person has registered the webhook by the steps that are shown', async () => {
    const { acme, umbrella } = stage;
    const tied = await tie('OPS', umbrella, 'LAB', 'rcosta');
    await stage.within(async () => (await tied.standing()).kind === 'manual');
    expect(umbrella.registry.webhooks.size).toBe(0);
    const standing = await tied.standing();
    expect(standing).toMatchObject({
      way: 'automatic',
      isPolled: true,
      awaitsFirstEvent: true,
      cause: { code: 'webhook-forbidden' },
    });
    expect(standing.instructions).not.toBeNull();

    const [far, near] = [personAt(umbrella), personAt(acme)];
    const item = far.create('LAB', { summary: 'Found by asking' });
    const twin = await twinOnceThere(acme, item);
    near.edit(twin, { summary: 'And back' });
    await stage.within(() => item.summary === 'And back');

    const { instructions } = await tied.api<WebhookSecrets>('POST', `/connections/${tied.connectionId}/webhook/secrets`);
    const copied = Object.fromEntries(instructions.steps.flatMap(({ copy }) => copy.map(({ label, value }) => [label, value])));
    expect(copied).toMatchObject({ Name: 'Tandem', JQL: expect.stringMatching(/^project in \(\d+\)$/) });
    expect(copied).not.toHaveProperty('Secret');
    await registerByHand(umbrella, copied);
    far.edit(item, { summary: 'Told by an event' });
    await stage.within(() => twin.summary === 'Told by an event');
    await stage.within(async () => !(await tied.standing()).awaitsFirstEvent);
    expect(await tied.standing()).toMatchObject({ kind: 'manual', isPolled: false, cause: null });

    await tied.api('POST', `/connections/${tied.connectionId}/webhook`, { way: 'polling' });
    umbrella.registry.webhooks.clear();
    far.edit(item, { summary: 'Found again' });
    await stage.within(() => twin.summary === 'Found again');
    await stop(tied);
  });
});

/** What an administrator does with the steps. */
async function registerByHand(site: DataCenterSite, copied: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(`${site.url}/rest/webhooks/1.0/webhook`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('ihansen:password-of-ihansen').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      name: copied['Name'],
      url: copied['URL'],
      events: [
        'jira:issue_created',
        'jira:issue_updated',
        'jira:issue_deleted',
        'comment_created',
        'comment_updated',
        'comment_deleted',
      ],
      filters: { 'issue-related-events-section': copied['JQL'] },
      excludeBody: false,
    }),
  });
  expect(answer.status).toBe(201);
}
