import type { AdfNode } from '../heart/adf.ts';
import { textToAdf } from './adf-text.ts';
import type { PageEdit } from './page-site.ts';

/** What a posted form sets: the fields it holds and no others. An empty date or description clears, an empty priority is left alone. */
export const editOf = (fields: Readonly<Record<string, string>>, description: AdfNode | null): PageEdit => {
  const { summary, labels, priorityId, dueDate } = fields;
  const text = fields.description;
  return {
    ...(summary !== undefined && { summary: summary.trim() }),
    ...(text !== undefined && { description: textToAdf(text, description) }),
    ...(labels !== undefined && { labels: [...new Set(labels.split(/[\s,]+/).filter((label) => label !== ''))] }),
    ...(priorityId !== undefined && priorityId !== '' && { priorityId }),
    ...(dueDate !== undefined && { dueDate: dueDate === '' ? null : dueDate }),
  };
};
