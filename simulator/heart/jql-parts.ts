import { optionOf } from './custom-fields.ts';
import { readDuration } from './durations.ts';
import type { CustomField } from './field-config.ts';
import type { JqlOperator } from './jql-parse.ts';
import type { Compiled, JqlTest, Matcher } from './jql-test.ts';
import type { IndexedIssue } from './search-index.ts';
import type { Site, User } from './site.ts';

/** JQL for versions, components, parents, sprints, security, people who follow, time and typed custom fields. */

const NONE: readonly string[] = [];
const termsOf = (issue: IndexedIssue, key: string): readonly string[] => issue.terms?.[key] ?? NONE;
const negative = (operator: JqlOperator): boolean => operator === '!=' || operator === 'not in' || operator === '!~';

/** A list field: is one of its members wanted? An empty one neither equals nor differs. */
const listMatcher =
  (key: string, test: JqlTest, wanted: ReadonlySet<string>): Matcher =>
  (issue) => {
    const values = termsOf(issue, key);
    if (test.operator === 'is' || test.operator === 'is not') return (values.length === 0) === (test.operator === 'is');
    return values.length > 0 && values.some((value) => wanted.has(value)) !== negative(test.operator);
  };

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Ids of the things that a query names, by id or name; a function of JQL names several. */
function wantedIds(
  test: JqlTest,
  all: Iterable<Named>,
  functions: Readonly<Record<string, () => readonly string[]>>,
): ReadonlySet<string> | string {
  const wanted = new Set<string>();
  const things = [...all];
  for (const operand of test.operands) {
    const many = functions[operand.toLowerCase()];
    const found =
      many?.() ??
      things.filter(({ id, name }) => id === operand || name.toLowerCase() === operand.toLowerCase()).map(({ id }) => id);
    if (many === undefined && found.length === 0) return `The value '${operand}' does not exist for the field '${test.field}'.`;
    for (const id of found) wanted.add(id);
  }
  return wanted;
}

const listField =
  (
    key: string,
    all: (site: Site) => Iterable<Named>,
    functions: (site: Site, user: User | null) => Readonly<Record<string, () => readonly string[]>> = () => ({}),
  ) =>
  (site: Site, user: User | null, test: JqlTest): Compiled => {
    const isEmptiness = test.operator === 'is' || test.operator === 'is not';
    const wanted = isEmptiness ? new Set<string>() : wantedIds(test, all(site), functions(site, user));
    return typeof wanted === 'string' ? { ok: false, error: wanted } : { ok: true, matches: listMatcher(key, test, wanted) };
  };

const versionFunctions = (site: Site) => {
  const those = (wanted: (version: { released: boolean; archived: boolean }) => boolean) => () =>
    [...site.versions.values()].filter(wanted).map(({ id }) => id);
  return {
    'releasedversions()': those(({ released, archived }) => released && !archived),
    'unreleasedversions()': those(({ released, archived }) => !released && !archived),
  };
};
const sprintFunctions = (site: Site) => {
  const those = (state: string) => () =>
    [...site.sprints.values()].filter((sprint) => sprint.state === state).map(({ id }) => id);
  return { 'opensprints()': those('active'), 'futuresprints()': those('future'), 'closedsprints()': those('closed') };
};
const people = (site: Site): Named[] =>
  [...site.users.values()].map(({ accountId, displayName }) => ({ id: accountId, name: displayName }));
const self = (_site: Site, user: User | null) => ({ 'currentuser()': () => (user === null ? [] : [user.accountId]) });
const issueNames = (site: Site): Named[] => [...site.issues.values()].map(({ id, key }) => ({ id, name: key }));

function compareNumber(operator: JqlOperator, left: number, right: number): boolean {
  if (operator === '>') return left > right;
  if (operator === '>=') return left >= right;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '!=' ? left !== right : left === right;
}

