import { z } from 'zod';

/** When a resolved or muted group opens again. Vocabulary: the vendor's page "Invariants". */

const simple = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('version_gt'), field: z.string(), version: z.string() }),
  z.strictObject({ type: z.literal('version_ge'), field: z.string(), version: z.string() }),
  z.strictObject({ type: z.literal('timestamp_gt'), timestamp: z.number() }),
  z.strictObject({ type: z.literal('regular_expression'), field: z.string(), pattern: z.string() }),
]);
/** `and` is one level deep: its children are simple. The list itself is an "or". */
export const invariantsSchema = z.array(z.union([simple, z.strictObject({ type: z.literal('and'), children: z.array(simple) })]));

type Simple = z.infer<typeof simple>;
export type Invariant = z.infer<typeof invariantsSchema>[number];

/** What an invariant looks at. */
export interface Observed {
  /** Unix seconds, of the error itself. */
  readonly timestamp: number;
  readonly attributes: ReadonlyMap<string, string | number>;
}

interface Version {
  readonly numbers: readonly number[];
  readonly pre: string;
}

function readVersion(text: string): Version {
  const [core = '', ...rest] = text.replace(/^v/, '').split('+')[0]?.split('-') ?? [];
  return { numbers: core.split('.').map((part) => Number.parseInt(part, 10) || 0), pre: rest.join('-') };
}

/** Below, equal or above zero, by the rules of semantic versions: 1.4.10 is above 1.4.2, 2.0.0-rc.1 below 2.0.0. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [readVersion(left), readVersion(right)];
  for (let place = 0; place < Math.max(a.numbers.length, b.numbers.length); place += 1) {
    const difference = (a.numbers[place] ?? 0) - (b.numbers[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.pre === b.pre) return 0;
  if (a.pre === '' || b.pre === '') return a.pre === '' ? 1 : -1;
  return a.pre.localeCompare(b.pre, 'en', { numeric: true });
}

function holds(rule: Simple, error: Observed): boolean {
  if (rule.type === 'timestamp_gt') return error.timestamp > rule.timestamp;
  const value = error.attributes.get(rule.field);
  if (value === undefined) return false;
  if (rule.type === 'regular_expression') return new RegExp(rule.pattern).test(String(value));
  const order = compareVersions(String(value), rule.version);
  return rule.type === 'version_gt' ? order > 0 : order >= 0;
}

/** The first rule that the error meets, which opens the group again; null when none does. */
export const violated = (rules: readonly Invariant[], error: Observed): Invariant | null =>
  rules.find((rule) =>
    rule.type === 'and' ? rule.children.length > 0 && rule.children.every((child) => holds(child, error)) : holds(rule, error),
  ) ?? null;
