import type { SynchronizationDetail } from '../../app/contract/synchronizations.ts';
import type { TermsBody, VersionBody } from '../../app/contract/terms.ts';
import { EVERYTHING } from '../../scripts/page-api.ts';
import { personAt } from '../people.ts';
import { crossBothWays, start } from './crossing.ts';
import type { Flow } from './flow.ts';
import type { Stage } from './stage.ts';

const named = { name: 'Support and Engineering', description: '', content: EVERYTHING };

/** S3: two spaces of one site, by request and acceptance. */
export const sameSite: Flow = {
  name: 'two spaces of one site',
  rows: 'S1, S3',
  async run(stage) {
    const { acme } = stage;
    await stage.step('the app is installed', () => stage.install(acme));
    const support = stage.page(acme, 'SUP');
    const operations = stage.page(acme, 'OPS');
    const made = await stage.step('a request goes to the other space', () =>
      support<SynchronizationDetail>('POST', '/synchronizations', {
        ...named,
        partner: { kind: 'same-site', projectKey: 'OPS' },
      }),
    );
    await stage.step('the other space declines, the request is sent again, and accepted', async () => {
      await operations('POST', `/synchronizations/${made.synchronizationId}/decline`, { reason: 'Which items?' });
      await support('POST', `/synchronizations/${made.synchronizationId}/send-again`);
      await operations('POST', `/synchronizations/${made.synchronizationId}/accept`);
    });
    await stage.step('it is started', () => start(support, made));
    await crossBothWays(stage, { site: acme, key: 'SUP' }, { site: acme, key: 'OPS' });
  },
};

async function setUpTwoSites(stage: Stage, mode: 'review' | 'immediate') {
  const { acme, globex } = stage;
  await stage.step('the app is installed on both sites', async () => {
    await stage.install(acme);
    await stage.install(globex);
  });
  const support = stage.page(acme, 'SUP');
  const engineering = stage.page(globex, 'ENG');
  const made = await stage.step('a request goes to the space on the other site', () =>
    support<SynchronizationDetail>('POST', '/synchronizations', {
      ...named,
      mode,
      partner: { kind: 'other-site', siteUrl: globex.url, projectKey: 'ENG' },
    }),
  );
  await stage.step('the partner accepts', () => engineering('POST', `/synchronizations/${made.synchronizationId}/accept`));
  await stage.step('it is started', () => start(support, made));
  return { support, engineering, made };
}

/** S4, immediate: a change of either side counts at once. */
export const twoSitesImmediate: Flow = {
  name: 'two Cloud sites with the app, immediate mode',
  rows: 'S1, S4, O4',
  async run(stage) {
    const { engineering, made } = await setUpTwoSites(stage, 'immediate');
    const path = `/synchronizations/${made.synchronizationId}`;
    await crossBothWays(stage, { site: stage.acme, key: 'SUP' }, { site: stage.globex, key: 'ENG' });
    await stage.step('the partner changes the content, and brings the first version back', async () => {
      await engineering('PATCH', path, { content: { ...EVERYTHING, strict: true } });
      const { versions } = await engineering<{ versions: VersionBody[] }>('GET', `${path}/terms/versions`);
      if (versions.length !== 2) throw new Error(`There are ${versions.length} versions instead of 2.`);
      await engineering('POST', `${path}/terms/versions/1/bring-back`);
      const { content } = await engineering<TermsBody>('GET', `${path}/terms`);
      if (content.strict) throw new Error('The first version does not count again.');
    });
  },
};

/** S4, review: a change waits for the partner; S13: what a side does not offer never crosses. */
export const twoSitesReview: Flow = {
  name: 'two Cloud sites with the app, review mode and an outbound contract',
  rows: 'S1, S4, S13, O4',
  async run(stage) {
    const { support, engineering, made } = await setUpTwoSites(stage, 'review');
    const path = `/synchronizations/${made.synchronizationId}`;
    await stage.step('a change waits until the partner accepts it', async () => {
      await support('PATCH', path, { content: { ...EVERYTHING, strict: true } });
      const seen = await engineering<TermsBody>('GET', `${path}/terms`);
      if (seen.draft === null || seen.content.strict) throw new Error('The change did not wait.');
      await engineering('POST', `${path}/terms/draft/answer`, { answer: 'accept', draftAt: seen.draft.draftAt });
      const { content } = await support<TermsBody>('GET', `${path}/terms`);
      if (!content.strict) throw new Error('The accepted change does not count.');
    });
    await crossBothWays(stage, { site: stage.acme, key: 'SUP' }, { site: stage.globex, key: 'ENG' });
    await stage.step('what a side no longer offers stays at home', async () => {
      const all = { types: null, status: true, comments: true, authors: true };
      await support('PUT', `${path}/terms/offer`, { ...all, fields: ['summary', 'description', 'priority', 'duedate'] });
      const ann = personAt(stage.acme);
      const [item] = [...stage.acme.heart.issues.values()].filter(({ summary }) => summary === 'The printer is put out');
      const [twin] = [...stage.globex.heart.issues.values()].filter(({ summary }) => summary === 'The printer is put out');
      if (item === undefined || twin === undefined) throw new Error('The pair is gone.');
      const before = [...twin.labels];
      ann.edit(item, { summary: 'Only this crosses', labels: ['fire', 'secret'] });
      await stage.within(() => twin.summary === 'Only this crosses');
      await stage.world.idle();
      if (JSON.stringify(twin.labels) !== JSON.stringify(before)) throw new Error('A label crossed that is not offered.');
      const { parts } = await support<{ parts: { part: string }[] }>('GET', `${path}/terms/left`);
      if (!parts.some(({ part }) => part === 'summary')) throw new Error('What left is not counted.');
    });
  },
};
