import { contextFor } from '../heart/custom-fields.ts';
import type { FieldOption } from '../heart/field-config.ts';
import type { Screen } from '../heart/field-registry.ts';
import { isRequired, rulesOf } from '../heart/field-registry.ts';
import type { FieldRule } from '../heart/issue-fields.ts';
import type { Project } from '../heart/site.ts';
import { optionShape } from '../shapes/custom-field.ts';
import { componentReference, versionReference } from '../shapes/planning.ts';
import { issueTypeShape, priorityShape, resolutionShape, securityLevelShape, typesOf } from '../shapes/scheme.ts';
import type { CloudRequest } from './route.ts';

type Shape = Record<string, unknown>;

const SYSTEM_VALUES: Readonly<Record<string, (request: CloudRequest, project: Project) => Shape[]>> = {
  priority: ({ site, version }) => [...site.priorities.values()].map((each) => priorityShape(site, version, each)),
  issuetype: ({ site, version }, project) => typesOf(site, project).map((each) => issueTypeShape(site, version, each)),
  resolution: ({ site, version }) => [...site.resolutions.values()].map((each) => resolutionShape(site, version, each)),
  security: ({ site, version }, project) =>
    project.securityLevelIds
      .map((id) => site.securityLevels.get(id))
      .filter((level) => level !== undefined)
      .map((level) => securityLevelShape(site, version, level)),
  components: ({ site, version }, project) =>
    [...site.components.values()]
      .filter(({ projectId }) => projectId === project.id)
      .map((each) => componentReference(site, version, each)),
  fixVersions: (request, project) => openVersions(request, project),
  versions: (request, project) => openVersions(request, project),
};

/** Archived versions cannot be chosen. */
const openVersions = ({ site, version }: CloudRequest, project: Project): Shape[] =>
  [...site.versions.values()]
    .filter((each) => each.projectId === project.id && !each.archived)
    .map((each) => versionReference(site, version, each));

function optionTree(request: CloudRequest, options: readonly FieldOption[], parentId: string | null): Shape[] {
  return options
    .filter((option) => option.parentId === parentId && !option.disabled)
    .map((option) => {
      const children = optionTree(request, options, option.id);
      return { ...optionShape(request.site, request.version, option), ...(children.length === 0 ? {} : { children }) };
    });
}

function allowedValues(request: CloudRequest, screen: Screen, rule: FieldRule): Shape[] | null {
  const system = SYSTEM_VALUES[rule.id];
  if (system !== undefined) return system(request, screen.project);
  const field = request.site.customFields.get(rule.id);
  if (field?.kind === undefined) return null;
  if (field.kind === 'version' || field.kind === 'multiversion') return openVersions(request, screen.project);
  const options = contextFor(field, screen.project.id, screen.typeId)?.options ?? [];
  return rule.schema.type.startsWith('option') || rule.schema.items === 'option' ? optionTree(request, options, null) : null;
}

/** The fields of a screen, as create and edit metadata and the screens of transitions list them. */
export const fieldMetadata = (request: CloudRequest, screen: Screen): (Shape & { readonly fieldId: string })[] =>
  rulesOf(request.site, screen).map((rule) => {
    const values = allowedValues(request, screen, rule);
    const field = request.site.customFields.get(rule.id);
    const preset = field === undefined ? null : (contextFor(field, screen.project.id, screen.typeId)?.defaultValue ?? null);
    return {
      required:
        isRequired(screen, rule) || (rule.id === 'parent' && request.site.issueTypes.get(screen.typeId)?.subtask === true),
      schema: rule.schema,
      name: rule.name,
      key: rule.id,
      fieldId: rule.id,
      hasDefaultValue: rule.id === 'priority' || preset !== null,
      operations: rule.operations,
      ...(values === null ? {} : { allowedValues: values }),
    };
  });
