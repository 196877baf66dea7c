import { sameSite, twoSitesImmediate, twoSitesReview } from './between-cloud-sites.ts';
import { BY_PROGRAMS } from './by-programs.ts';
import type { Flow } from './flow.ts';
import { IN_TROUBLE } from './in-trouble.ts';
import { TO_SITES_WITHOUT_THE_APP } from './to-sites-without-the-app.ts';

/** Every way in, in the order of the list of features. */
export const ALL_FLOWS: readonly Flow[] = [
  sameSite,
  twoSitesImmediate,
  twoSitesReview,
  ...TO_SITES_WITHOUT_THE_APP,
  ...BY_PROGRAMS,
  ...IN_TROUBLE,
];
