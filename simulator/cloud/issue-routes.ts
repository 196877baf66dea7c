import { createIssue } from '../heart/create-issue.ts';
import { availableTransitions, deleteIssue, editIssue, transitionIssue } from '../heart/edit-issue.ts';
import { findIssue, projectOf } from '../heart/find-issue.ts';
import { permits } from '../heart/permissions.ts';
import type { Issue, Transition } from '../heart/site.ts';
import type { IssueView } from '../shapes/issue.ts';
import { changeShape, issueShape } from '../shapes/issue.ts';
import { apiUrl } from '../shapes/people.ts';
import { statusShape } from '../shapes/scheme.ts';
import { fieldMetadata } from './field-metadata.ts';
import { overrides, overridesInVain } from './overrides.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, isRecord, listOf, pageOf, propertiesOf, recordOf, say, whenOk } from './route.ts';

/** Jira takes no more than this in one bulk call. */
const BULK_CREATE = 50;
const BULK_FETCH = 100;

const named = (request: CloudRequest) => findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? '');
const viewOf = (source: Readonly<Record<string, unknown>>, fields: string): IssueView => ({
  fields: source['fields'] === undefined ? [fields] : listOf(source['fields']),
  properties: listOf(source['properties']),
  expand: new Set(listOf(source['expand'])),
});
const shown = (request: CloudRequest, issue: Issue, view: IssueView): Record<string, unknown> => ({
  ...issueShape(request.site, request.version, issue, view, request.actor.user),
  ...(view.expand.has('transitions') ? { transitions: transitionList(request, issue, false) } : {}),
});

const inputOf = (body: unknown) => {
  const source = recordOf(body);
  return {
    fields: recordOf(source['fields']),
    update: recordOf(source['update']),
    properties: propertiesOf(source['properties']),
  };
};

const reference = (request: CloudRequest, issue: Issue): Record<string, unknown> => ({
  id: issue.id,
  key: issue.key,
  self: apiUrl(request.site, request.version, `issue/${issue.id}`),
});

const read = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), (issue) =>
    answer(200, shown(request, issue, viewOf(request.query, '*all')), { returned: 1, issueId: issue.id }),
  );

const create = (request: CloudRequest): CloudAnswer =>
  whenOk(createIssue(request.site, request.actor, inputOf(request.body), request.format), (issue) =>
    answer(201, reference(request, issue), { issueId: issue.id }),
  );

function createMany(request: CloudRequest): CloudAnswer {
  const updates = recordOf(request.body)['issueUpdates'];
  if (!Array.isArray(updates) || updates.length === 0) return say(400, 'No issues were given.');
  if (updates.length > BULK_CREATE) return say(400, `You can create at most ${BULK_CREATE} issues in one request.`);
  const issues: Record<string, unknown>[] = [];
  const errors: Record<string, unknown>[] = [];
  for (const [position, update] of updates.entries()) {
    const outcome = createIssue(request.site, request.actor, inputOf(update), request.format);
    if (outcome.ok) issues.push(reference(request, outcome.value));
    else {
      const { status, errorMessages, errors: byField } = outcome.refusal;
      errors.push({ status, elementErrors: { errorMessages, errors: byField }, failedElementNumber: position });
    }
  }
  return answer(issues.length > 0 ? 201 : 400, { issues, errors }, { made: issues.length });
}

const edit = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), (issue) => {
    if (overridesInVain(request))
      return say(403, 'Only app users with the Administer Jira permission can override screen security or the editable flag.');
    const input = { ...inputOf(request.body), override: overrides(request) };
    return whenOk(editIssue(request.site, request.actor, issue, input, request.format), () =>
      request.query['returnIssue'] === 'true'
        ? answer(200, shown(request, issue, viewOf(request.query, '*all')), { issueId: issue.id })
        : answer(204, undefined, { issueId: issue.id }),
    );
  });

const remove = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), (issue) =>
    whenOk(deleteIssue(request.site, request.actor, issue, request.query['deleteSubtasks'] === 'true'), () =>
      answer(204, undefined, { issueId: issue.id }),
    ),
  );

