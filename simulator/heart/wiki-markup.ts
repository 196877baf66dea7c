import { createRequire } from 'node:module';
import type { AdfNode } from './adf.ts';

/** Atlassian's own converter between wiki markup and documents, behind one door. It is loaded when it is first needed: it is large. */

interface Schema {
  readonly encode: (node: unknown) => unknown;
  readonly parse: (content: unknown) => unknown;
}
interface Converter {
  readonly markup: { encode(node: unknown): string; parse(markup: string): unknown };
  readonly json: Schema;
}

let loaded: Converter | null = null;

function converter(): Converter {
  if (loaded !== null) return loaded;
  // Both packages are CommonJS, and a document is converted in the midst of a call: loading cannot wait for a promise.
  const require = createRequire(import.meta.url);
  const { WikiMarkupTransformer } = require('@atlaskit/editor-wikimarkup-transformer') as {
    WikiMarkupTransformer: new () => Converter['markup'];
  };
  const { JSONTransformer } = require('@atlaskit/editor-json-transformer') as { JSONTransformer: new () => Schema };
  loaded = { markup: new WikiMarkupTransformer(), json: new JSONTransformer() };
  return loaded;
}

/**
 * A document as wiki markup; null when it is not one that the editor's schema knows: unknown nodes or marks, nodes where they
 * must not stand.
 */
export function encodeMarkup(document: AdfNode): string | null {
  const { markup, json } = converter();
  try {
    return markup.encode(json.parse(document));
  } catch (error) {
    // What the schema does not allow is a RangeError of ProseMirror.
    if (error instanceof Error && error.name === 'RangeError') return null;
    throw error;
  }
}

/** The converter leaves Cloud's prefix in the ids of mentioned people. */
const withPlainMentions = (node: AdfNode): AdfNode => ({
  ...node,
  ...(node.type === 'mention' && node.attrs !== undefined
    ? { attrs: { ...node.attrs, id: String(node.attrs['id']).replace(/^accountid:/, '') } }
    : {}),
  ...(node.content === undefined ? {} : { content: node.content.map(withPlainMentions) }),
});

/** Wiki markup as a document. Whatever is no markup becomes text. */
export function parseMarkup(text: string): AdfNode {
  const { markup, json } = converter();
  const { content } = json.encode(markup.parse(text)) as AdfNode;
  return withPlainMentions({ type: 'doc', version: 1, content: content ?? [] });
}
