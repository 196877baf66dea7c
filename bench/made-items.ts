import { z } from 'zod';
import type { RemoteSite } from './remote-site.ts';
import { untilNothingIsMissing } from './until-nothing-is-missing.ts';

/** An item that was made, and when (epoch ms, the site's clock). */
export interface Made {
  readonly summary: string;
  readonly at: number;
}

const page = z.object({
  issues: z.array(z.object({ fields: z.object({ summary: z.string(), created: z.string() }) })),
  nextPageToken: z.string().nullish(),
});

async function itemsOf(site: RemoteSite, space: string): Promise<readonly Made[]> {
  const items: Made[] = [];
  let token: string | null = '';
  while (token !== null) {
    const next = token === '' ? '' : `&nextPageToken=${token}`;
    const jql = encodeURIComponent(`project = ${space} ORDER BY created DESC`);
    const { issues, nextPageToken } = page.parse(
      await site.rest('GET', `/search/jql?jql=${jql}&fields=summary,created&maxResults=100${next}`),
    );
    items.push(...issues.map(({ fields }) => ({ summary: fields.summary, at: Date.parse(fields.created) })));
    token = nextPageToken ?? null;
  }
  return items;
}

/** On both sites a space that nothing synchronizes here. */
const ASIDE: Readonly<Record<string, string>> = { SUP: 'OPS', ENG: 'WEB' };

/**
 * The items of a space whose summary begins so. The search index lags, and learns of things in their order: what was made before the mark
 * is in it when the mark is, also what should not be there.
 */
export async function madeItems(site: RemoteSite, space: 'SUP' | 'ENG', prefix: string): Promise<readonly Made[]> {
  const aside = ASIDE[space] ?? '';
  const mark = `Mark of ${performance.now()}`;
  await site.create(aside, [{ summary: mark }]);
  await untilNothingIsMissing(async () => {
    const isThere = (await itemsOf(site, aside)).some(({ summary }) => summary === mark);
    return isThere ? null : `the search does not know “${mark}”`;
  });
  return (await itemsOf(site, space)).filter(({ summary }) => summary.startsWith(prefix));
}

/** How many of the summaries were made nowhere, and how often one was made again: a count alone would set one off against the other. */
export function compareMade(
  wanted: readonly string[],
  made: readonly Made[],
): { readonly lost: number; readonly doubled: number } {
  const times = Map.groupBy(made, ({ summary }) => summary);
  const found = wanted.map((summary) => times.get(summary)?.length ?? 0);
  return {
    lost: found.filter((count) => count === 0).length,
    doubled: found.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
  };
}
