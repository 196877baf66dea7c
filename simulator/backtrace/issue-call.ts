import { z } from 'zod';
import { issueCell } from './columns.ts';
import { invariantsSchema } from './invariants.ts';
import { changeGroup, type Group, type GroupChange, groupOf, type Tracker, type TrackerProject } from './tracker.ts';

const assignee = z.object({ id: z.number(), username: z.string().optional(), email: z.string().optional() });
const entry = z.union([
  z.object({ watcher: z.literal('_backtrace'), assignees: z.array(assignee) }),
  z.object({ watcher: z.string(), short: z.string().optional(), url: z.string(), state: z.string().optional() }),
]);
const schema = z.object({
  project: z.string(),
  fingerprint: z.array(z.string()).min(1),
  state: z.string().optional(),
  tags: z.object({ action: z.literal('set'), value: z.string() }).optional(),
  invariants: z.object({ action: z.literal('set'), value: invariantsSchema }).optional(),
  ticket: z.object({ action: z.literal('set'), assignee: z.literal('set').optional(), value: z.array(entry) }).optional(),
});

const shown = (group: Group): Record<string, unknown> =>
  Object.fromEntries(
    [
      'id',
      'fingerprint',
      'state',
      'tags',
      'ticket',
      'invariants',
      'invariant_reopen_count',
      'invariant_reopen_last_time',
      'blame',
      'blame_last_modified',
    ].map((column) => [column, issueCell(group, column)]),
  );

export type IssueOutcome = { readonly results: readonly Record<string, unknown>[] } | { readonly problem: string };

/**
 * Answers POST /api/issue: sets state, tags, tickets and invariants of many groups, each succeeding or failing by itself. The
 * given list of tickets replaces the old one. `failing`: fingerprints that are to fail, by a test's wish.
 */
export function answerIssueCall(
  tracker: Tracker,
  project: TrackerProject,
  body: unknown,
  by: string,
  failing: ReadonlyMap<string, string>,
): IssueOutcome {
  const parsed = schema.safeParse(body);
  if (!parsed.success) return { problem: `invalid parameter '${String(parsed.error.issues[0]?.path[0] ?? 'body')}'` };
  const { fingerprint: fingerprints, state, tags, invariants, ticket } = parsed.data;
  const change: GroupChange = {
    ...(state === undefined ? {} : { state }),
    ...(tags === undefined ? {} : { tags: tags.value }),
    ...(invariants === undefined ? {} : { invariants: invariants.value }),
    ...(ticket === undefined ? {} : { ticket: JSON.stringify(ticket.value) }),
  };
  const results = fingerprints.map((fingerprint) => {
    const group = groupOf(project, fingerprint);
    const error = failing.get(fingerprint) ?? (group === undefined ? 'no such fingerprint' : null);
    if (group === undefined || error !== null) return { fingerprint, error };
    if (Object.keys(change).length > 0) changeGroup(tracker, group, change, by);
    return shown(group);
  });
  return { results };
}
