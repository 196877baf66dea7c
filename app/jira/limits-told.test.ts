import { expect, it } from '@jest/globals';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { limitsTold } from './limits-told.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const APP = { of: 'app', pointsPerHour: 65_000 };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const BURST = '"jira-burst-based";q=100;w=1';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
it.each([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['"global-app-quota";q=65000;w=3600', { quota: APP, perSecond: null }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['"tenant-app-quota";q=130100;w=3600', { quota: { of: 'site', pointsPerHour: 130_100 }, perSecond: null }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  [`${BURST}, "global-app-quota";w=3600;q=65000`, { quota: APP, perSecond: 100 }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  [`"global-app-quota"; q=65000; w=3600,${BURST}`, { quota: APP, perSecond: 100 }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  [BURST, { quota: null, perSecond: 100 }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['"jira-burst-based";q=100;w=2', { quota: null, perSecond: 50 }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  [`"global-app-quota";w=3600, ${BURST}`, { quota: null, perSecond: 100 }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['"global-app-quota";q=65000;w=60', { quota: null, perSecond: null }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['"global-app-quota";q=0;w=3600', null],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['"global-app-quota";q=many;w=3600', null],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['"something-else";q=5;w=1', null],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['', null],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
] as const)('%s', (header, expected) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(limitsTold({ 'beta-ratelimit-policy': header })).toEqual(expected);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(limitsTold({ 'ratelimit-policy': header })).toEqual(expected);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
it('no header, no word of limits', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(limitsTold({ 'x-ratelimit-limit': '100' })).toBeNull();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
