import { expect, it } from '@jest/globals';
import { limitsTold } from './limits-told.ts';

const APP = { of: 'app', pointsPerHour: 65_000, left: null };
const BURST = '"jira-burst-based";q=100;w=1';

it.each([
  ['"global-app-quota";q=65000;w=3600', { quota: APP, perSecond: null }],
  ['"tenant-app-quota";q=130100;w=3600', { quota: { of: 'site', pointsPerHour: 130_100, left: null }, perSecond: null }],
  [`${BURST}, "global-app-quota";w=3600;q=65000`, { quota: APP, perSecond: 100 }],
  [`"global-app-quota"; q=65000; w=3600,${BURST}`, { quota: APP, perSecond: 100 }],
  [BURST, { quota: null, perSecond: 100 }],
  ['"jira-burst-based";q=100;w=2', { quota: null, perSecond: 50 }],
  [`"global-app-quota";w=3600, ${BURST}`, { quota: null, perSecond: 100 }],
  ['"global-app-quota";q=65000;w=60', { quota: null, perSecond: null }],
  ['"global-app-quota";q=0;w=3600', null],
  ['"global-app-quota";q=many;w=3600', null],
  ['"something-else";q=5;w=1', null],
  ['', null],
] as const)('%s', (header, expected) => {
  expect(limitsTold({ 'beta-ratelimit-policy': header })).toEqual(expected);
  expect(limitsTold({ 'ratelimit-policy': header })).toEqual(expected);
});

it('no header, no word of limits', () => {
  expect(limitsTold({ 'x-ratelimit-limit': '100' })).toBeNull();
});

it.each([
  ['"global-app-quota";r=17;t=1800', { points: 17, resetsInMs: 1_800_000 }],
  ['"jira-burst-based";r=99;t=7, "global-app-quota";t=1;r=0', { points: 0, resetsInMs: 1_000 }],
  ['"global-app-quota";r=17', { points: 17, resetsInMs: null }],
  ['"global-app-quota";r=17;t=soon', { points: 17, resetsInMs: null }],
  ['"tenant-app-quota";r=17;t=1800', null],
  ['"jira-burst-based";r=99;t=0', null],
  ['"global-app-quota";r=some', null],
] as const)('what is left: %s', (header, left) => {
  const policy = '"global-app-quota";q=65000;w=3600';
  for (const prefix of ['', 'beta-'])
    expect(limitsTold({ [`${prefix}ratelimit-policy`]: policy, [`${prefix}ratelimit`]: header })?.quota).toEqual({
      ...APP,
      left,
    });
});
