import { sameSite, twoSitesImmediate, twoSitesReview } from './between-cloud-sites.ts';
import type { Flow } from './flow.ts';

/** Every way in, in the order of the list of features. */
export const ALL_FLOWS: readonly Flow[] = [sameSite, twoSitesImmediate, twoSitesReview];
