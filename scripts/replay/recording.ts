import path from 'node:path';

/** Parsed JSON of unknown shape. */
export type Json = Readonly<Record<string, unknown>>;

/** What a space is to offer, as the simulated site's control API takes it. */
export interface SpacePlan {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly types: readonly {
    readonly id: string;
    readonly name: string;
    readonly subtask: boolean;
    readonly statusIds: readonly string[];
  }[];
  readonly statuses: readonly { readonly id: string; readonly name: string; readonly category: StatusCategory }[];
  readonly priorities: readonly { readonly id: string; readonly name: string }[];
}
type StatusCategory = 'new' | 'indeterminate' | 'done';

/** The item of a recording: its state right before the event and right after; null where it was not (yet, or any more) in the space. */
export interface RecordedItem {
  readonly id: string;
  readonly key: string;
  readonly space: SpacePlan;
  readonly before: Json | null;
  readonly after: Json | null;
  /** What the recording does not show and was made up, as sentences. */
  readonly madeUp: readonly string[];
}

export interface Recording {
  readonly name: string;
  /** The body as recorded, byte for byte. */
  readonly body: string;
  readonly event: string;
  /** Null when the event names no item. */
  readonly item: RecordedItem | null;
  /** Names of the fields that the changelog says were changed. */
  readonly changed: readonly string[];
}

/** Where an item is put whose recording does not say where it was. */
const PLAIN = {
  summary: 'An item that the recording does not show',
  priority: { id: '3', name: 'Medium' },
  project: { id: '990000', key: 'PLAIN', name: 'Plain space' },
  issuetype: { id: '990001', name: 'Task' },
  status: { id: '990002', name: 'To Do' },
};

export const asJson = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const asText = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;

/** Reads a recorded webhook body of any kind; what cannot be made out is left out, nothing is refused. */
export function readRecording(file: string, body: string): Recording {
  const parsed = parse(body);
  const event = asText(parsed?.['webhookEvent']) ?? 'unknown';
  const changelog = asList(asJson(parsed?.['changelog'])?.['items'])
    .map(asJson)
    .filter((item) => item !== null);
  return {
    name: path.basename(file, '.json'),
    body,
    event,
    item: parsed === null || !/^(jira:issue_|comment_)/.test(event) ? null : readItem(parsed, event, changelog),
    changed: event === 'jira:issue_updated' ? changelog.map((item) => asText(item['field']) ?? 'a field without a name') : [],
  };
}

