/**
 * Looks for texts that must not be somewhere, in whatever way they were written there: as they are, or encoded as URLs, JSON, hex and
 * base64 are, also in the middle of a longer encoded text.
 */

/** Something that must not come out. `name` says what it is; the text itself never gets into a test's output. */
export interface Canary {
  readonly name: string;
  readonly text: string;
}

/** A place where things come out, and what came out there. */
export interface Outlet {
  readonly name: string;
  readonly texts: readonly string[];
}

/** Shorter ones would be found by chance. */
const SHORTEST = 8;

/** The base64 of a text wherever it begins in a longer one: the characters that depend on its neighbours are cut off. */
function base64Of(text: string): readonly string[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
    const inner = whole.replace(/=+$/, '').slice(Math.ceil((shift * 8) / 6), -1);
    return inner.length < SHORTEST ? [] : [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const encoded = (text: string): readonly string[] => [
  text,
  encodeURIComponent(text),
  encodeURIComponent(text).replaceAll('%20', '+'),
  Buffer.from(text).toString('hex'),
  ...base64Of(text),
];

/** As it is and as JSON writes it, each encoded. */
const writtenAs = (text: string): readonly string[] => [...new Set([text, JSON.stringify(text).slice(1, -1)].flatMap(encoded))];

/** Each leak in words: which canary came out where. */
export function findLeaks(canaries: readonly Canary[], outlets: readonly Outlet[]): readonly string[] {
  const forms = canaries.map(({ name, text }) => {
    if (text.length < SHORTEST) throw new Error(`${name} is too short to be looked for.`);
    return { name, forms: writtenAs(text).map((form) => form.toLowerCase()) };
  });
  const leaks = outlets.flatMap((outlet) => {
    const all = outlet.texts.map((text) => text.toLowerCase());
    return forms
      .filter((canary) => all.some((text) => canary.forms.some((form) => text.includes(form))))
      .map((canary) => `${canary.name} in ${outlet.name}`);
  });
  return [...new Set(leaks)];
}
