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
    const copy = asElsewhere(asList(twin[position]?.['content']));
    const wanted = asElsewhere(asList(body['content']));
    return [copy, copy.slice(1)].some((content) => isDeepStrictEqual(content, wanted));
  });

/** What another site can show of rich text: a mention becomes the person's name, in one piece with the text around it. */
function asElsewhere(content: readonly unknown[]): readonly unknown[] {
  const shown: Json[] = [];
  for (const part of content) {
    const node = asJson(part) ?? {};
    const name = asText(asJson(node['attrs'])?.['text']) ?? 'someone';
    const next: Json =
      node['type'] === 'mention' ? { type: 'text', text: `@${name.replace(/^@/, '')}` } : withContentElsewhere(node);
    const last = shown.at(-1);
    if (last !== undefined && isPlainText(last) && isPlainText(next)) {
      shown[shown.length - 1] = { type: 'text', text: `${asText(last['text']) ?? ''}${asText(next['text']) ?? ''}` };
    } else shown.push(next);
  }
  return shown;
}

const withContentElsewhere = (node: Json): Json =>
  Array.isArray(node['content']) ? { ...node, content: asElsewhere(node['content']) } : node;

const isPlainText = (node: Json): boolean => node['type'] === 'text' && node['marks'] === undefined;
