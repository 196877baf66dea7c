import { z } from 'zod';
import type { AdfNode, FieldValue } from '../core/item.ts';

/** The envelope was authentic, so the document within is as Jira sent it; what later versions know of nodes is theirs. */
const isNode = (value: unknown): value is AdfNode => typeof value === 'object' && value !== null && 'type' in value;

const fieldValue = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('rich'), document: z.custom<AdfNode>(isNode) }),
  z.object({ kind: z.literal('set'), members: z.array(z.string()) }),
  z.object({ kind: z.literal('option'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('date'), date: z.string() }),
]) satisfies z.ZodType<FieldValue>;

/** The value that `JSON.stringify` wrote; null for a kind that this version does not know. */
export function readKeptText(text: string): FieldValue | null {
  const parsed = fieldValue.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
