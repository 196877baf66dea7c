import { z } from 'zod';
import { fail, type Result, succeed } from '../../core/failure.ts';
import type { FieldId, IssueId } from '../../core/ids.ts';
import type { Item } from '../../core/item.ts';
import type { Jira } from '../../sync/ports.ts';
import type { Speaker } from '../dialect.ts';
import { completeItem, EXPAND, readItem, SHOWN_ALWAYS } from '../items.ts';
import { TWIN_PROPERTY } from '../map-item.ts';
import type { RawIssue } from '../schemas.ts';
import { apiPath } from './paths.ts';

export const createReadItems = (speaker: Speaker): Pick<Jira, 'readItems'> => ({
  readItems: (issueIds, fields) => readItems(speaker, issueIds, fields),
});

/** Issues are read one by one, so that an odd one does not spoil the others. Absent ones are not listed at all. */
const fetched = z.object({
  issues: z.array(z.object({ id: z.union([z.string(), z.number()]).transform(String) }).loose()),
  issueErrors: z.array(z.object({ id: z.union([z.string(), z.number()]).transform(String) })).nullish(),
});

/**
 * One bulk fetch: a point, and one for each item found. What it does not tell whole is read once more alone. Unlike the single read it
 * cannot be told to fail rather than to leave out a field: one that others of the space show is taken as left out.
 */
async function readItems(
  speaker: Speaker,
  issueIds: readonly IssueId[],
  fields: readonly FieldId[],
): ReturnType<Jira['readItems']> {
  const answer = await speaker.client.call({
    endpoint: 'POST /issue/bulkfetch',
    method: 'POST',
    path: apiPath(['issue', 'bulkfetch']),
    body: {
      issueIdsOrKeys: issueIds,
      fields: [...SHOWN_ALWAYS, ...fields],
      properties: [TWIN_PROPERTY],
      expand: EXPAND.split(','),
    },
    intent: 'read',
    schema: fetched,
    objects: ({ issues }) => issues.length,
  });
  if (!answer.ok) return answer;
  const raws = new Map(answer.value.issues.map((raw) => [raw.id, speaker.dialect.shapes.issue.safeParse(raw).data ?? null]));
  const offered = fieldsBySpace([...raws.values()].filter((raw) => raw !== null));
  const failed = new Set(answer.value.issueErrors?.map(({ id }) => id));
  const readOne = (issueId: IssueId): Promise<Result<Item>> => {
    const raw = raws.get(issueId);
    if (raw === undefined && !failed.has(issueId)) return Promise.resolve(fail({ kind: 'missing' }));
    const isWhole = raw != null && fields.every((field) => Object.hasOwn(raw.fields, field) || !isOffered(offered, raw, field));
    return isWhole ? completeItem(speaker, raw, fields) : readItem(speaker, issueId, fields);
  };
  return succeed(new Map(await Promise.all(issueIds.map(async (issueId) => [issueId, await readOne(issueId)] as const))));
}

type Offered = ReadonlyMap<string, ReadonlySet<string>>;

const spaceOf = ({ fields: { project, issuetype } }: RawIssue): string => `${project.id} ${issuetype.id}`;

/** What items of the same space and type show at least once. */
function fieldsBySpace(raws: readonly RawIssue[]): Offered {
  const groups = Map.groupBy(raws, spaceOf);
  return new Map([...groups].map(([space, of]) => [space, new Set(of.flatMap(({ fields }) => Object.keys(fields)))]));
}

const isOffered = (offered: Offered, raw: RawIssue, field: FieldId): boolean => offered.get(spaceOf(raw))?.has(field) === true;
