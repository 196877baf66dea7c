/** Atlassian Document Format as the simulated site keeps it. Unknown nodes and marks are kept as they came. */
export interface AdfNode {
  type: string;
  version?: number;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: AdfNode[];
  content?: AdfNode[];
  /** Of a whole document on a Data Center site: the wiki text that was written, which is all that such a site keeps. */
  source?: string;
}

export const documentOf = (...content: AdfNode[]): AdfNode => ({ type: 'doc', version: 1, content });
export const paragraphOf = (text: string): AdfNode => ({
  type: 'paragraph',
  content: text === '' ? [] : [{ type: 'text', text }],
});
