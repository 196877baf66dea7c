import { isDeepStrictEqual } from 'node:util';
import { asJson, asList, asText, type Json } from './recording.ts';
import type { ItemState } from './simulated-site.ts';

/** The pieces in which two items differ, of those that are synchronized: matched by name where each site has ids of its own. */
export function differingPieces(source: ItemState, twin: ItemState): readonly string[] {
  const plain = ['summary', 'description', 'duedate'].filter(
    (field) => !isDeepStrictEqual(source.fields[field] ?? null, twin.fields[field] ?? null),
  );
  const byName = ['priority', 'status'].filter((field) => nameOf(source.fields[field]) !== nameOf(twin.fields[field]));
  const labels = ({ fields }: ItemState): readonly string[] => asList(fields['labels']).map(String).sort();
  return [
    ...[...plain, ...byName].map((field) => (field === 'status' ? field : `field:${field}`)),
    ...(isDeepStrictEqual(labels(source), labels(twin)) ? [] : ['field:labels']),
    ...(sameComments(commentsOf(source), commentsOf(twin)) ? [] : ['comments']),
  ];
}

const nameOf = (value: unknown): string | null => asText(asJson(value)?.['name']);

const commentsOf = ({ fields }: ItemState): readonly Json[] =>
  asList(asJson(fields['comment'])?.['comments']).map((comment) => asJson(asJson(comment)?.['body']) ?? {});

/** A copy of a comment may begin with a line that names the author. */
const sameComments = (source: readonly Json[], twin: readonly Json[]): boolean =>
  source.length === twin.length &&
  source.every((body, position) => {
    const copy = asList(twin[position]?.['content']);
    return [copy, copy.slice(1)].some((content) => isDeepStrictEqual(content, asList(body['content'])));
  });
