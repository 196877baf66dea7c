import type { Clock } from './clock.ts';
import { createLedger } from './ledger.ts';
import { seededRandom } from './random.ts';
import { createSearchIndex } from './search-index.ts';
import type { Site } from './site.ts';
import { newSiteParts } from './site-parts.ts';

/** The largest file that a new site takes, in bytes. */
const UPLOAD_LIMIT = 10_485_760;

export interface SiteOptions {
  readonly name: string;
  readonly title: string;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly seed: number;
  readonly indexLagMs: number;
}

/** An empty site: no users, no projects, no types. Issue ids begin at 10000 on every site, as they do on Jira. */
export function createSite(options: SiteOptions): Site {
  const random = seededRandom(options.seed);
  return {
    ...newSiteParts(),
    name: options.name,
    title: options.title,
    cloudId: random.uuid(),
    baseUrl: options.baseUrl,
    clock: options.clock,
    random,
    users: new Map(),
    statuses: new Map(),
    priorities: new Map(),
    resolutions: new Map(),
    issueTypes: new Map(),
    customFields: new Map(),
    projects: new Map(),
    issues: new Map(),
    issueIdsByKey: new Map(),
    issueIdsByComment: new Map(),
    limits: { uploadBytes: UPLOAD_LIMIT },
    searchIndex: createSearchIndex(options.indexLagMs),
    ledger: createLedger(),
    listeners: new Set(),
    counters: { issue: 9999, comment: 9999, change: 9999, property: 9999, other: 9999 },
  };
}
