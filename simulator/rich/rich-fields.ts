import type { AdfNode } from '../heart/adf.ts';
import { documentOf, paragraphOf } from '../heart/adf.ts';
import { addContext, addField, addOptions } from '../heart/field-admin.ts';
import type { CustomField, FieldKind } from '../heart/field-config.ts';
import type { Project, Site, User } from '../heart/site.ts';
import type { RichSiteName } from './rich-content.ts';
import { settled } from './rich-past.ts';

/** What the values of a rich item name. */
export interface FieldPlace {
  readonly people: readonly User[];
  readonly project: Project;
  readonly sprintId: string;
  /** A day near now, `YYYY-MM-DD`. */
  readonly day: string;
}

interface FieldPlan {
  /** What each site calls it. */
  readonly names: Readonly<Record<RichSiteName, string>>;
  /** What can be chosen; of a cascading field the children stand behind their parent. */
  readonly options?: readonly (readonly [option: string, ...children: string[]])[];
  /** A value as REST takes it. */
  value(place: FieldPlace): unknown;
}

const person = (people: readonly User[], position: number): unknown => ({ accountId: people[position]?.accountId });
const both = (name: string): Record<RichSiteName, string> => ({ acme: name, globex: name });
const text = (value: string): AdfNode => documentOf(paragraphOf(value));

/** A field of every kind. Where the sites call two kinds by one name, mapping by name alone goes wrong. */
export const RICH_FIELDS: Readonly<Record<FieldKind, FieldPlan>> = {
  select: {
    names: { acme: 'Severity', globex: 'Urgency' },
    options: [['Critical'], ['Major'], ['Minor'], ['Trivial']],
    value: () => ({ value: 'Major' }),
  },
  radiobuttons: {
    names: { acme: 'Risk', globex: 'Severity' },
    options: [['High'], ['Medium'], ['Low']],
    value: () => ({ value: 'Medium' }),
  },
  multiselect: {
    names: { acme: 'Browsers', globex: 'Tested in' },
    options: [['Chrome'], ['Firefox'], ['Safari'], ['Edge']],
    value: () => [{ value: 'Chrome' }, { value: 'Safari' }],
  },
  multicheckboxes: {
    names: { acme: 'Checks done', globex: 'Definition of done' },
    options: [['Reviewed'], ['Tested'], ['Documented']],
    value: () => [{ value: 'Reviewed' }, { value: 'Documented' }],
  },
  cascadingselect: {
    names: both('Region'),
    options: [
      ['Europe', 'Norway', 'Spain'],
      ['Asia', 'Japan', 'India'],
    ],
    value: () => ({ value: 'Europe', child: { value: 'Norway' } }),
  },
  float: { names: { acme: 'Affected customers', globex: 'Effort' }, value: () => 17.5 },
  datepicker: { names: both('Target day'), value: ({ day }) => day },
  datetime: { names: { acme: 'Noticed at', globex: 'Deployed at' }, value: ({ day }) => `${day}T08:15:00.000+0100` },
  url: { names: { acme: 'Log', globex: 'Pull request' }, value: () => 'https://logs.example.com/q?id=4711&full=1' },
  userpicker: { names: { acme: 'Account manager', globex: 'Reviewer' }, value: ({ people }) => person(people, 2) },
  multiuserpicker: {
    names: both('Stakeholders'),
    value: ({ people }) => [person(people, 1), person(people, 3)],
  },
  grouppicker: { names: { acme: 'Owning group', globex: 'Maintainers' }, value: () => ({ name: 'support-staff' }) },
  multigrouppicker: {
    names: { acme: 'Groups to tell', globex: 'Informed groups' },
    value: () => [{ name: 'support-staff' }, { name: 'release-managers' }],
  },
  version: { names: both('Found in release'), value: () => ({ name: '2.1' }) },
  multiversion: { names: both('Backports'), value: () => [{ name: '1.0' }, { name: '2.1' }] },
  project: { names: { acme: 'Related project', globex: 'Origin' }, value: ({ project }) => ({ key: project.key }) },
  textfield: { names: { acme: 'Order number', globex: 'Branch' }, value: () => 'N-2026/11 “Ørsted & Søn” <b>' },
  textarea: { names: { acme: 'Workaround', globex: 'Release note' }, value: () => text('Empty the cart and begin again.') },
  labels: { names: { acme: 'Campaigns', globex: 'Topics' }, value: () => ['autumn', 'müller', 'vip'] },
  readonlyfield: { names: both('Imported from'), value: () => 'Helpdesk 4.2, ticket 88213' },
  'gh-sprint': { names: both('Sprint'), value: ({ sprintId }) => Number(sprintId) },
  'jsw-story-points': { names: { acme: 'Story point estimate', globex: 'Affected customers' }, value: () => 5 },
  'atlassian-team': { names: both('Team'), value: () => '36885b3c-1bf0-4f85-a357-c5b858c31de4' },
  'cmdb-object-cftype': {
    names: both('Assets'),
    value: () => [
      { workspaceId: 'f1668d0c-828c-470c-b7d1-8c4f48cd345a', id: 'f1668d0c-828c-470c-b7d1-8c4f48cd345a:88', objectId: '88' },
    ],
  },
};

