import { emit } from './record.ts';
import type { Actor, Issue, Site } from './site.ts';

/** Sets an entity property of an issue and tells of it. Neither the changelog nor `updated` does. Returns whether it is new. */
export function setProperty(site: Site, actor: Actor, issue: Issue, key: string, value: unknown): boolean {
  const isNew = !issue.properties.has(key);
  issue.properties.set(key, value);
  emit(site, { kind: 'property-set', actor, at: site.clock.now(), issue, key, value });
  return isNew;
}

/** Takes an entity property away. Returns whether there was one. */
export function deleteProperty(site: Site, actor: Actor, issue: Issue, key: string): boolean {
  const value = issue.properties.get(key);
  if (!issue.properties.delete(key)) return false;
  emit(site, { kind: 'property-deleted', actor, at: site.clock.now(), issue, key, value });
  return true;
}
