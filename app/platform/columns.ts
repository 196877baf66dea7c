import { z } from 'zod';

/** A text column that holds an id of the given brand. Columns are where the brand is put on. */
export const id = <Id extends string>() => z.string().transform((value) => value as Id);

/** Epoch milliseconds, selected by `epochMs`. */
export const time = z.coerce.number();

/** Counts and generations: bigint columns arrive as text. */
export const count = z.coerce.number().int();

/** A side of a synchronization. */
export const side = z.enum(['A', 'B']);

/** SQL: a timestamp as epoch milliseconds. */
export const epochMs = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

/** SQL: epoch milliseconds as a timestamp. */
export const timestamp = (parameter: string): string => `to_timestamp(${parameter}::float8 / 1000)`;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids come back to us in URLs and out of Jira's properties: text that is no uuid names nothing of ours. */
export const isUuid = (text: string): boolean => UUID.test(text);
