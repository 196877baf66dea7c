import { seesIssue } from '../heart/issue-security.ts';
import { permits } from '../heart/permissions.ts';
import type { Board } from '../heart/planning.ts';
import { byRank, rank } from '../heart/ranks.ts';
import type { Issue } from '../heart/site.ts';
import {
  boardOf,
  boardsFor,
  createBoard,
  createSprint,
  deleteSprint,
  findSprint,
  issuesToMove,
  moveToSprint,
  updateSprint,
} from '../heart/sprints.ts';
import { issueShape } from '../shapes/issue.ts';
import { boardShape, sprintShape } from '../shapes/planning.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, listOf, numberOf, recordOf, say, whenOk } from './route.ts';

const A_PAGE = 50;
const AGILE = '/rest/agile/1.0';

/** A page in the form of the agile API: no `self`. */
function agilePage<T>(
  request: CloudRequest,
  all: readonly T[],
): { startAt: number; maxResults: number; total: number; isLast: boolean; values: T[] } {
  const startAt = numberOf(request.query['startAt'], 0);
  const maxResults = Math.min(numberOf(request.query['maxResults'], A_PAGE), A_PAGE);
  const values = all.slice(startAt, startAt + maxResults);
  return { maxResults, startAt, total: all.length, isLast: startAt + values.length >= all.length, values };
}

/** Issues in the order of their ranks, as REST v2 shows them: the agile API has no documents. */
function issuePage(request: CloudRequest, all: readonly Issue[]): CloudAnswer {
  const { site, actor, query } = request;
  const seen = all.filter((issue) => {
    const project = site.projects.get(issue.projectId);
    return project !== undefined && issue.archived === null && seesIssue(site, project, actor.user, issue);
  });
  const { startAt, maxResults, total, values } = agilePage(request, [...seen].sort(byRank));
  const view = {
    fields: query['fields'] === undefined ? ['*all'] : listOf(query['fields']),
    properties: [],
    expand: new Set(listOf(query['expand'])),
  };
  const issues = values.map((issue) => issueShape(site, '2', issue, view, actor.user));
  return answer(200, { expand: 'schema,names', startAt, maxResults, total, issues }, { returned: issues.length });
}

const onBoard =
  (work: (request: CloudRequest, board: Board) => CloudAnswer) =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(boardOf(request.site, request.params['boardId'] ?? ''), (board) => {
      const project = request.site.projects.get(board.projectId);
      return project !== undefined && permits(request.actor.user, project, 'BROWSE_PROJECTS')
        ? work(request, board)
        : say(
            404,
            'The requested board cannot be viewed because it either does not exist or you do not have permission to view it.',
          );
    });

const onBoardIssues = ({ site }: CloudRequest, board: Board): Issue[] =>
  [...site.issues.values()].filter((issue) => issue.projectId === board.projectId);

/** Neither in an open sprint nor done. */
const inBacklog = ({ site }: CloudRequest, issue: Issue): boolean =>
  site.statuses.get(issue.statusId)?.category.key !== 'done' &&
  !issue.sprintIds.some((id) => ['active', 'future'].includes(site.sprints.get(id)?.state ?? ''));

function boards(request: CloudRequest): CloudAnswer {
  const { projectKeyOrId, type, name } = request.query;
  const found = boardsFor(request.site, request.actor).filter((board) => {
    const project = request.site.projects.get(board.projectId);
    return (
      (projectKeyOrId === undefined || project?.id === projectKeyOrId || project?.key === projectKeyOrId) &&
      (type === undefined || type.split(',').includes(board.type)) &&
      (name === undefined || board.name.toLowerCase().includes(name.toLowerCase()))
    );
  });
  const page = agilePage(request, found);
  return answer(
    200,
    { ...page, values: page.values.map((board) => boardShape(request.site, board)) },
    { returned: page.values.length },
  );
}

