import type { AdfNode } from '../simulator/heart/adf.ts';
import type { Issue, Site } from '../simulator/heart/site.ts';

/** What people see of an item and what is synchronized, in words that are the same on both sites. */
export interface ShownItem {
  readonly summary: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly priority: string | null;
  readonly dueDate: string | null;
  readonly status: string | null;
  /** The words of each comment, without the line that names its author; sorted, since copies are younger than originals. */
  readonly comments: readonly string[];
}

const textOf = (node: AdfNode | null): string => {
  if (node === null) return '';
  const inner = (node.content ?? []).map(textOf).join(node.type === 'doc' ? '\n' : '');
  return `${typeof node.text === 'string' ? node.text : ''}${inner}`;
};

const withoutAuthorLine = (text: string): string => text.split('\n').at(-1) ?? '';

export const showItem = (site: Site, issue: Issue): ShownItem => ({
  summary: issue.summary,
  description: textOf(issue.description),
  labels: issue.labels.toSorted(),
  priority: site.priorities.get(issue.priorityId ?? '')?.name ?? null,
  dueDate: issue.dueDate,
  status: site.statuses.get(issue.statusId)?.name ?? null,
  comments: issue.comments.map((comment) => withoutAuthorLine(textOf(comment.body))).toSorted(),
});

const isMark = (value: unknown): value is { originIssueId: string } =>
  typeof value === 'object' && value !== null && 'originIssueId' in value && typeof value.originIssueId === 'string';

/** The id of the item from which a twin was made, by the mark that it carries; null for an item that is no twin. */
export const originIdOf = (issue: Issue): string | null => {
  const mark = issue.properties.get('tandem.twin');
  const marks = Array.isArray(mark) ? mark : [mark];
  return marks.find(isMark)?.originIssueId ?? null;
};

/** Every twin on `twins` with its original, by the original's id. An original with two twins is there twice. */
export const twinsOn = (site: Site, projectKey: string): readonly (readonly [originId: string, twin: Issue])[] =>
  [...site.issues.values()]
    .filter((issue) => issue.key.startsWith(`${projectKey}-`))
    .flatMap((issue) => {
      const originId = originIdOf(issue);
      return originId === null ? [] : [[originId, issue] as const];
    });
