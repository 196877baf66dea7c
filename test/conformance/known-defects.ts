import { type Json, jsonOf } from './json-schema.ts';

/** The official documents, by the names of their files in ../shared/specs. */
export type DocumentName = 'cloud-v3' | 'cloud-v2' | 'cloud-agile' | 'dc';

/** Where the official documents are wrong or behind what Jira does, each with how it is known. Nothing else is forgiven. */

export interface SchemaDefect {
  readonly documents: readonly DocumentName[];
  readonly schema: string;
  /** Puts it right. */
  readonly amend: (schema: Json) => void;
  readonly reason: string;
}

/** An answer that the document gives the type of one item, where a list of such items comes. */
export interface ListDefect {
  readonly documents: readonly DocumentName[];
  readonly operations: readonly string[];
  readonly reason: string;
}

/** A status that operations answer with although their document does not list it. */
export interface StatusDefect {
  readonly documents: readonly DocumentName[];
  /** `GET /rest/api/3/issue/{issueIdOrKey}`; null: every operation. */
  readonly operation: string | null;
  readonly status: number;
  readonly reason: string;
}

const property = (schema: Json, name: string): Json => jsonOf(jsonOf(schema['properties'])[name]);
const nullable =
  (...names: string[]) =>
  (schema: Json): void => {
    for (const name of names) property(schema, name)['nullable'] = true;
  };
const open = (schema: Json): void => {
  delete schema['additionalProperties'];
};

const CLOUD: readonly DocumentName[] = ['cloud-v3', 'cloud-v2'];
const ALL: readonly DocumentName[] = ['cloud-v3', 'cloud-v2', 'cloud-agile', 'dc'];

export const SCHEMA_DEFECTS: readonly SchemaDefect[] = [
  {
    documents: CLOUD,
    schema: 'ChangeDetails',
    amend: nullable('from', 'fromString', 'to', 'toString'),
    reason:
      'A value set for the first time, or taken away, is null on the empty side: recorded in ../shared/payloads/webhooks-cloud.',
  },
  {
    documents: ['cloud-v2'],
    schema: 'SearchAndReconcileResults',
    amend: open,
    reason: 'This copy of the v2 document is older than `isLast` in search answers, which the v3 one has.',
  },
  {
    documents: CLOUD,
    schema: 'ServerInformation',
    amend: open,
    reason:
      'The document closes the object without `defaultLocale`, which is recorded: ../shared/payloads/api-cloud/ankit-serverinfo.json.',
  },
  ...['Webhook', 'WebhooksExpirationDate'].map((schema) => ({
    documents: CLOUD,
    schema,
    amend: (given: Json): void => {
      const date = property(given, 'expirationDate');
      date['type'] = 'string';
    },
    reason: 'Typed as a number; the examples beside it show a date as text.',
  })),
  {
    documents: ['dc'],
    schema: 'ChangeItemBean',
    amend: nullable('from', 'fromString', 'to', 'toString'),
    reason: 'As on Cloud: null on the empty side, recorded in ../shared/payloads/webhooks-server.',
  },
  {
    documents: ['dc'],
    schema: 'IssueBean',
    amend: (schema) => {
      property(schema, 'fields')['additionalProperties'] = true;
    },
    reason: 'Fields are typed as objects, and yet the example beside it shows texts, numbers and lists.',
  },
  {
    documents: ['dc'],
    schema: 'EntityPropertyBean',
    amend: (schema) => {
      jsonOf(schema['properties'])['value'] = {};
    },
    reason: 'The value of a property is any JSON; the document shows that JSON as text.',
  },
];

export const LIST_DEFECTS: readonly ListDefect[] = [
  {
    documents: ['dc'],
    operations: [
      '/user/search',
      '/user/assignable/search',
      '/user/assignable/multiProjectSearch',
      '/user/permission/search',
      '/user/viewissue/search',
      '/project',
      '/project/type',
      '/project/{projectIdOrKey}/statuses',
      '/project/{projectIdOrKey}/components',
      '/project/{projectIdOrKey}/versions',
      '/projectCategory',
      '/priority',
      '/status',
      '/statuscategory',
      '/resolution',
      '/issuetype',
      '/field',
      '/role',
      '/issue/{issueIdOrKey}/remotelink',
    ]
      .map((path) => `GET /rest/api/2${path}`)
      .concat('POST /rest/api/2/issue/{issueIdOrKey}/attachments'),
    reason:
      'The summaries say "list"; the generator of the document put the type of the item. Recorded lists: ../shared/payloads/api-server.',
  },
];

export const STATUS_DEFECTS: readonly StatusDefect[] = [
  ...[401, 403, 404, 429, 500, 502, 503, 504].map((status) => ({
    documents: ALL,
    operation: null,
    status,
    reason: 'Said by the platform before an operation is reached: wrong token, missing scope or right, hidden, limits, faults.',
  })),
];
