import type { Site } from '../heart/site.ts';
import { dataCenterUser, nameOf, userNamed } from './people.ts';

/**
 * Between the tongues: the faces of the heart speak Cloud's REST v2, and Data Center's `/rest/api/2` is what that once came
 * from. These functions turn what is said in the one into the other: account ids into names and keys, mentions, and the
 * properties that Data Center never got.
 */

/** Properties that only Cloud's answers have. */
const CLOUD_ALONE = new Set([
  'jsdPublic',
  'jsdAuthorCanSeeRequest',
  'hierarchyLevel',
  'simplified',
  'style',
  'isPrivate',
  'entityId',
  'uuid',
  'fieldId',
  'tmpFromAccountId',
  'tmpToAccountId',
  'statuscategorychangedate',
  'security',
  'isAvailable',
  'isConditional',
  'isGlobal',
  'isInitial',
  'isLooped',
  'hasScreen',
]);
/** Create and edit metadata name their fields by `fieldId` on Data Center too. */
const isFieldMeta = (value: Readonly<Record<string, unknown>>): boolean => 'operations' in value && 'required' in value;
/** What a client stored is handed back untouched: `{ key, value }` and the values by key under `properties`. */
const isProperty = (value: Readonly<Record<string, unknown>>): boolean =>
  'value' in value && 'key' in value && Object.keys(value).length <= 3 && !('name' in value);

const MENTION = /\[~accountid:([^\]]+)\]/g;
const NAME = /\[~(?!accountid:)([^\]]+)\]/g;

const sayText = (site: Site, text: string): string =>
  text.includes('[~accountid:')
    ? text.replaceAll(MENTION, (_whole, id: string) => {
        const user = site.users.get(id);
        return `[~${user === undefined ? id : nameOf(user)}]`;
      })
    : text;

/** Files have addresses outside of REST. */
const sayAttachment = (site: Site, value: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const place = `${String(value['id'])}/${encodeURIComponent(String(value['filename']))}`;
  const { author, thumbnail, mediaApiFileId: _mediaId, ...rest } = value;
  return {
    ...rest,
    author: sayDataCenter(site, author),
    content: `${site.baseUrl}/secure/attachment/${place}`,
    ...(thumbnail === undefined ? {} : { thumbnail: `${site.baseUrl}/secure/thumbnail/${place}` }),
  };
};

function isSaid(record: Readonly<Record<string, unknown>>, key: string, value: unknown): boolean {
  // The comments inside an issue have no address of their own.
  if (key === 'self' && 'comments' in record) return false;
  if (key === 'fieldId') return isFieldMeta(record);
  return !CLOUD_ALONE.has(key) || (key === 'security' && value !== null);
}

function sayRecord(site: Site, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { accountId } = value;
  const user = typeof accountId === 'string' ? site.users.get(accountId) : undefined;
  if (user !== undefined && 'displayName' in value) {
    const { groups, applicationRoles, expand, locale } = value;
    const more = groups === undefined ? {} : { deleted: false, locale, groups, applicationRoles, expand };
    return { ...dataCenterUser(site, user), ...more };
  }
  if (isProperty(value)) return { ...value };
  if ('filename' in value && 'content' in value) return sayAttachment(site, value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => isSaid(value, key, inner))
      .map(([key, inner]) => [key, key === 'properties' ? inner : sayDataCenter(site, inner)]),
  );
}

/** An answer or a webhook's body of Cloud's REST v2 as Data Center words it. */
export function sayDataCenter(site: Site, value: unknown): unknown {
  if (typeof value === 'string') return sayText(site, value);
  if (Array.isArray(value)) return value.map((inner) => sayDataCenter(site, inner));
  if (typeof value === 'object' && value !== null) return sayRecord(site, value as Readonly<Record<string, unknown>>);
  return value;
}

/** Fields that hold a user. */
const isUserField = (site: Site, id: string): boolean =>
  id === 'assignee' || id === 'reporter' || /user/i.test(JSON.stringify(site.customFields.get(id) ?? ''));

const hearText = (site: Site, text: string): string =>
  text.replaceAll(NAME, (whole, name: string) => {
    const user = userNamed(site, name);
    return user === undefined ? whole : `[~accountid:${user.accountId}]`;
  });

/** `{ name }` or `{ key }` as `{ accountId }`. Names of nobody become an id that nobody has, which the heart then refuses. */
export function hearUser(site: Site, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => hearUser(site, inner));
  if (typeof value !== 'object' || value === null) return value;
  const { name, key } = value as { name?: unknown; key?: unknown };
  if (name === null) return null;
  const wanted = name ?? key;
  if (typeof wanted !== 'string') return value;
  if (wanted === '') return null;
  return { accountId: userNamed(site, wanted)?.accountId ?? `nobody:${wanted}` };
}

const hearField = (site: Site, id: string, value: unknown): unknown => {
  if (isUserField(site, id)) return hearUser(site, value);
  return typeof value === 'string' && id !== 'summary' ? hearText(site, value) : value;
};

const hearVerb = (site: Site, id: string, verb: unknown): unknown => {
  if (typeof verb !== 'object' || verb === null) return verb;
  return Object.fromEntries(
    Object.entries(verb).map(([name, operand]) => [
      name,
      id === 'comment' ? hearDataCenter(site, operand) : hearField(site, id, operand),
    ]),
  );
};

/** A request's body as Cloud's REST v2 words it: people in `fields` and `update`, mentions in texts and comment bodies. */
export function hearDataCenter(site: Site, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const heard: Record<string, unknown> = { ...body };
  const { fields, update, body: text, comment, issueUpdates } = heard;
  // A search names the fields it wants to see in a list.
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
    heard['fields'] = Object.fromEntries(Object.entries(fields).map(([id, value]) => [id, hearField(site, id, value)]));
  if (typeof update === 'object' && update !== null) {
    heard['update'] = Object.fromEntries(
      Object.entries(update).map(([id, verbs]) => [
        id,
        Array.isArray(verbs) ? verbs.map((verb) => hearVerb(site, id, verb)) : verbs,
      ]),
    );
  }
  if (typeof text === 'string') heard['body'] = hearText(site, text);
  if (typeof comment === 'string') heard['comment'] = hearText(site, comment);
  if (Array.isArray(issueUpdates)) heard['issueUpdates'] = issueUpdates.map((each) => hearDataCenter(site, each));
  return heard;
}
