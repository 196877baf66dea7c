import { z } from 'zod';
import type { Dialect } from '../dialect.ts';
import { shapesWith } from '../schemas.ts';
import { readMarkup } from './wiki/read-markup.ts';
import { writeMarkup } from './wiki/write-markup.ts';

const richText = z.string().transform(readMarkup);

/** REST API version 2 of Data Center: rich text as wiki markup, people by name and key. */
export const DATA_CENTER: Dialect = {
  api: '/rest/api/2',
  richText,
  shapes: shapesWith(richText),
  writeRichText: writeMarkup,
  readQuery: {},
  numbersInOrder: false,
};
