import { z } from 'zod';
import type { RemoteSite } from './remote-site.ts';
import type { Stand } from './stand.ts';

/** Item of the source → what it and its twin are to show. */
export type Expected = ReadonlyMap<string, string>;

/** One thing that an item shows at a site. */
export type ShownAt = (site: RemoteSite, issue: string) => Promise<string>;

const withSummary = z.object({ fields: z.object({ summary: z.string() }) });
const withStatus = z.object({ fields: z.object({ status: z.object({ name: z.string() }) }) });
const page = z.object({ total: z.number() });

export const summaryAt: ShownAt = async (site, issue) =>
  withSummary.parse(await site.rest('GET', `/issue/${issue}?fields=summary`)).fields.summary;

export const statusAt: ShownAt = async (site, issue) =>
  withStatus.parse(await site.rest('GET', `/issue/${issue}?fields=status`)).fields.status.name;

/** How many there are. */
export const commentsAt: ShownAt = async (site, issue) =>
  String(page.parse(await site.rest('GET', `/issue/${issue}/comment`)).total);

/** Throws unless items and their twins show what they are to: what nothing crossed for would be the cheapest of all. */
export async function expectAtBothSides(stand: Stand, expected: Expected, shownAt: ShownAt): Promise<void> {
  const { acme, globex } = stand.sites;
  const twins = await stand.twinsOf(expected.keys());
  for (const [issue, value] of expected) {
    const [source, target] = [await shownAt(acme, issue), await shownAt(globex, twins.get(issue) ?? '')];
    if (source === value && target === value) continue;
    throw new Error(`Item ${issue} was to show “${value}”, but shows “${source}”, and its twin “${target}”.`);
  }
}