/** Text that is no JSON is a recording too: it is sent as it stands. */
function parse(body: string): Json | null {
  try {
    return asJson(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function readItem(body: Json, event: string, changelog: readonly Json[]): RecordedItem | null {
  const issue = asJson(body['issue']);
  const address = asText(asJson(body['comment'])?.['self']) ?? '';
  const id = asText(issue?.['id']) ?? /\/issue\/(\d+)\/comment\//.exec(address)?.[1] ?? null;
  if (id === null || !/^\d{1,19}$/.test(id)) return null;
  const recorded = asJson(issue?.['fields']) ?? {};
  const place = placeOf(recorded);
  // Jira has no item without a summary; what other fields the recording leaves out, the plain item has.
  const shown: Json = { priority: PLAIN.priority, ...recorded, ...place, summary: asText(recorded['summary']) ?? PLAIN.summary };
  const { before, after } = states(shown, body, event, changelog);
  return {
    id,
    key: itemKey(issue, place.project.key),
    space: spaceOf(
      place,
      [before, after, shown].filter((state) => state !== null),
    ),
    before,
    after,
    madeUp: [
      ...(issue === null ? ['The recording does not show the item, so a plain one stands in its place.'] : []),
      ...(issue !== null && asJson(recorded['project']) === null
        ? ['The recording does not name the space, so a plain one stands in its place.']
        : []),
    ],
  };
}

const itemKey = (issue: Json | null, projectKey: string): string => {
  const key = asText(issue?.['key']);
  return key !== null && /^[A-Z][A-Z0-9_]*-\d+$/.test(key) ? key : `${projectKey}-1`;
};

interface Named {
  readonly id: string;
  readonly name: string;
}

const named = (value: unknown, otherwise: Named) => {
  const json = asJson(value) ?? {};
  const id = asText(json['id']);
  return id === null ? { ...otherwise } : { ...json, id, name: asText(json['name']) ?? id };
};

function placeOf(fields: Json) {
  const project = named(fields['project'], PLAIN.project);
  return {
    project: { id: project.id, key: asText(asJson(project)?.['key']) ?? PLAIN.project.key, name: project.name },
    issuetype: named(fields['issuetype'], PLAIN.issuetype),
    status: named(fields['status'], PLAIN.status),
  };
}

/** The item before and after, as far as the body and its changelog tell. */
function states(shown: Json, body: Json, event: string, changelog: readonly Json[]): { before: Json | null; after: Json | null } {
  const comments = commentStates(shown, body, event);
  const withComments = (list: readonly Json[] | null): Json =>
    list === null ? shown : { ...shown, comment: { comments: list } };
  if (event === 'jira:issue_deleted') return { before: earlier(shown), after: null };
  if (event === 'jira:issue_created') return { before: null, after: shown };
  if (comments !== null) return { before: earlier(withComments(comments.before)), after: withComments(comments.after) };
  const arrived = changelog.some((item) => ['key', 'project'].includes(fieldOf(item)));
  const valuesOf = (end: 'from' | 'to'): Json => Object.assign({}, ...changelog.map((item) => changedValue(item, end)));
  return { before: arrived ? null : earlier({ ...shown, ...valuesOf('from') }), after: { ...shown, ...valuesOf('to') } };
}

const fieldOf = (item: Json): string => (asText(item['fieldId']) ?? asText(item['field']) ?? '').toLowerCase();

/** One end of one changelog item as a field of the item; nothing for fields whose value the changelog does not hold whole. */
function changedValue(item: Json, end: 'from' | 'to'): Json {
  const id = asText(item[end]);
  // `toString` is on every object; only the changelog's own counts.
  const text = Object.hasOwn(item, `${end}String`) ? asText(item[`${end}String`]) : null;
  const field = fieldOf(item);
  switch (field) {
    case 'summary':
      return { summary: text ?? '' };
    case 'description':
      return { description: text };
    case 'labels':
      return { labels: (text ?? '').split(' ').filter((label) => label !== '') };
    case 'duedate':
      return { duedate: id };
    case 'priority':
    case 'resolution':
      return { [field]: id === null ? null : { id, name: text ?? id } };
    case 'status':
    case 'issuetype':
      return id === null ? {} : { [field]: { id, name: text ?? id } };
    default:
      return {};
  }
}

/** The event itself set `updated`: before it the item was last changed some time ago. Tandem takes an event as old as its last look for seen. */
function earlier(shown: Json): Json {
  const updated = Date.parse(asText(shown['updated']) ?? '');
  return Number.isNaN(updated) ? shown : { ...shown, updated: new Date(updated - 60_000).toISOString() };
}

/** The comments before and after a comment event; null when the event is about something else. */
function commentStates(shown: Json, body: Json, event: string): { before: readonly Json[]; after: readonly Json[] } | null {
  const kind = commentChange(body, event);
  if (kind === null) return null;
  const comment = asJson(body['comment']) ?? { id: '990003', body: 'The recording does not show this comment.' };
  const listed = asList(asJson(shown['comment'])?.['comments'])
    .map(asJson)
    .filter((entry) => entry !== null);
  const others = listed.filter((entry) => asText(entry['id']) !== asText(comment['id']));
  const earlier = { ...comment, body: 'What the comment said before is not in the recording.' };
  if (kind === 'created') return { before: others, after: [...others, comment] };
  if (kind === 'deleted') return { before: [...others, comment], after: others };
  return { before: [...others, earlier], after: [...others, comment] };
}

function commentChange(body: Json, event: string): 'created' | 'edited' | 'deleted' | null {
  const type = asText(body['issue_event_type_name']);
  if (event === 'comment_created' || type === 'issue_commented') return 'created';
  if (event === 'comment_updated' || type === 'issue_comment_edited') return 'edited';
  if (event === 'comment_deleted' || type === 'issue_comment_deleted') return 'deleted';
  const comment = asJson(body['comment']);
  if (event !== 'jira:issue_updated' || comment === null || asJson(body['changelog']) !== null) return null;
  // Old servers do not say what happened to the comment; its times do.
  return comment['created'] === comment['updated'] ? 'created' : 'edited';
}

const categoryOf = (status: Json): StatusCategory => {
  const key = asJson(status['statusCategory'])?.['key'];
  return key === 'done' || key === 'indeterminate' ? key : 'new';
};

/** A space in which all given states of the item are possible. */
function spaceOf({ project }: ReturnType<typeof placeOf>, states: readonly Json[]): SpacePlan {
  const each = <T>(field: string, make: (value: Json & Named) => T): T[] => {
    const found = new Map<string, T>();
    for (const state of states) {
      const value = asJson(state[field]);
      const id = asText(value?.['id']);
      if (value !== null && id !== null && !found.has(id))
        found.set(id, make({ ...value, id, name: asText(value['name']) ?? id }));
    }
    return [...found.values()];
  };
  const statuses = each('status', (status) => ({ id: status.id, name: status.name, category: categoryOf(status) }));
  const statusIds = statuses.map(({ id }) => id);
  return {
    ...project,
    types: each('issuetype', (type) => ({ id: type.id, name: type.name, subtask: type['subtask'] === true, statusIds })),
    statuses,
    priorities: each('priority', ({ id, name }) => ({ id, name })),
  };
}