const numberField =
  (key: string, read: (text: string) => number) =>
  (_site: Site, _user: User | null, test: JqlTest): Compiled => {
    const operand = read(test.operands[0] ?? '');
    const isEmptiness = test.operator === 'is' || test.operator === 'is not';
    if (!isEmptiness && Number.isNaN(operand))
      return { ok: false, error: `The value '${test.operands[0] ?? ''}' is not a number for the field '${test.field}'.` };
    return {
      ok: true,
      matches: (issue) => {
        const value = termsOf(issue, key)[0];
        if (isEmptiness) return (value === undefined) === (test.operator === 'is');
        return value !== undefined && compareNumber(test.operator, Number(value), operand);
      },
    };
  };

const seconds = (text: string): number => readDuration(text) ?? Number.NaN;
const count = (text: string): number => (text === '' ? Number.NaN : Number(text));

const FIELDS: Readonly<Record<string, (site: Site, user: User | null, test: JqlTest) => Compiled>> = {
  fixversion: listField('fixVersion', (site) => site.versions.values(), versionFunctions),
  affectedversion: listField('version', (site) => site.versions.values(), versionFunctions),
  component: listField('component', (site) => site.components.values()),
  level: listField('level', (site) => site.securityLevels.values()),
  sprint: listField('sprint', (site) => site.sprints.values(), sprintFunctions),
  parent: listField('parent', issueNames),
  watcher: listField('watcher', people, self),
  voter: listField('voter', people, self),
  attachments: listField('attachment', () => []),
  votes: numberField('votes', count),
  watchers: numberField('watchers', count),
  originalestimate: numberField('originalEstimate', seconds),
  remainingestimate: numberField('remainingEstimate', seconds),
  timespent: numberField('timeSpent', seconds),
};

/** Values of a custom field are compared by option, account or text; texts by the words they hold. */
function customField(field: CustomField): (site: Site, user: User | null, test: JqlTest) => Compiled {
  if (field.kind === 'gh-sprint') return FIELDS['sprint'] as (site: Site, user: User | null, test: JqlTest) => Compiled;
  if (field.kind === 'float' || field.kind === 'jsw-story-points') return numberField(field.id, count);
  return (_site, user, test) => {
    const options = (field.contexts ?? []).flatMap(({ options: some }) => some).map(({ id, value }) => ({ id, name: value }));
    const wanted = new Set<string>();
    for (const operand of test.operands) {
      const named = options.filter(({ id, name }) => id === operand || name.toLowerCase() === operand.toLowerCase());
      if (options.length > 0 && named.length === 0)
        return { ok: false, error: `The option '${operand}' for field '${field.name}' does not exist.` };
      if (operand.toLowerCase() === 'currentuser()') wanted.add(user?.accountId ?? '');
      for (const { id } of named) wanted.add(id);
      wanted.add(operand);
    }
    if (test.operator !== '~' && test.operator !== '!~') return { ok: true, matches: listMatcher(field.id, test, wanted) };
    const words = (test.operands[0] ?? '').toLowerCase().replaceAll('*', '').split(/\s+/);
    return {
      ok: true,
      matches: (issue) => {
        const text = termsOf(issue, field.id)
          .map((id) => optionOf(field, id)?.value ?? id)
          .join(' ')
          .toLowerCase();
        return words.every((word) => text.includes(word)) !== negative(test.operator);
      },
    };
  };
}

/** How a query compares one of these fields; undefined: it is none of them. Custom ones go by `cf[10010]`, id or name. */
export function partTest(site: Site, name: string): ((site: Site, user: User | null, test: JqlTest) => Compiled) | undefined {
  const known = FIELDS[name];
  if (known !== undefined) return known;
  const number = /^cf\[(\d+)\]$/.exec(name)?.[1];
  const field =
    number === undefined
      ? [...site.customFields.values()].find((candidate) => candidate.id === name || candidate.name.toLowerCase() === name)
      : site.customFields.get(`customfield_${number}`);
  return field?.kind === undefined ? undefined : customField(field);
}
