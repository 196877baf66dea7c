import { isDay } from './days.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { findProject, permits } from './permissions.ts';
import type { Component, Version } from './planning.ts';
import { emit, nextId, recordChange } from './record.ts';
import type { Actor, Issue, Project, Site } from './site.ts';
import { pairedItems } from './system-fields.ts';

type Raw = Readonly<Record<string, unknown>>;

const NO_RIGHT = 'You do not have the necessary permissions to administer this project.';

/** The project that a new version or component names by id or key, where that person administers it. */
function placeOf(site: Site, actor: Actor, raw: Raw): Outcome<Project> {
  const project = findProject(site, actor.user, String(raw['projectId'] ?? raw['project'] ?? ''));
  if (project === null) return refuse(404, 'No project could be found with the given id or key.');
  return permits(actor.user, project, 'ADMINISTER_PROJECTS') ? done(project) : refuse(403, NO_RIGHT);
}

const taken = <T extends Version | Component>(all: ReadonlyMap<string, T>, projectId: string, name: string, but?: T): boolean =>
  [...all.values()].some(
    (other) => other !== but && other.projectId === projectId && other.name.toLowerCase() === name.toLowerCase(),
  );

/** What is wrong with the name and days of a version, in Jira's words. */
function versionErrors(site: Site, projectId: string, raw: Raw, version?: Version): Record<string, string> {
  const errors: Record<string, string> = {};
  const name = raw['name'] === undefined && version !== undefined ? version.name : String(raw['name'] ?? '').trim();
  if (name === '') errors['name'] = 'You must specify a valid version name';
  else if (taken(site.versions, projectId, name, version))
    errors['name'] = 'A version with this name already exists in this project.';
  for (const day of ['startDate', 'releaseDate']) {
    const value = raw[day];
    if (value !== undefined && value !== null && !isDay(String(value)))
      errors[day] = 'Please enter the date in the following format: yyyy-MM-dd';
  }
  const start = String(raw['startDate'] ?? version?.startDate ?? '');
  const release = String(raw['releaseDate'] ?? version?.releaseDate ?? '');
  if (start !== '' && release !== '' && start > release)
    errors['releaseDate'] = 'The start date must be earlier than the release date.';
  return errors;
}

const dayOf = (raw: Raw, key: string, otherwise: string | null): string | null =>
  raw[key] === undefined ? otherwise : raw[key] === null ? null : String(raw[key]);

export function createVersion(site: Site, actor: Actor, raw: Raw): Outcome<Version> {
  const place = placeOf(site, actor, raw);
  if (!place.ok) return place;
  const errors = versionErrors(site, place.value.id, raw);
  if (Object.keys(errors).length > 0) return refuseFields(400, errors);
  const version: Version = {
    id: nextId(site, 'other'),
    projectId: place.value.id,
    name: String(raw['name']).trim(),
    description: String(raw['description'] ?? ''),
    released: raw['released'] === true,
    archived: raw['archived'] === true,
    startDate: dayOf(raw, 'startDate', null),
    releaseDate: dayOf(raw, 'releaseDate', null),
  };
  site.versions.set(version.id, version);
  emit(site, { kind: 'version-created', actor, at: site.clock.now(), version: { ...version }, mergedTo: null });
  return done(version);
}

/** A version by id, where that person sees its project, and administers it if it is to be changed. */
export function findVersion(site: Site, actor: Actor, id: string, toChange = false): Outcome<Version> {
  const version = site.versions.get(id);
  const project = version === undefined ? null : findProject(site, actor.user, version.projectId);
  if (version === undefined || project === null) return refuse(404, `Could not find version for id '${id}'`);
  return !toChange || permits(actor.user, project, 'ADMINISTER_PROJECTS') ? done(version) : refuse(403, NO_RIGHT);
}