function fetchMany(request: CloudRequest): CloudAnswer {
  const body = recordOf(request.body);
  const asked = listOf(body['issueIdsOrKeys']);
  if (asked.length > BULK_FETCH) return say(400, `The maximum number of issues that can be fetched is ${BULK_FETCH}.`);
  const view = viewOf(body, '*navigable');
  const found = new Map<string, Issue>();
  for (const idOrKey of asked) {
    const outcome = findIssue(request.site, request.actor.user, idOrKey);
    // Issues not found or not visible are left out without a word; `issueErrors` is for those that failed to load.
    if (outcome.ok) found.set(outcome.value.id, outcome.value);
  }
  const issues = [...found.values()]
    .sort((left, right) => Number(left.id) - Number(right.id))
    .map((issue) => shown(request, issue, view));
  return answer(200, { issueErrors: [], issues }, { returned: issues.length });
}

/** The fields on the screen of a transition, by id; its workflow may insist on some. */
function transitionFields(request: CloudRequest, issue: Issue, transition: Transition): Record<string, unknown> {
  const { screen: only = [], required = [] } = transition.rules ?? {};
  const project = projectOf(request.site, issue);
  const screen = { operation: 'transition' as const, project, typeId: issue.typeId, issue, user: request.actor.user, only };
  return Object.fromEntries(
    fieldMetadata(request, screen).map(({ fieldId, ...field }) => [
      fieldId,
      { ...field, required: field['required'] === true || required.includes(fieldId) },
    ]),
  );
}

/** What the actor may do with the status of an issue now. */
function transitionList(request: CloudRequest, issue: Issue, withFields: boolean): readonly Record<string, unknown>[] {
  const allowed = permits(request.actor.user, projectOf(request.site, issue), 'TRANSITION_ISSUES');
  return (allowed ? availableTransitions(request.site, issue, request.actor.user) : []).map((transition) => {
    const to = request.site.statuses.get(transition.to);
    return {
      id: transition.id,
      name: transition.name,
      to: to === undefined ? null : statusShape(request.site, request.version, to),
      hasScreen: transition.rules?.screen !== undefined,
      isGlobal: transition.from === null,
      isInitial: false,
      isAvailable: true,
      isConditional: transition.rules?.conditions !== undefined,
      isLooped: false,
      ...(withFields ? { fields: transitionFields(request, issue, transition) } : {}),
    };
  });
}

const transitions = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), (issue) => {
    const withFields = (request.query['expand'] ?? '').includes('transitions.fields');
    const list = transitionList(request, issue, withFields);
    return answer(200, { expand: 'transitions', transitions: list }, { returned: 1, issueId: issue.id });
  });

const transition = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), (issue) => {
    const wanted = recordOf(request.body)['transition'];
    if (!isRecord(wanted) || wanted['id'] === undefined) return say(400, "Missing 'transition' identifier");
    return whenOk(
      transitionIssue(request.site, request.actor, issue, String(wanted['id']), inputOf(request.body), request.format),
      () => answer(204, undefined, { issueId: issue.id }),
    );
  });

const changelog = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), (issue) => {
    const page = pageOf(request, `issue/${issue.id}/changelog`, issue.changes, 100);
    return answer(
      200,
      { ...page, values: page.values.map((change) => changeShape(request.site, request.version, change)) },
      { returned: 1, issueId: issue.id },
    );
  });

export const ISSUE_ROUTES: readonly Route[] = [
  { method: 'post', path: '/issue', scope: 'WRITE', handle: create },
  { method: 'post', path: '/issue/bulk', scope: 'WRITE', handle: createMany },
  // Connect apps need WRITE for this read: so the official API document has it.
  { method: 'post', path: '/issue/bulkfetch', scope: 'WRITE', reads: true, handle: fetchMany },
  { method: 'get', path: '/issue/{issueIdOrKey}', scope: 'READ', handle: read },
  { method: 'put', path: '/issue/{issueIdOrKey}', scope: 'WRITE', handle: edit },
  { method: 'delete', path: '/issue/{issueIdOrKey}', scope: 'DELETE', handle: remove },
  { method: 'get', path: '/issue/{issueIdOrKey}/transitions', scope: 'READ', handle: transitions },
  { method: 'post', path: '/issue/{issueIdOrKey}/transitions', scope: 'WRITE', handle: transition },
  { method: 'get', path: '/issue/{issueIdOrKey}/changelog', scope: 'READ', handle: changelog },
];
