import { findIssue } from '../heart/find-issue.ts';
import type { Outcome } from '../heart/outcome.ts';
import { done, refuse } from '../heart/outcome.ts';
import { deleteProperty, setProperty } from '../heart/properties.ts';
import { commentProperties } from './comment-routes.ts';
import type { CloudAnswer, CloudRequest, Route, Scope } from './route.ts';
import { answer, say, whenOk } from './route.ts';
import { worklogProperties } from './worklog-routes.ts';

/** Jira's limits of an entity property. */
const MAX_KEY = 255;
const MAX_VALUE = 32_768;

type Owner = (request: CloudRequest) => Outcome<Properties>;
/** What the routes need of a map; issues tell of what happens to theirs. */
interface Properties {
  readonly keys: () => Iterable<string>;
  readonly has: (key: string) => boolean;
  readonly get: (key: string) => unknown;
  readonly set: (key: string, value: unknown) => unknown;
  readonly delete: (key: string) => boolean;
}

const list =
  (owner: Owner, path: (request: CloudRequest) => string) =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(owner(request), (properties) =>
      answer(200, {
        keys: [...properties.keys()].map((key) => ({ self: `${request.site.baseUrl}${path(request)}/${key}`, key })),
      }),
    );

const read =
  (owner: Owner) =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(owner(request), (properties) => {
      const key = request.params['propertyKey'] ?? '';
      if (!properties.has(key)) return say(404, `The property with key '${key}' does not exist.`);
      return answer(200, { key, value: properties.get(key) });
    });

const write =
  (owner: Owner) =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(owner(request), (properties) => {
      const key = request.params['propertyKey'] ?? '';
      if (key.length > MAX_KEY) return say(400, `The property key must be at most ${MAX_KEY} characters.`);
      if (request.body === undefined) return say(400, 'The property value is not valid JSON.');
      if (JSON.stringify(request.body).length > MAX_VALUE)
        return say(400, `The property value cannot be longer than ${MAX_VALUE} characters.`);
      const status = properties.has(key) ? 200 : 201;
      properties.set(key, request.body);
      return answer(status);
    });

const remove =
  (owner: Owner) =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(owner(request), (properties) => {
      const key = request.params['propertyKey'] ?? '';
      return properties.delete(key) ? answer(204) : say(404, `The property with key '${key}' does not exist.`);
    });

const routesOf = (
  base: string,
  owner: Owner,
  scopes: { readonly read?: Scope; readonly write: Scope; readonly remove: Scope },
): Route[] => {
  const path = (request: CloudRequest): string =>
    (base.startsWith('/rest/') ? base : `/rest/api/${request.version}${base}`).replaceAll(
      /\{(\w+)\}/g,
      (_whole, name: string) => request.params[name] ?? '',
    );
  return [
    { method: 'get', path: base, scope: scopes.read ?? 'READ', handle: list(owner, path) },
    { method: 'get', path: `${base}/{propertyKey}`, scope: scopes.read ?? 'READ', handle: read(owner) },
    { method: 'put', path: `${base}/{propertyKey}`, scope: scopes.write, handle: write(owner) },
    { method: 'delete', path: `${base}/{propertyKey}`, scope: scopes.remove, handle: remove(owner) },
  ];
};

const issueProperties: Owner = (request) => {
  const issue = findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? '');
  if (!issue.ok) return issue;
  const { properties } = issue.value;
  return done({
    keys: () => properties.keys(),
    has: (key) => properties.has(key),
    get: (key) => properties.get(key),
    set: (key, value) => setProperty(request.site, request.actor, issue.value, key, value),
    delete: (key) => deleteProperty(request.site, request.actor, issue.value, key),
  });
};

/** An app may see its own properties only. */
const addonProperties: Owner = (request) => {
  const appKey = request.params['addonKey'] ?? '';
  const installation = request.connect.installations.get(appKey);
  const { through } = request.actor;
  if (installation === undefined || through.kind !== 'app' || through.appKey !== appKey)
    return refuse(404, `Add-on with key '${appKey}' does not exist or is not yours.`);
  return done(installation.properties);
};

export const PROPERTY_ROUTES: readonly Route[] = [
  ...routesOf('/issue/{issueIdOrKey}/properties', issueProperties, { write: 'WRITE', remove: 'DELETE' }),
  ...routesOf('/issue/{issueIdOrKey}/worklog/{worklogId}/properties', worklogProperties, { write: 'WRITE', remove: 'DELETE' }),
  ...routesOf('/comment/{commentId}/properties', commentProperties, { write: 'WRITE', remove: 'DELETE' }),
  ...routesOf('/rest/atlassian-connect/1/addons/{addonKey}/properties', addonProperties, {
    read: 'NONE',
    write: 'NONE',
    remove: 'NONE',
  }),
];
