import { addField } from './field-admin.ts';
import type { CustomField } from './field-config.ts';
import type { FieldRule } from './issue-fields.ts';
import { defineField } from './issue-fields.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { findProject } from './permissions.ts';
import { nextId } from './record.ts';
import type { RequestType, ServiceDesk } from './service-desk.ts';
import type { Issue, Project, Site, User } from './site.ts';

/** The field that Jira Service Management makes with its first service desk: which request type an item has. */
export const REQUEST_TYPE_FIELD = 'Customer Request Type';
const REQUEST_TYPE_KEY = 'com.atlassian.servicedesk:vp-origin';

const requestTypeField = (site: Site): CustomField | undefined =>
  [...site.customFields.values()].find(({ kind }) => kind === 'vp-origin');

/** Puts the field on the screens of a project that has a service desk; no others have it. */
function offerField(site: Site, project: Project): void {
  const there = requestTypeField(site);
  const [context] = (there ?? addField(site, { name: REQUEST_TYPE_FIELD, kind: 'vp-origin' })).contexts ?? [];
  if (context !== undefined) context.projectIds = new Set([...(context.projectIds ?? []), project.id]);
}

/** Opens the service desk of a service project; each has one. */
export function addServiceDesk(site: Site, project: Project): Outcome<ServiceDesk> {
  if (project.kind !== 'service_desk') return refuse(400, `The project ${project.key} is not a service project.`);
  if ([...site.serviceDesks.values()].some(({ projectId }) => projectId === project.id))
    return refuse(400, `The project ${project.key} has a service desk already.`);
  offerField(site, project);
  const desk = { id: nextId(site, 'other'), projectId: project.id, portalId: nextId(site, 'other') };
  site.serviceDesks.set(desk.id, desk);
  return done(desk);
}

/** Adds a request type, whose requests are items of a type that the project has. */
export function addRequestType(
  site: Site,
  desk: ServiceDesk,
  given: Pick<RequestType, 'name' | 'issueTypeId'> & Partial<RequestType>,
): Outcome<RequestType> {
  if (given.name.trim() === '') return refuseFields(400, { name: 'A request type needs a name.' });
  if (site.projects.get(desk.projectId)?.issueTypeIds.includes(given.issueTypeId) !== true)
    return refuseFields(400, { issueTypeId: 'The project of the service desk has no such issue type.' });
  const type = { description: '', helpText: '', ...given, id: nextId(site, 'other'), serviceDeskId: desk.id };
  site.requestTypes.set(type.id, type);
  return done(type);
}

/** The service desks whose projects a person sees. */
export const serviceDesksFor = (site: Site, user: User | null): ServiceDesk[] =>
  [...site.serviceDesks.values()].filter(({ projectId }) => findProject(site, user, projectId) !== null);

/** A service desk by its own id or that of its project, as Jira takes either. */
export function findServiceDesk(site: Site, user: User | null, id: string): Outcome<ServiceDesk> {
  const desk = serviceDesksFor(site, user).find((each) => each.id === id || each.projectId === id);
  return desk === undefined ? refuse(404, `There is no service desk with the id ${id} that you can see.`) : done(desk);
}

export const requestTypesOf = (site: Site, desk: ServiceDesk): RequestType[] =>
  [...site.requestTypes.values()].filter(({ serviceDeskId }) => serviceDeskId === desk.id);

/** The request type of an item; null: it is no request. */
export function requestTypeOf(site: Site, issue: Issue): RequestType | null {
  const id = issue.custom.get(requestTypeField(site)?.id ?? '');
  return id === undefined ? null : (site.requestTypes.get(String(id)) ?? null);
}

/** Since when an item has its status, in epoch milliseconds. */
export const statusSince = (issue: Issue): number =>
  issue.changes.findLast(({ items }) => items.some(({ fieldId }) => fieldId === 'status'))?.at ?? issue.created;

/** The rule of the field: set by the id of a request type of the item's own project, as text. */
export const requestTypeRule = (field: CustomField): FieldRule =>
  defineField<string | null>({
    id: field.id,
    name: field.name,
    schema: {
      type: 'sd-customerrequesttype',
      custom: REQUEST_TYPE_KEY,
      customId: Number(field.id.replace('customfield_', '')) || 0,
    },
    parse: (site, project, raw) => {
      if (raw === null || raw === '') return { value: null };
      if (typeof raw !== 'string') return { error: 'Operation value must be a string' };
      const type = site.requestTypes.get(raw);
      return type !== undefined && site.serviceDesks.get(type.serviceDeskId)?.projectId === project.id
        ? { value: type.id }
        : { error: `The request type '${raw}' does not exist in this project.` };
    },
    read: (issue) => {
      const kept = issue.custom.get(field.id);
      return kept === undefined ? null : String(kept);
    },
    write: (issue, value) => {
      if (value === null) issue.custom.delete(field.id);
      else issue.custom.set(field.id, value);
    },
    label: (site, value) => ({ id: value, text: value === null ? null : (site.requestTypes.get(value)?.name ?? value) }),
  });
