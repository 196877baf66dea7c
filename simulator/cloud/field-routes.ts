import { customRule, KINDS } from '../heart/custom-fields.ts';
import type { NewOption } from '../heart/field-admin.ts';
import { addContext, addField, addOptions, changeOption, deleteOption } from '../heart/field-admin.ts';
import type { CustomField, FieldContext, FieldKind, FieldOption } from '../heart/field-config.ts';
import type { Outcome } from '../heart/outcome.ts';
import { done, refuse } from '../heart/outcome.ts';
import { optionShape } from '../shapes/custom-field.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, isRecord, listOf, pageOf, recordOf, say, whenOk } from './route.ts';

type Shape = Record<string, unknown>;
const A_PAGE = 50;
const A_PAGE_OF_OPTIONS = 100;

const asAdmin = (request: CloudRequest): Outcome<null> =>
  request.actor.user.siteAdmin || request.actor.through.kind === 'app'
    ? done(null)
    : refuse(403, 'Only Jira administrators can perform this operation.');

const fieldNamed = (request: CloudRequest): Outcome<CustomField> => {
  const field = request.site.customFields.get(request.params['fieldId'] ?? '');
  return field?.contexts === undefined ? refuse(404, 'The custom field was not found.') : done(field);
};

function contextNamed(request: CloudRequest): Outcome<{ field: CustomField; context: FieldContext }> {
  const field = fieldNamed(request);
  if (!field.ok) return field;
  const context = field.value.contexts?.find(({ id }) => id === request.params['contextId']);
  return context === undefined ? refuse(404, 'The custom field context was not found.') : done({ field: field.value, context });
}

const kindOf = (type: unknown): FieldKind | undefined =>
  (Object.keys(KINDS) as FieldKind[]).find((kind) => KINDS[kind].key === type);

function add(request: CloudRequest): CloudAnswer {
  return whenOk(asAdmin(request), () => {
    const { name, type, description } = recordOf(request.body);
    const kind = kindOf(type);
    if (typeof name !== 'string' || name.trim() === '') return say(400, 'The name of the field must be given.');
    if (kind === undefined) return say(400, `The field type '${String(type)}' is not known.`);
    const field = addField(request.site, { name, kind, ...(typeof description === 'string' ? { description } : {}) });
    return answer(201, {
      id: field.id,
      key: field.id,
      name,
      custom: true,
      orderable: true,
      navigable: true,
      searchable: true,
      clauseNames: [`cf[${field.id.replace('customfield_', '')}]`, name],
      schema: customRule(field, null).schema,
    });
  });
}

const search = (request: CloudRequest): CloudAnswer => {
  const text = (request.query['query'] ?? '').toLowerCase();
  const ids = listOf(request.query['id']);
  const found = [...request.site.customFields.values()].filter(
    (field) => field.name.toLowerCase().includes(text) && (ids.length === 0 || ids.includes(field.id)),
  );
  const page = pageOf(request, 'field/search', found, A_PAGE);
  const values = page.values.map((field) => ({
    id: field.id,
    name: field.name,
    description: field.description ?? '',
    schema: customRule(field, null).schema,
  }));
  return answer(200, { ...page, values });
};

const contextShape = (context: FieldContext): Shape => ({
  id: context.id,
  name: context.name,
  description: context.description,
  isGlobalContext: context.projectIds === null,
  isAnyIssueType: context.issueTypeIds === null,
});

const contexts = (request: CloudRequest): CloudAnswer =>
  whenOk(fieldNamed(request), (field) => {
    const page = pageOf(request, `field/${field.id}/context`, field.contexts ?? [], A_PAGE);
    return answer(200, { ...page, values: page.values.map(contextShape) });
  });

const projectMapping = (request: CloudRequest): CloudAnswer =>
  whenOk(fieldNamed(request), (field) => {
    const all = (field.contexts ?? []).flatMap((context): Shape[] =>
      context.projectIds === null
        ? [{ contextId: context.id, isGlobalContext: true }]
        : [...context.projectIds].map((projectId) => ({ contextId: context.id, projectId })),
    );
    return answer(200, pageOf(request, `field/${field.id}/context/projectmapping`, all, A_PAGE));
  });

const typeMapping = (request: CloudRequest): CloudAnswer =>
  whenOk(fieldNamed(request), (field) => {
    const all = (field.contexts ?? []).flatMap((context): Shape[] =>
      context.issueTypeIds === null
        ? [{ contextId: context.id, isAnyIssueType: true }]
        : [...context.issueTypeIds].map((issueTypeId) => ({ contextId: context.id, issueTypeId })),
    );
    return answer(200, pageOf(request, `field/${field.id}/context/issuetypemapping`, all, A_PAGE));
  });