/** Changes what is named. Releasing and taking a release back are events of their own, and so is nothing else. */
export function updateVersion(site: Site, actor: Actor, version: Version, raw: Raw): Outcome<Version> {
  const errors = versionErrors(site, version.projectId, raw, version);
  if (Object.keys(errors).length > 0) return refuseFields(400, errors);
  const before = JSON.stringify(version);
  const wasReleased = version.released;
  if (raw['name'] !== undefined) version.name = String(raw['name']).trim();
  if (raw['description'] !== undefined) version.description = String(raw['description'] ?? '');
  if (typeof raw['released'] === 'boolean') version.released = raw['released'];
  if (typeof raw['archived'] === 'boolean') version.archived = raw['archived'];
  version.startDate = dayOf(raw, 'startDate', version.startDate);
  version.releaseDate = dayOf(raw, 'releaseDate', version.releaseDate);
  if (JSON.stringify(version) === before) return done(version);
  const kind =
    version.released === wasReleased ? 'version-updated' : version.released ? 'version-released' : 'version-unreleased';
  emit(site, { kind, actor, at: site.clock.now(), version: { ...version }, mergedTo: null });
  return done(version);
}

const without = (ids: readonly string[], gone: string, instead: string | null): readonly string[] => {
  const rest = ids.filter((id) => id !== gone);
  return !ids.includes(gone) || instead === null || rest.includes(instead) ? rest : [...rest, instead];
};

/** Takes a version off an issue, or puts another in its place, with a line in its changelog. */
function replaceIn(site: Site, actor: Actor, issue: Issue, gone: string, fix: string | null, affected: string | null): void {
  const nameOf = (id: string): string | null => site.versions.get(id)?.name ?? null;
  const [fixVersions, versions] = [without(issue.fixVersionIds, gone, fix), without(issue.versionIds, gone, affected)];
  const items = [
    ...pairedItems({ name: 'Fix Version', id: 'fixVersions' }, issue.fixVersionIds, fixVersions, nameOf),
    ...pairedItems({ name: 'Version', id: 'versions' }, issue.versionIds, versions, nameOf),
  ];
  if (items.length === 0) return;
  issue.fixVersionIds = fixVersions;
  issue.versionIds = versions;
  const at = site.clock.now();
  const change = recordChange(site, actor, issue, items, at);
  emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_updated' });
}

/** Deletes a version; others may take its place on issues. A merge is a deletion that names the heir in its event. */
export function deleteVersion(
  site: Site,
  actor: Actor,
  version: Version,
  heirs: { readonly fix: string | null; readonly affected: string | null; readonly isMerge: boolean },
): Outcome<null> {
  for (const id of [heirs.fix, heirs.affected]) {
    if (id === null) continue;
    const heir = site.versions.get(id);
    if (heir === undefined || heir === version || heir.projectId !== version.projectId)
      return refuse(400, `The version with id '${id}' is not a valid replacement.`);
  }
  for (const issue of site.issues.values()) {
    if (issue.fixVersionIds.includes(version.id) || issue.versionIds.includes(version.id))
      replaceIn(site, actor, issue, version.id, heirs.fix, heirs.affected);
  }
  site.versions.delete(version.id);
  const heir = heirs.isMerge && heirs.fix !== null ? (site.versions.get(heirs.fix) ?? null) : null;
  emit(site, { kind: 'version-deleted', actor, at: site.clock.now(), version, mergedTo: heir });
  return done(null);
}

/** Puts a version elsewhere in the order of its project: first, last, or right after another. */
export function moveVersion(
  site: Site,
  actor: Actor,
  version: Version,
  where: { readonly after: string } | 'First' | 'Last',
): Outcome<Version> {
  const others = [...site.versions.values()].filter((other) => other !== version);
  const after = typeof where === 'object' ? others.findIndex(({ id }) => id === where.after) : -1;
  if (typeof where === 'object' && after < 0) return refuse(400, 'The version to move after does not exist.');
  const position = typeof where === 'object' ? after + 1 : where === 'First' ? 0 : others.length;
  others.splice(position, 0, version);
  site.versions.clear();
  for (const each of others) site.versions.set(each.id, each);
  emit(site, { kind: 'version-moved', actor, at: site.clock.now(), version: { ...version }, mergedTo: null });
  return done(version);
}