function addBoard(request: CloudRequest): CloudAnswer {
  const raw = recordOf(request.body);
  const { projectKeyOrId } = recordOf(raw['location']);
  const project = [...request.site.projects.values()].find(({ id, key }) => id === projectKeyOrId || key === projectKeyOrId);
  if (project === undefined) return say(400, 'A board needs a project as its location.');
  if (raw['type'] !== 'scrum' && raw['type'] !== 'kanban') return say(400, 'The type of a board is scrum or kanban.');
  const board = createBoard(request.site, { name: String(raw['name'] ?? ''), type: raw['type'], projectId: project.id });
  return answer(201, boardShape(request.site, board));
}

const configuration = onBoard((request, board) =>
  answer(200, {
    id: Number(board.id),
    name: board.name,
    type: board.type,
    self: `${request.site.baseUrl}${AGILE}/board/${board.id}/configuration`,
    filter: { id: board.id, self: `${request.site.baseUrl}/rest/api/2/filter/${board.id}` },
    columnConfig: {
      columns: [...request.site.statuses.values()].map((status) => ({
        name: status.name,
        statuses: [{ id: status.id, self: `${request.site.baseUrl}/rest/api/2/status/${status.id}` }],
      })),
      constraintType: 'none',
    },
    ranking: { rankCustomFieldId: 10_019 },
  }),
);

const sprintsOfBoard = onBoard((request, board) => {
  if (board.type !== 'scrum') return say(400, 'The board does not support sprints');
  const states = listOf(request.query['state']);
  const found = [...request.site.sprints.values()].filter(
    (sprint) => sprint.boardId === board.id && (states.length === 0 || states.includes(sprint.state)),
  );
  const page = agilePage(request, found);
  return answer(200, { ...page, values: page.values.map((sprint) => sprintShape(request.site, sprint)) });
});

const sprintNamed = (request: CloudRequest) => findSprint(request.site, request.actor, request.params['sprintId'] ?? '');
const sprint = (request: CloudRequest): CloudAnswer =>
  whenOk(sprintNamed(request), (found) => answer(200, sprintShape(request.site, found)));
const addSprint = (request: CloudRequest): CloudAnswer =>
  whenOk(createSprint(request.site, request.actor, recordOf(request.body)), (made) =>
    answer(201, sprintShape(request.site, made)),
  );
const changeSprint =
  (how: 'part' | 'full') =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(sprintNamed(request), (found) =>
      whenOk(updateSprint(request.site, request.actor, found, recordOf(request.body), how), (changed) =>
        answer(200, sprintShape(request.site, changed)),
      ),
    );
const removeSprint = (request: CloudRequest): CloudAnswer =>
  whenOk(sprintNamed(request), (found) => whenOk(deleteSprint(request.site, request.actor, found), () => answer(204)));
const sprintIssues = (request: CloudRequest): CloudAnswer =>
  whenOk(sprintNamed(request), ({ id }) =>
    issuePage(
      request,
      [...request.site.issues.values()].filter((issue) => issue.sprintIds.includes(id)),
    ),
  );

/** `rankBeforeIssue` and `rankAfterIssue`, which moves may carry along. */
function alsoRank(request: CloudRequest, issues: readonly Issue[]): CloudAnswer {
  const { site, actor } = request;
  const { rankBeforeIssue: before, rankAfterIssue: after } = recordOf(request.body);
  if (before === undefined && after === undefined) return answer(204);
  return whenOk(issuesToMove(site, actor, [before ?? after]), ([anchor]) => {
    if (anchor === undefined) return say(400, 'The issue to rank by does not exist.');
    return whenOk(rank(site, actor, issues, before === undefined ? { after: anchor } : { before: anchor }), () => answer(204));
  });
}

const intoSprint = (request: CloudRequest): CloudAnswer =>
  whenOk(sprintNamed(request), (found) =>
    whenOk(issuesToMove(request.site, request.actor, recordOf(request.body)['issues']), (issues) =>
      whenOk(moveToSprint(request.site, request.actor, issues, found), () => alsoRank(request, issues)),
    ),
  );
