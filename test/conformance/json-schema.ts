/** Parsed JSON of which only objects are looked into. */
export type Json = Record<string, unknown>;
export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
export const jsonOf = (value: unknown): Json => (isJson(value) ? value : {});

/** Keywords of OpenAPI that describe and do not demand. */
const SPOKEN = ['example', 'xml', 'readOnly', 'writeOnly', 'nullable', 'discriminator', 'deprecated'];

/** A schema of OpenAPI 3.0 as JSON Schema, its references led into the registered document. */
export function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (!isJson(value)) return value;
  const converted: Json = {};
  for (const [key, inner] of Object.entries(value)) {
    if (SPOKEN.includes(key) && !isNamed(key, inner)) continue;
    converted[key] =
      key === '$ref' && typeof inner === 'string' ? inner.replace(/^#\/components\//, 'spec#/components/') : toJsonSchema(inner);
  }
  return value['nullable'] === true ? orNull(converted) : converted;
}

/** A property that happens to be called like a keyword, such as `example` or `deprecated`: its value is a schema. */
const isNamed = (key: string, inner: unknown): boolean =>
  isJson(inner) && key !== 'xml' && key !== 'discriminator' && ('type' in inner || '$ref' in inner);

function orNull(schema: Json): Json {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'];
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}