const ASSIGNEE_TYPES = ['PROJECT_DEFAULT', 'COMPONENT_LEAD', 'PROJECT_LEAD', 'UNASSIGNED'] as const;
const assigneeTypeOf = (raw: unknown, otherwise: Component['assigneeType']): Component['assigneeType'] =>
  ASSIGNEE_TYPES.find((type) => type === raw) ?? otherwise;

function componentErrors(site: Site, projectId: string, raw: Raw, component?: Component): Record<string, string> {
  const name = raw['name'] === undefined && component !== undefined ? component.name : String(raw['name'] ?? '').trim();
  if (name === '') return { name: 'The component name specified is invalid - cannot be an empty string.' };
  if (taken(site.components, projectId, name, component))
    return { name: `A component with the name ${name} already exists in this project.` };
  const lead = raw['leadAccountId'];
  return typeof lead === 'string' && lead !== '' && !site.users.has(lead)
    ? { leadAccountId: `The user ${lead} does not exist.` }
    : {};
}

export function createComponent(site: Site, actor: Actor, raw: Raw): Outcome<Component> {
  const place = placeOf(site, actor, raw);
  if (!place.ok) return place;
  const errors = componentErrors(site, place.value.id, raw);
  if (Object.keys(errors).length > 0) return refuseFields(400, errors);
  const lead = raw['leadAccountId'];
  const component: Component = {
    id: nextId(site, 'other'),
    projectId: place.value.id,
    name: String(raw['name']).trim(),
    description: String(raw['description'] ?? ''),
    leadAccountId: typeof lead === 'string' && lead !== '' ? lead : null,
    assigneeType: assigneeTypeOf(raw['assigneeType'], 'PROJECT_DEFAULT'),
  };
  site.components.set(component.id, component);
  return done(component);
}

export function findComponent(site: Site, actor: Actor, id: string, toChange = false): Outcome<Component> {
  const component = site.components.get(id);
  const project = component === undefined ? null : findProject(site, actor.user, component.projectId);
  if (component === undefined || project === null) return refuse(404, `The component with id ${id} does not exist.`);
  return !toChange || permits(actor.user, project, 'ADMINISTER_PROJECTS') ? done(component) : refuse(403, NO_RIGHT);
}

export function updateComponent(site: Site, component: Component, raw: Raw): Outcome<Component> {
  const errors = componentErrors(site, component.projectId, raw, component);
  if (Object.keys(errors).length > 0) return refuseFields(400, errors);
  if (raw['name'] !== undefined) component.name = String(raw['name']).trim();
  if (raw['description'] !== undefined) component.description = String(raw['description'] ?? '');
  const lead = raw['leadAccountId'];
  if (lead !== undefined) component.leadAccountId = typeof lead === 'string' && lead !== '' ? lead : null;
  component.assigneeType = assigneeTypeOf(raw['assigneeType'], component.assigneeType);
  return done(component);
}

/** Deletes a component; another may take its place on issues. */
export function deleteComponent(site: Site, actor: Actor, component: Component, heir: string | null): Outcome<null> {
  if (heir !== null && site.components.get(heir)?.projectId !== component.projectId)
    return refuse(404, `The component with id ${heir} does not exist.`);
  const nameOf = (id: string): string | null => site.components.get(id)?.name ?? null;
  for (const issue of site.issues.values()) {
    const next = without(issue.componentIds, component.id, heir);
    const items = pairedItems({ name: 'Component', id: 'components' }, issue.componentIds, next, nameOf);
    if (items.length === 0) continue;
    issue.componentIds = next;
    const at = site.clock.now();
    const change = recordChange(site, actor, issue, items, at);
    emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_updated' });
  }
  site.components.delete(component.id);
  return done(null);
}
