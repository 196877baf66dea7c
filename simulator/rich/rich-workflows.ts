import { addIssueType, addStatus, chainedWorkflow, openWorkflow } from '../heart/set-up.ts';
import type { IssueType, Site, Status, StatusCategory, Transition, Workflow } from '../heart/site.ts';

/** Statuses of the rich projects. The two called "Waiting" differ in their category alone. */
export interface RichStatuses {
  readonly toDo: Status;
  readonly inProgress: Status;
  readonly inReview: Status;
  readonly released: Status;
  readonly done: Status;
  readonly waitingForUs: Status;
  readonly waitingForOthers: Status;
}

export const RESOLUTIONS = { wontDo: '10001', duplicate: '10002' } as const;
export const RELEASE_MANAGERS = 'release-managers';
export const DAY_NEEDED = 'A change is planned for a day: set the due date.';

const named = (site: Site, name: string): Status | undefined =>
  [...site.statuses.values()].find((status) => status.name === name);

/** `released` is of another category on the other site: it is finished on one, under way on the other. */
export function addRichStatuses(site: Site, firstId: number, released: StatusCategory['key']): RichStatuses {
  const there = (id: number, name: string, category: StatusCategory['key']): Status =>
    named(site, name) ?? addStatus(site, String(firstId + id), name, category);
  return {
    toDo: there(0, 'To Do', 'new'),
    inProgress: there(1, 'In Progress', 'indeterminate'),
    inReview: there(2, 'In Review', 'indeterminate'),
    done: there(3, 'Done', 'done'),
    released: there(4, 'Released', released),
    waitingForUs: addStatus(site, String(firstId + 5), 'Waiting', 'new'),
    waitingForOthers: addStatus(site, String(firstId + 6), 'Waiting', 'indeterminate'),
  };
}

const workflow = (name: string, statuses: readonly Status[], transitions: readonly Transition[]): Workflow => ({
  name,
  initialStatusId: statuses[0]?.id ?? '',
  statusIds: statuses.map(({ id }) => id),
  transitions: [...transitions],
});

/** Resolving asks for a resolution, reopening takes it away, and a note leads back to where it was taken. */
const bugWorkflow = ({ toDo, inProgress, done }: RichStatuses): Workflow =>
  workflow(
    'Bug workflow with resolutions',
    [toDo, inProgress, done],
    [
      { id: '11', name: 'Start work', from: [toDo.id], to: inProgress.id },
      { id: '21', name: 'Add a note', from: [inProgress.id], to: inProgress.id },
      {
        id: '31',
        name: 'Resolve',
        from: [toDo.id, inProgress.id],
        to: done.id,
        rules: { screen: ['resolution', 'fixVersions'], required: ['resolution'] },
      },
      {
        id: '41',
        name: 'Close as duplicate',
        from: [toDo.id, inProgress.id],
        to: done.id,
        rules: { postFunctions: [{ kind: 'set-resolution', resolutionId: RESOLUTIONS.duplicate }] },
      },
      { id: '51', name: 'Reopen', from: [done.id], to: toDo.id, rules: { postFunctions: [{ kind: 'clear-resolution' }] } },
    ],
  );

/** Planning needs a day, only release managers approve, and nothing is finished before its parts are. */
const changeWorkflow = ({ toDo, inProgress, inReview, released, done }: RichStatuses): Workflow =>
  workflow(
    'Change workflow',
    [toDo, inProgress, inReview, released, done],
    [
      {
        id: '11',
        name: 'Plan',
        from: [toDo.id],
        to: inProgress.id,
        rules: { validators: [{ kind: 'field-required', fieldId: 'duedate', message: DAY_NEEDED }] },
      },
      {
        id: '21',
        name: 'Approve',
        from: [inProgress.id],
        to: inReview.id,
        rules: { conditions: [{ kind: 'group', group: RELEASE_MANAGERS }] },
      },
      {
        id: '31',
        name: 'Release',
        from: [inReview.id],
        to: released.id,
        rules: { postFunctions: [{ kind: 'assign-to-reporter' }] },
      },
      {
        id: '41',
        name: 'Finish',
        from: [toDo.id, released.id],
        to: done.id,
        rules: { conditions: [{ kind: 'sub-tasks-done' }] },
      },
      {
        id: '51',
        name: 'Plan anew',
        from: [done.id, released.id],
        to: toDo.id,
        rules: { postFunctions: [{ kind: 'clear-resolution' }, { kind: 'clear-field', fieldId: 'duedate' }] },
      },
    ],
  );

/** From one "Waiting" to the other; only the assignee takes it up. */
const requestWorkflow = ({ waitingForUs, inProgress, waitingForOthers, done }: RichStatuses): Workflow =>
  workflow(
    'Request workflow',
    [waitingForUs, inProgress, waitingForOthers, done],
    [
      {
        id: '11',
        name: 'Take up',
        from: [waitingForUs.id, waitingForOthers.id],
        to: inProgress.id,
        rules: { conditions: [{ kind: 'only-assignee' }] },
      },
      { id: '21', name: 'Ask the customer', from: [waitingForUs.id, inProgress.id], to: waitingForOthers.id },
      { id: '31', name: 'Give back', from: [waitingForOthers.id], to: waitingForUs.id },
      {
        id: '41',
        name: 'Answer',
        from: [inProgress.id],
        to: done.id,
        rules: { validators: [{ kind: 'permission', permission: 'ADMINISTER_PROJECTS' }] },
      },
    ],
  );

export interface RichTypes {
  readonly epic: IssueType;
  readonly story: IssueType;
  readonly subTask: IssueType;
  readonly bug: IssueType;
  readonly change: IssueType;
  readonly request: IssueType;
}

/** The types of the rich projects, each with a workflow of its own; the names of some are those of the site's other projects. */
export function addRichTypes(site: Site, firstId: number, statuses: RichStatuses): RichTypes {
  const { toDo, inProgress, inReview, done } = statuses;
  site.resolutions.set(RESOLUTIONS.wontDo, { id: RESOLUTIONS.wontDo, name: "Won't Do" });
  site.resolutions.set(RESOLUTIONS.duplicate, { id: RESOLUTIONS.duplicate, name: 'Duplicate' });
  const add = (nth: number, name: string, how: Workflow, more: Partial<IssueType> = {}): IssueType =>
    addIssueType(site, { id: String(firstId + nth), name, description: '', subtask: false, workflow: how, ...more });
  return {
    epic: add(0, 'Epic', openWorkflow('Epic workflow', [toDo, inProgress, done]), { hierarchyLevel: 1 }),
    story: add(1, 'Story', chainedWorkflow('Story workflow, step by step', [toDo, inProgress, inReview, done])),
    subTask: add(2, 'Sub-task', openWorkflow('Sub-task workflow', [toDo, inProgress, done]), { subtask: true }),
    bug: add(3, 'Bug', bugWorkflow(statuses)),
    change: add(4, 'Change', changeWorkflow(statuses)),
    request: add(5, 'Request', requestWorkflow(statuses)),
  };
}