const KINDS = Object.keys(RICH_FIELDS) as FieldKind[];

function optionsFor(site: Site, field: CustomField, options: FieldPlan['options'] = []): void {
  const context = field.contexts?.[0];
  if (context === undefined) return;
  for (const [value, ...children] of options) {
    const [parent] = settled(addOptions(site, context, [{ value }]));
    settled(
      addOptions(
        site,
        context,
        children.map((child) => ({ value: child, parentId: parent?.id ?? null })),
      ),
    );
  }
}

/** The fields that make trouble of their own. */
export interface RichFields {
  readonly byKind: ReadonlyMap<FieldKind, CustomField>;
  /** Asked for when a bug is made; no other type has it. */
  readonly requiredForBugs: CustomField;
}

/** Bugs of the project choose from a list of their own, with a default and an option nobody may choose any more. */
function addBugContext(site: Site, field: CustomField, project: Project, bugTypeId: string): void {
  const context = addContext(site, field, {
    name: `Bugs of ${project.name}`,
    description: 'Agreed with support',
    projectIds: new Set([project.id]),
    issueTypeIds: new Set([bugTypeId]),
  });
  const [first] = settled(
    addOptions(site, context, [{ value: 'Blocks a customer' }, { value: 'Annoys' }, { value: 'Showstopper', disabled: true }]),
  );
  context.defaultValue = first?.id ?? null;
}

/** Makes the fields of a site, with their contexts and options, and puts them on the screens of a project. */
export function addRichFields(site: Site, name: RichSiteName, project: Project, bugTypeId: string): RichFields {
  const byKind = new Map<FieldKind, CustomField>();
  for (const kind of KINDS) {
    const field = addField(site, { name: RICH_FIELDS[kind].names[name], kind });
    optionsFor(site, field, RICH_FIELDS[kind].options);
    byKind.set(kind, field);
    if (kind === 'select') addBugContext(site, field, project, bugTypeId);
    if (kind === 'datetime') project.offEdit.add(field.id);
  }
  // A second field of the same name, of another kind: which one is meant, a name cannot say.
  optionsFor(site, addField(site, { name: 'Region', kind: 'select' }), [['North'], ['South']]);
  const requiredForBugs = addField(site, { name: 'Customer impact', kind: 'textfield' });
  const [context] = requiredForBugs.contexts ?? [];
  if (context !== undefined) {
    context.projectIds = new Set([project.id]);
    context.issueTypeIds = new Set([bugTypeId]);
  }
  project.required.add(requiredForBugs.id);
  return { byKind, requiredForBugs };
}

/** A value for a field of every kind, by field id. */
export const everyFieldOf = (fields: RichFields, place: FieldPlace): Record<string, unknown> =>
  Object.fromEntries([...fields.byKind].map(([kind, field]) => [field.id, RICH_FIELDS[kind].value(place)]));
