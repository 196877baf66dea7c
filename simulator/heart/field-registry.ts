import { contextFor, customRule } from './custom-fields.ts';
import type { FieldRule } from './issue-fields.ts';
import { FIELD_RULES } from './issue-fields.ts';
import { permits } from './permissions.ts';
import type { Issue, Project, Site, User } from './site.ts';
import { parentRule, RESOLUTION_RULE, SYSTEM_RULES } from './system-fields.ts';

/** The system fields whose rules do not depend on the type of the issue. */
const FIXED: ReadonlyMap<string, FieldRule> = new Map([...FIELD_RULES, ...SYSTEM_RULES.map((rule) => [rule.id, rule] as const)]);

/** Where fields are looked at or set. */
export interface Screen {
  readonly operation: 'create' | 'edit' | 'transition';
  readonly project: Project;
  readonly typeId: string;
  /** Absent on create. */
  readonly issue: Issue | null;
  readonly user: User;
  /** The fields of a transition's own screen. */
  readonly only?: readonly string[];
  /** An app that administers the site may set what is on no screen. */
  readonly override?: boolean;
}

/** How a field behaves for items of a type in a project; undefined: there is no such field there. */
export function ruleOf(site: Site, project: Project, typeId: string, id: string): FieldRule | undefined {
  if (id === 'parent') return parentRule(typeId);
  if (id === 'resolution') return RESOLUTION_RULE;
  const fixed = FIXED.get(id);
  if (fixed !== undefined) return fixed;
  const field = site.customFields.get(id);
  if (field === undefined) return undefined;
  const context = contextFor(field, project.id, typeId);
  return field.kind !== undefined && context === null ? undefined : customRule(field, context);
}

/** Whether a screen shows a field. Resolutions are on screens of transitions alone. */
export function isOnScreen(screen: Screen, id: string): boolean {
  const { project, operation, user } = screen;
  if (operation === 'transition') return screen.only === undefined || screen.only.includes(id);
  if (id === 'resolution' || project.hiddenFields.has(id)) return false;
  if (id === 'security' && (project.securityLevelIds.length === 0 || !permits(user, project, 'SET_ISSUE_SECURITY'))) return false;
  return !(operation === 'create' ? project.offCreate : project.offEdit).has(id);
}

/** The rule of a field that may be set here; undefined: not on the screen, or unknown. */
export function settableRule(site: Site, screen: Screen, id: string): FieldRule | undefined {
  const shown = screen.override === true || isOnScreen(screen, id);
  return shown ? ruleOf(site, screen.project, screen.typeId, id) : undefined;
}

/** All rules of a screen, in the order in which metadata lists them. */
export function rulesOf(site: Site, screen: Screen): FieldRule[] {
  const ids = [...FIXED.keys(), 'parent', 'resolution', ...site.customFields.keys()];
  return ids.map((id) => settableRule(site, screen, id)).filter((rule) => rule !== undefined);
}

/** Whether a screen insists on a field. */
export const isRequired = (screen: Screen, rule: FieldRule): boolean => rule.required || screen.project.required.has(rule.id);