const intoBacklog = (request: CloudRequest): CloudAnswer =>
  whenOk(issuesToMove(request.site, request.actor, recordOf(request.body)['issues']), (issues) =>
    whenOk(moveToSprint(request.site, request.actor, issues, null), () => alsoRank(request, issues)),
  );
const rankIssues = (request: CloudRequest): CloudAnswer =>
  whenOk(issuesToMove(request.site, request.actor, recordOf(request.body)['issues']), (issues) => {
    const { rankBeforeIssue, rankAfterIssue } = recordOf(request.body);
    return rankBeforeIssue === undefined && rankAfterIssue === undefined
      ? say(400, 'One of rankBeforeIssue and rankAfterIssue must be given.')
      : alsoRank(request, issues);
  });

const epicIssues = (request: CloudRequest): CloudAnswer => {
  const { site } = request;
  const idOrKey = request.params['epicIdOrKey'] ?? '';
  const epic = site.issues.get(idOrKey) ?? site.issues.get(site.issueIdsByKey.get(idOrKey.toUpperCase()) ?? '');
  if (epic === undefined) return say(404, 'The requested epic does not exist or you do not have permission to view it.');
  return issuePage(
    request,
    [...epic.childIds].map((id) => site.issues.get(id)).filter((issue) => issue !== undefined),
  );
};

export const AGILE_ROUTES: readonly Route[] = [
  { method: 'get', path: `${AGILE}/board`, scope: 'READ', handle: boards },
  { method: 'post', path: `${AGILE}/board`, scope: 'WRITE', handle: addBoard },
  {
    method: 'get',
    path: `${AGILE}/board/{boardId}`,
    scope: 'READ',
    handle: onBoard((request, board) => answer(200, boardShape(request.site, board), { returned: 1 })),
  },
  { method: 'get', path: `${AGILE}/board/{boardId}/configuration`, scope: 'READ', handle: configuration },
  { method: 'get', path: `${AGILE}/board/{boardId}/sprint`, scope: 'READ', handle: sprintsOfBoard },
  {
    method: 'get',
    path: `${AGILE}/board/{boardId}/issue`,
    scope: 'READ',
    handle: onBoard((request, board) => issuePage(request, onBoardIssues(request, board))),
  },
  {
    method: 'get',
    path: `${AGILE}/board/{boardId}/backlog`,
    scope: 'READ',
    handle: onBoard((request, board) => {
      const issues = onBoardIssues(request, board);
      return issuePage(
        request,
        issues.filter((issue) => inBacklog(request, issue)),
      );
    }),
  },
  { method: 'post', path: `${AGILE}/sprint`, scope: 'WRITE', handle: addSprint },
  { method: 'get', path: `${AGILE}/sprint/{sprintId}`, scope: 'READ', handle: sprint },
  { method: 'post', path: `${AGILE}/sprint/{sprintId}`, scope: 'WRITE', handle: changeSprint('part') },
  { method: 'put', path: `${AGILE}/sprint/{sprintId}`, scope: 'WRITE', handle: changeSprint('full') },
  { method: 'delete', path: `${AGILE}/sprint/{sprintId}`, scope: 'DELETE', handle: removeSprint },
  { method: 'get', path: `${AGILE}/sprint/{sprintId}/issue`, scope: 'READ', handle: sprintIssues },
  { method: 'post', path: `${AGILE}/sprint/{sprintId}/issue`, scope: 'WRITE', handle: intoSprint },
  { method: 'post', path: `${AGILE}/backlog/issue`, scope: 'WRITE', handle: intoBacklog },
  { method: 'post', path: `${AGILE}/backlog/{boardId}/issue`, scope: 'WRITE', handle: intoBacklog },
  { method: 'put', path: `${AGILE}/issue/rank`, scope: 'WRITE', handle: rankIssues },
  { method: 'get', path: `${AGILE}/epic/{epicIdOrKey}/issue`, scope: 'READ', handle: epicIssues },
];
