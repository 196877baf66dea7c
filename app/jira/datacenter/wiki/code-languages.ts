/** The languages of code blocks: Data Center knows few, by names of its own, and complains in the text about others. */

const KNOWN = new Set(
  'actionscript ada applescript bash c c# c++ css erlang go groovy haskell html java javascript json lua objc perl php python r ruby scala sql swift visualbasic xml yaml'.split(
    ' ',
  ),
);
const TO_CLOUD: Readonly<Record<string, string>> = {
  'c#': 'csharp',
  cpp: 'c++',
  sh: 'shell',
  bash: 'shell',
  js: 'javascript',
  objc: 'objective-c',
};
const TO_DATA_CENTER: Readonly<Record<string, string>> = {
  csharp: 'c#',
  cpp: 'c++',
  shell: 'bash',
  js: 'javascript',
  'objective-c': 'objc',
};
/** What `{code}` without a language is drawn as. */
const UNNAMED = 'java';
const NO_LANGUAGE = new Set(['none', 'plain', 'text']);

/** What a Cloud site calls the language in the parameters of a code macro; null: none. */
export function languageIn(macro: string, parameters: string): string | null {
  if (macro !== 'code') return null;
  const named = parameters
    .split('|')
    .map((parameter) => parameter.trim().toLowerCase())
    .find((parameter) => parameter !== '' && !parameter.includes('='));
  if (named === undefined) return UNNAMED;
  return NO_LANGUAGE.has(named) ? null : (TO_CLOUD[named] ?? named);
}

/** What Data Center calls it; null where it does not know it. */
export function dataCenterLanguage(language: unknown): string | null {
  const name = typeof language === 'string' ? language.toLowerCase() : '';
  const called = TO_DATA_CENTER[name] ?? name;
  return KNOWN.has(called) ? called : null;
}
