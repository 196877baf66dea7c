import type { Configuration } from '../core/configuration.ts';
import type { FieldId } from '../core/ids.ts';

const SUMMARY = 'summary' as FieldId;

/** What Jira is asked for of an item that these synchronizations share: all mapped fields, and the summary, without which no twin can be made. */
export const askedFields = (...configurations: readonly Configuration[]): readonly FieldId[] => [
  ...new Set([SUMMARY, ...configurations.flatMap(({ fields }) => fields.map(({ field }) => field))]),
];
