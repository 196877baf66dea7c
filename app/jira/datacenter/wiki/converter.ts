import { createRequire } from 'node:module';

/** Atlassian's own parser of wiki markup, behind one door. It is large, and loaded when a Data Center site is first met. */

interface MarkupParser {
  parse(markup: string): unknown;
}
interface JsonWriter {
  encode(node: unknown): unknown;
}

let loaded: { readonly markup: MarkupParser; readonly json: JsonWriter } | null = null;

/** The document that a piece of wiki markup is, as plain JSON. Throws what the parser throws. */
export function convertMarkup(markup: string): unknown {
  loaded ??= load();
  return loaded.json.encode(loaded.markup.parse(markup));
}

function load(): NonNullable<typeof loaded> {
  // Both packages are CommonJS, and a document is read in the midst of an answer: loading cannot wait for a promise.
  const require = createRequire(import.meta.url);
  const { WikiMarkupTransformer } = require('@atlaskit/editor-wikimarkup-transformer') as {
    WikiMarkupTransformer: new () => MarkupParser;
  };
  const { JSONTransformer } = require('@atlaskit/editor-json-transformer') as { JSONTransformer: new () => JsonWriter };
  return { markup: new WikiMarkupTransformer(), json: new JSONTransformer() };
}
