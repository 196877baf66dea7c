import type { z } from 'zod';
import type { AdfNode } from '../core/item.ts';
import type { JiraClient } from './client.ts';
import type { Shapes } from './schemas.ts';

/** What sets the REST APIs of the two products apart where their calls are alike. */
export interface Dialect {
  readonly api: '/rest/api/3' | '/rest/api/2';
  /** Rich text as answers show it. */
  readonly richText: z.ZodType<AdfNode>;
  /** Answers with rich text in them. */
  readonly shapes: Shapes;
  /** Rich text as requests take it. */
  writeRichText(document: AdfNode): unknown;
  /** What the query of a read says besides what is to be shown. */
  readonly readQuery: Readonly<Record<string, string>>;
  /**
   * Whether a later entry of a changelog has the higher number (SPEC O13). Not on Data Center: each node of a cluster hands out numbers of its
   * own, a hundred at a time.
   */
  readonly numbersInOrder: boolean;
}

/** A site that can be called, and how it speaks. */
export interface Speaker {
  readonly client: JiraClient;
  readonly dialect: Dialect;
}

/** A path of the API with each value encoded as one path segment or query value. The signature covers exactly this text. */
export const pathBelow = (
  api: string,
  segments: readonly string[],
  query: Readonly<Record<string, string | number>> = {},
): string => {
  const path = `${api}/${segments.map(encodeURIComponent).join('/')}`;
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
};
