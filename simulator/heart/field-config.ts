/** What a custom field holds; the words are the ends of Jira's own type keys. */
export type FieldKind =
  | 'select'
  | 'radiobuttons'
  | 'multiselect'
  | 'multicheckboxes'
  | 'cascadingselect'
  | 'float'
  | 'datepicker'
  | 'datetime'
  | 'url'
  | 'userpicker'
  | 'multiuserpicker'
  | 'grouppicker'
  | 'multigrouppicker'
  | 'version'
  | 'multiversion'
  | 'project'
  | 'textfield'
  | 'textarea'
  | 'labels'
  | 'readonlyfield'
  | 'gh-sprint'
  | 'jsw-story-points'
  | 'atlassian-team'
  | 'cmdb-object-cftype';

/** With the one that Jira makes itself, beside the first service desk: Customer Request Type. */
export type AnyFieldKind = FieldKind | 'vp-origin';

/** One choice. Options of a cascading field have a parent, or are parents. */
export interface FieldOption {
  readonly id: string;
  value: string;
  disabled: boolean;
  readonly parentId: string | null;
}

/** Where a field applies and what can be chosen there. Null: everywhere. */
export interface FieldContext {
  readonly id: string;
  name: string;
  description: string;
  projectIds: ReadonlySet<string> | null;
  issueTypeIds: ReadonlySet<string> | null;
  readonly options: FieldOption[];
  /** In the form in which an issue keeps a value. */
  defaultValue: unknown;
}

/**
 * A field that is not one of the named ones of an issue. Without a kind it was met in a recorded payload, or made by a test, and
 * takes any JSON.
 */
export interface CustomField {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly kind?: AnyFieldKind;
  readonly contexts?: FieldContext[];
}
