import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CLOUD_ROUTES } from './cloud-server.ts';
import { INACCESSIBLE_ROUTES } from './inaccessible-routes.ts';
import type { Route } from './route.ts';

/**
 * The Connect scope of each operation against Jira's official API documents. These lie beside the project in development and CI,
 * and are absent in a public clone: then there is nothing to check against, and this file says so. In CI their absence is a failure.
 */
const SPECS = new URL('../../../shared/specs/', import.meta.url);

type Operations = Record<string, Record<string, { 'x-atlassian-connect-scope'?: string }>>;

function scopes(): Map<string, string> {
  const all = new Map<string, string>();
  for (const name of ['cloud-v3.json', 'cloud-agile.json']) {
    const { paths } = JSON.parse(readFileSync(new URL(name, SPECS), 'utf8')) as { paths: Operations };
    for (const [path, methods] of Object.entries(paths))
      for (const [method, operation] of Object.entries(methods)) {
        const scope = operation['x-atlassian-connect-scope'];
        if (scope !== undefined) all.set(nameOf(method, path), scope);
      }
  }
  return all;
}

const nameOf = (method: string, path: string): string => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
const nameOfRoute = ({ method, path }: Route): string => nameOf(method, path.startsWith('/rest/') ? path : `/rest/api/3${path}`);

/** Answered without credentials, too: the version of the site, and that the old search is gone. */
const FOR_ANYBODY = new Set(['/serverInfo', '/search']);

describe('Connect scopes', () => {
  if (!existsSync(SPECS)) {
    it('are not checked: ../shared/specs is not here', () => {
      expect(process.env['CI']).not.toBe('true');
    });
    return;
  }
  const official = scopes();

  it('are those of the official document, for every route that it knows', () => {
    const known = CLOUD_ROUTES.filter((route) => official.has(nameOfRoute(route)));
    expect(known.length).toBeGreaterThan(130);
    const wrong = known.filter((route) => official.get(nameOfRoute(route)) !== route.scope && !FOR_ANYBODY.has(route.path));
    expect(wrong.map((route) => `${nameOfRoute(route)}: ${route.scope}, not ${official.get(nameOfRoute(route)) ?? ''}`)).toEqual(
      [],
    );
  });

  it('close to apps what the document closes to them', () => {
    const closed = [...official].filter(([, scope]) => scope === 'INACCESSIBLE').map(([name]) => name);
    expect(INACCESSIBLE_ROUTES.map(nameOfRoute).sort()).toEqual(closed.sort());
  });
});