const addNewContext = (request: CloudRequest): CloudAnswer =>
  whenOk(asAdmin(request), () =>
    whenOk(fieldNamed(request), (field) => {
      const raw = recordOf(request.body);
      const [projects, types] = [listOf(raw['projectIds']), listOf(raw['issueTypeIds'])];
      if (typeof raw['name'] !== 'string') return say(400, 'The name of the context must be given.');
      const clash = field.contexts?.some(({ projectIds }) =>
        projects.length === 0 ? projectIds === null : projects.some((id) => projectIds?.has(id) === true),
      );
      if (clash === true) return say(409, 'Another context of the field applies to these projects already.');
      const context = addContext(request.site, field, {
        name: raw['name'],
        description: String(raw['description'] ?? ''),
        projectIds: projects.length === 0 ? null : new Set(projects),
        issueTypeIds: types.length === 0 ? null : new Set(types),
      });
      const { id, name, description } = context;
      return answer(201, { id, name, description, projectIds: projects, issueTypeIds: types });
    }),
  );

const plainOption = (option: FieldOption): Shape => ({
  id: option.id,
  value: option.value,
  disabled: option.disabled,
  ...(option.parentId === null ? {} : { optionId: option.parentId }),
});

const options = (request: CloudRequest): CloudAnswer =>
  whenOk(contextNamed(request), ({ field, context }) => {
    const only = request.query['optionId'];
    const all = context.options.filter(({ id }) => only === undefined || id === only);
    const page = pageOf(request, `field/${field.id}/context/${context.id}/option`, all, A_PAGE_OF_OPTIONS);
    return answer(200, { ...page, values: page.values.map(plainOption) });
  });

const optionsIn = (request: CloudRequest): Readonly<Record<string, unknown>>[] => {
  const list = recordOf(request.body)['options'];
  return Array.isArray(list) ? list.filter(isRecord) : [];
};

const addNewOptions = (request: CloudRequest): CloudAnswer =>
  whenOk(asAdmin(request), () =>
    whenOk(contextNamed(request), ({ context }) => {
      const wanted = optionsIn(request).map(
        (raw): NewOption => ({
          value: String(raw['value'] ?? ''),
          disabled: raw['disabled'] === true,
          parentId: raw['optionId'] === undefined ? null : String(raw['optionId']),
        }),
      );
      return whenOk(addOptions(request.site, context, wanted), (made) => answer(200, { options: made.map(plainOption) }));
    }),
  );

const changeOptions = (request: CloudRequest): CloudAnswer =>
  whenOk(asAdmin(request), () =>
    whenOk(contextNamed(request), ({ context }) => {
      const changed: Shape[] = [];
      for (const raw of optionsIn(request)) {
        const value = typeof raw['value'] === 'string' ? raw['value'] : undefined;
        const disabled = typeof raw['disabled'] === 'boolean' ? raw['disabled'] : undefined;
        const outcome = changeOption(context, { id: String(raw['id'] ?? ''), value, disabled });
        if (!outcome.ok) return whenOk(outcome, () => answer(200));
        changed.push(plainOption(outcome.value));
      }
      return answer(200, { options: changed });
    }),
  );

const removeOption = (request: CloudRequest): CloudAnswer =>
  whenOk(asAdmin(request), () =>
    whenOk(contextNamed(request), ({ field, context }) =>
      whenOk(deleteOption(request.site, field, context, request.params['optionId'] ?? ''), () => answer(204)),
    ),
  );

function option(request: CloudRequest): CloudAnswer {
  for (const field of request.site.customFields.values())
    for (const context of field.contexts ?? []) {
      const found = context.options.find(({ id }) => id === request.params['id']);
      if (found !== undefined) {
        const { self, value } = optionShape(request.site, request.version, found);
        return answer(200, { self, value });
      }
    }
  return say(404, 'A custom field option with this id does not exist.');
}

export const FIELD_ROUTES: readonly Route[] = [
  { method: 'post', path: '/field', scope: 'ADMIN', handle: add },
  { method: 'get', path: '/field/search', scope: 'NONE', handle: search },
  { method: 'get', path: '/customFieldOption/{id}', scope: 'READ', handle: option },
  { method: 'get', path: '/field/{fieldId}/context', scope: 'READ', handle: contexts },
  { method: 'post', path: '/field/{fieldId}/context', scope: 'ADMIN', handle: addNewContext },
  { method: 'get', path: '/field/{fieldId}/context/projectmapping', scope: 'READ', handle: projectMapping },
  { method: 'get', path: '/field/{fieldId}/context/issuetypemapping', scope: 'READ', handle: typeMapping },
  { method: 'get', path: '/field/{fieldId}/context/{contextId}/option', scope: 'READ', handle: options },
  { method: 'post', path: '/field/{fieldId}/context/{contextId}/option', scope: 'ADMIN', handle: addNewOptions },
  { method: 'put', path: '/field/{fieldId}/context/{contextId}/option', scope: 'ADMIN', handle: changeOptions },
  { method: 'delete', path: '/field/{fieldId}/context/{contextId}/option/{optionId}', scope: 'ADMIN', handle: removeOption },
];
