/**
 * Every column that holds sealed texts, so that none is forgotten when master keys change; a test compares with the schema. All are
 * sealed for the `tenant_id` of their row.
 */
export const SEALED_COLUMNS = [
  { table: 'connection', column: 'sealed_secret', key: 'connection_id' },
  { table: 'application_link', column: 'sealed_secret', key: 'application_link_id' },
  { table: 'remote_connection', column: 'sealed_credentials', key: 'connection_id' },
  { table: 'authentication_link', column: 'sealed_attempt', key: 'link_id' },
  { table: 'kept_value', column: 'sealed', key: 'kept_id' },
] as const;

export type SealedColumn = (typeof SEALED_COLUMNS)[number];

/** The one of another kind: a list of what events told, each entry sealed for the site of its side (app/lanes/README.md, L15). */
export const SEALED_LIST = { table: 'lane', column: 'told', key: 'lane_key' } as const;
