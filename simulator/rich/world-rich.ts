import type { Site } from '../heart/site.ts';
import { RICH_CONTENT, type RichSiteName } from './rich-content.ts';
import { addRichItems } from './rich-items.ts';
import { pastOf } from './rich-past.ts';
import { addRichSpace } from './rich-space.ts';

/**
 * The world `rich`: gives a site of the small world three more projects with every kind of field, workflows that set traps, and
 * items with all that can hang on them. The same seed and the same moment give the same site.
 */
export function addRichProjects(site: Site, name: RichSiteName): Site {
  addRichItems(addRichSpace(pastOf(site), RICH_CONTENT[name]));
  return site;
}
