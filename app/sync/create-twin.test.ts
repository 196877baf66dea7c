import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING, pageApiOf, synchronizeSpaces } from '../../scripts/page-api.ts';
import { spentOn } from '../../test/ledgers.ts';
import { personOn } from '../../test/person.ts';
import { startTwoSites, type TwoSites } from '../../test/two-sites.ts';

let two: TwoSites;
beforeAll(async () => {
  two = await startTwoSites();
});
afterAll(() => two.close());

const POST = 'POST /issue';

describe('a ring of synchronizations', () => {
  it('[I7] SUP–ENG, ENG–WEB, WEB–SUP comes to rest: no item comes back to where it was', async () => {
    const { acme, globex } = two.world.sites;
    const website = pageApiOf(globex, 'WEB', two.url);
    const content = { description: '', content: EVERYTHING };
    const second = { ...content, name: 'Second', partner: { kind: 'same-site' as const, projectKey: 'WEB' } };
    const third = { ...content, name: 'Third', partner: { kind: 'other-site' as const, siteUrl: acme.url, projectKey: 'SUP' } };
    await synchronizeSpaces(two.engineering, website, second, 'leave');
    await synchronizeSpaces(website, two.support, third, 'leave');
    await two.settle();

    const made = await spentOn(two, () => personOn(acme).create('SUP', 'Task', { summary: 'Round and round' }));
    // One way round and the other.
    expect([made.acme, made.globex]).toEqual([[], [POST, POST, POST, POST]]);

    const [first] = [...acme.heart.issues.values()].filter(({ summary }) => summary === 'Round and round');
    if (first === undefined) throw new Error('no item');
    await spentOn(two, () => personOn(acme).edit(first, { summary: 'Still round' }));
    const titles = [...acme.heart.issues.values(), ...globex.heart.issues.values()].map(({ summary }) => summary);
    expect(titles.filter((title) => title === 'Still round')).toHaveLength(5);
    expect(titles).not.toContain('Round and round');
  });
});
