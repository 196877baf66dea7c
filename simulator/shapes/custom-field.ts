import { customValue, optionOf } from '../heart/custom-fields.ts';
import { momentText } from '../heart/days.ts';
import type { CustomField, FieldOption } from '../heart/field-config.ts';
import type { Issue, Site } from '../heart/site.ts';
import { toWikiText } from '../heart/wiki-text.ts';
import type { ApiVersion } from './people.ts';
import { apiUrl, personShape } from './people.ts';
import { sprintReference, versionReference } from './planning.ts';
import { projectShape } from './scheme.ts';
import { requestFieldShape } from './service-desk.ts';

/** An option as issues and metadata show it. */
export const optionShape = (site: Site, version: ApiVersion, option: FieldOption): Record<string, unknown> => ({
  self: apiUrl(site, version, `customFieldOption/${option.id}`),
  value: option.value,
  id: option.id,
});

type Shaper = (id: string) => Record<string, unknown> | null;

/** What a custom field of an issue looks like; null: nothing is set. Options and names are shown as they are called now. */
export function customShape(
  site: Site,
  version: ApiVersion,
  field: CustomField,
  issue: Issue,
  audience: 'rest' | 'webhook' = 'rest',
): unknown {
  const value = customValue(field, issue);
  if (value === null) return null;
  const ids = Array.isArray(value) ? value.map(String) : [String(value)];
  const first = ids[0] ?? '';
  const each = (shape: Shaper): Record<string, unknown>[] => ids.map(shape).filter((shown) => shown !== null);
  const option: Shaper = (id) => {
    const found = optionOf(field, id);
    return found === undefined ? null : optionShape(site, version, found);
  };
  const group: Shaper = (id) => {
    const found = site.groups.get(id);
    return found === undefined
      ? null
      : { name: found.name, groupId: found.id, self: apiUrl(site, version, `group?groupId=${found.id}`) };
  };
  const person: Shaper = (id) => personShape(site, version, id, audience);
  const release: Shaper = (id) => {
    const found = site.versions.get(id);
    return found === undefined ? null : versionReference(site, version, found);
  };
  switch (field.kind) {
    case 'select':
    case 'radiobuttons':
      return option(first);
    case 'multiselect':
    case 'multicheckboxes':
      return each(option);
    case 'cascadingselect':
      return ids[1] === undefined ? option(first) : { ...option(first), child: option(ids[1]) };
    case 'datetime':
      return momentText(Number(value));
    case 'userpicker':
      return person(first);
    case 'multiuserpicker':
      return each(person);
    case 'grouppicker':
      return group(first);
    case 'multigrouppicker':
      return each(group);
    case 'version':
      return release(first);
    case 'multiversion':
      return each(release);
    case 'project': {
      const project = site.projects.get(first);
      return project === undefined ? null : projectShape(site, version, project);
    }
    case 'gh-sprint':
      return each((id) => {
        const sprint = site.sprints.get(id);
        return sprint === undefined ? null : sprintReference(sprint);
      });
    case 'atlassian-team':
      return {
        id: first,
        name: `Team ${first.slice(0, 8)}`,
        title: `Team ${first.slice(0, 8)}`,
        isVisible: true,
        isShared: true,
      };
    case 'vp-origin':
      return requestFieldShape(site, issue, first);
    case 'textarea':
      return version === '2' ? toWikiText(value as Issue['description']) : value;
    default:
      return value;
  }
}
