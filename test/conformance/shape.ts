import { isJson } from './json-schema.ts';

/** Path to the types met there: `issue.fields.labels[]` to `string`. Nothing is said below null and in empty lists. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** Keys that are data: ids of custom fields, sizes of pictures. */
const general = (key: string): string => key.replace(/^customfield_\d+$/, 'customfield_#');

function* walk(value: unknown, path: string): Iterable<readonly [string, string]> {
  if (Array.isArray(value)) {
    yield [path, 'list'];
    for (const item of value) yield* walk(item, `${path}[]`);
  } else if (isJson(value)) {
    yield [path, 'object'];
    for (const [key, inner] of Object.entries(value)) yield* walk(inner, path === '' ? general(key) : `${path}.${general(key)}`);
  } else yield [path, value === null ? 'null' : typeof value];
}

/** The shape of several values laid over each other. */
export function shapeOf(values: readonly unknown[]): Shape {
  const shape = new Map<string, Set<string>>();
  for (const value of values) {
    for (const [path, type] of walk(value, '')) shape.set(path, (shape.get(path) ?? new Set()).add(type));
  }
  return shape;
}

const parentOf = (path: string): string | null => {
  const at = Math.max(path.lastIndexOf('.'), path.endsWith('[]') ? path.length - 2 : -1);
  return at > 0 ? path.slice(0, at) : null;
};

/** Whether the shape could have that path at all: what it lies in is there, and neither always null nor an empty list. */
function couldHave(shape: Shape, path: string): boolean {
  const parent = parentOf(path);
  if (parent === null) return true;
  const types = shape.get(parent);
  if (types === undefined) return false;
  if (path.endsWith('[]')) return false;
  return types.has('object');
}

/** `missing: …`, `extra: …`, `other type: …` of one's own shape against a recorded one, the outermost difference alone. */
export function differences(own: Shape, recorded: Shape, both: boolean): string[] {
  const missing = [...recorded.keys()].filter((path) => !own.has(path) && couldHave(own, path)).map((path) => `missing: ${path}`);
  const extra = both
    ? [...own.keys()].filter((path) => !recorded.has(path) && couldHave(recorded, path)).map((path) => `extra: ${path}`)
    : [];
  const other = [...recorded].flatMap(([path, types]) => {
    const known = own.get(path);
    const [mine, theirs] = [known, types].map((set) => [...(set ?? [])].filter((type) => type !== 'null'));
    if (known === undefined || mine === undefined || theirs === undefined || mine.length === 0 || theirs.length === 0) return [];
    return theirs.some((type) => mine.includes(type))
      ? []
      : [`other type: ${path} (${mine.join()} here, ${theirs.join()} recorded)`];
  });
  return [...missing, ...extra, ...other].sort();
}
