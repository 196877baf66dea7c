import type { Dialect } from '../dialect.ts';
import { adfNode, shapesWith } from '../schemas.ts';

/** REST API version 3: rich text as ADF. */
export const CLOUD: Dialect = {
  api: '/rest/api/3',
  richText: adfNode,
  shapes: shapesWith(adfNode),
  writeRichText: (document) => document,
  // Without it Jira leaves out a field that it failed to load, which would look like a field that is not offered, or like comments that
  // were all deleted.
  readQuery: { failFast: 'true' },
  numbersInOrder: true,
};
