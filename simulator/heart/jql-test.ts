import type { JqlOperator } from './jql-parse.ts';
import type { IndexedIssue } from './search-index.ts';

/** One comparison of a query, and what it says of a document of the index. */
export interface JqlTest {
  readonly field: string;
  readonly operator: JqlOperator;
  readonly operands: readonly string[];
}
export type Matcher = (issue: IndexedIssue) => boolean;
export type Compiled = { readonly ok: true; readonly matches: Matcher } | { readonly ok: false; readonly error: string };
