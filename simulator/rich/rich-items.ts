import { setArchived } from '../heart/archive.ts';
import { attach } from '../heart/attachments.ts';
import { addComment } from '../heart/comments.ts';
import { createIssue } from '../heart/create-issue.ts';
import { availableTransitions, deleteIssue, editIssue, moveIssue, transitionIssue } from '../heart/edit-issue.ts';
import { setVote, setWatching } from '../heart/followers.ts';
import { linkIssues, putRemoteLink } from '../heart/links.ts';
import { setProperty } from '../heart/properties.ts';
import { rank } from '../heart/ranks.ts';
import type { Issue, IssueType, Project } from '../heart/site.ts';
import { moveToSprint, updateSprint } from '../heart/sprints.ts';
import { fromWikiText } from '../heart/wiki-text.ts';
import { addWorklog } from '../heart/worklogs.ts';
import { everyNode } from './rich-documents.ts';
import { everyFieldOf } from './rich-fields.ts';
import { actorOf, settled } from './rich-past.ts';
import { dayOf, type RichSpace } from './rich-space.ts';

const DAY = 86_400_000;
const NOTHING = { update: {}, properties: [] };
const PNG = Uint8Array.from(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
);
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_none, byte) => byte);

type Fields = Readonly<Record<string, unknown>>;

function make(space: RichSpace, project: Project, type: IssueType, summary: string, fields: Fields = {}, by = 0): Issue {
  space.past.pass();
  const all = { project: { key: project.key }, issuetype: { id: type.id }, summary, ...fields };
  return settled(createIssue(space.past.site, actorOf(space.people, by), { ...NOTHING, fields: all }, 'adf'));
}

/** Takes the transition of that name. */
function step(space: RichSpace, issue: Issue, name: string, fields: Fields = {}, by = 0): void {
  space.past.pass();
  const { site } = space.past;
  const actor = actorOf(space.people, by);
  const found = availableTransitions(site, issue, actor.user).find((transition) => transition.name === name);
  if (found === undefined) throw new Error(`The rich world offers no ${name} for ${issue.key}`);
  settled(transitionIssue(site, actor, issue, found.id, { fields, update: {} }, 'adf'));
}

function say(space: RichSpace, issue: Issue, by: number, text: string, more: Fields = {}): string {
  space.past.pass();
  return settled(addComment(space.past.site, actorOf(space.people, by), issue, { body: fromWikiText(text), ...more }, 'adf')).id;
}

function edit(space: RichSpace, issue: Issue, fields: Fields): void {
  space.past.pass();
  settled(editIssue(space.past.site, space.admin, issue, { ...NOTHING, fields }, 'adf'));
}

/** An epic with a story that has every field and every node, and its sub-task; a finished story. */
function addPlanned(space: RichSpace): { readonly epic: Issue; readonly story: Issue; readonly finished: Issue } {
  const { past, content, software, types, people, fields, sprints } = space;
  const { site, now } = past;
  const epic = make(space, software, types.epic, content.items.epic);
  const finished = make(space, software, types.story, content.items.finished, { parent: { key: epic.key } });
  settled(moveToSprint(site, space.admin, [finished], sprints.closed));
  settled(updateSprint(site, space.admin, sprints.closed, { state: 'active' }, 'part'));
  for (const name of ['In Progress', 'In Review', 'Done']) step(space, finished, name);
  settled(updateSprint(site, space.admin, sprints.closed, { state: 'closed' }, 'part'));
  settled(updateSprint(site, space.admin, sprints.active, { state: 'active' }, 'part'));
  const day = dayOf(now + 9 * DAY);
  const story = make(space, software, types.story, content.items.story, {
    parent: { key: epic.key },
    assignee: { accountId: people[1]?.accountId },
    labels: ['cart', 'über-wichtig'],
    duedate: day,
    components: [{ name: content.components[0] }],
    fixVersions: [{ name: '2.1' }],
    versions: [{ name: '1.0' }, { name: '2.0' }],
    environment: fromWikiText('Android 16, *Chrome 142*'),
    timetracking: { originalEstimate: '3d', remainingEstimate: '2d 4h' },
    ...everyFieldOf(fields, { people, project: software, sprintId: sprints.active.id, day }),
  });
  const [file] = settled(attach(site, space.admin, story, [{ filename: 'empty cart.png', mimeType: 'image/png', bytes: PNG }]));
  edit(space, story, {
    description: everyNode({
      accountId: people[1]?.accountId ?? '',
      personName: people[1]?.displayName ?? '',
      mediaId: file?.mediaId ?? '',
      now,
      browseUrl: `${site.baseUrl}/browse/${epic.key}`,
    }),
  });
  step(space, story, 'In Progress');
  make(space, software, types.subTask, content.items.subTask, { parent: { key: story.key } });
  return { epic, story, finished };
}

const bugFields = (space: RichSpace): Fields => ({ [space.fields.requiredForBugs.id]: 'About 30 customers a day' });

/** A bug on which all hangs that can hang on an item. */
function addLadenBug(space: RichSpace, story: Issue): Issue {
  const { past, content, software, types, people, admin, sprints } = space;
  const { site } = past;
  const bug = make(space, software, types.bug, content.items.bug, bugFields(space), 2);
  past.pass();
  settled(
    attach(site, admin, bug, [
      { filename: 'every byte.bin', mimeType: 'application/octet-stream', bytes: EVERY_BYTE },
      { filename: 'журнал “1”.txt', mimeType: 'text/plain', bytes: new TextEncoder().encode('14:02 paid\r\n14:02 paid\r\n') },
      { filename: 'nothing.log', mimeType: 'text/plain', bytes: new Uint8Array() },
    ]),
  );
  const log = (by: number, timeSpent: string, more: Fields = {}) =>
    settled(addWorklog(site, actorOf(people, by), bug, { timeSpent, ...more }, 'adf', { how: 'auto' }));
  log(1, '2h', { comment: fromWikiText('Read the logs of the provider.') });
  log(2, '45m', { visibility: { type: 'group', value: 'support-staff' } });
  const question = say(space, bug, 1, 'Does it happen with *cards* as well?');
  say(space, bug, 2, 'Yes, and with invoices.', { parentId: question });
  say(space, bug, 5, 'I saw it on my last day here.');
  say(space, bug, 0, 'The provider admits it, but not in public.', { visibility: { type: 'role', value: 'Administrators' } });
  say(space, bug, 1, 'The contract is in the safe.', { visibility: { type: 'group', value: 'support-staff' } });
  for (const user of [people[3], people[6]]) settled(setWatching(site, admin, bug, user?.accountId ?? '', true));
  for (const by of [3, 4]) settled(setVote(site, actorOf(people, by), bug, true));
  const link = (name: string, from: Issue, to: Issue) =>
    settled(linkIssues(site, admin, { type: { name }, inwardIssue: { key: from.key }, outwardIssue: { key: to.key } }, 'adf'));
  link('Blocks', bug, story);
  link('Relates', story, bug);
  settled(
    putRemoteLink(site, admin, bug, {
      globalId: 'system=https://status.example.com&id=512',
      application: { type: 'com.example.status', name: 'Status page' },
      relationship: 'reported in',
      object: { url: 'https://status.example.com/incidents/512', title: 'Incident 512', status: { resolved: true } },
    }),
  );
  setProperty(site, admin, bug, 'com.vendor.score', { value: 7 });
  settled(moveToSprint(site, admin, [bug], sprints.future));
  step(space, bug, 'Start work');
  step(space, bug, 'Add a note');
  return bug;
}

/** Secret, planned, deleted, put away, moved and orphaned ones. */
function addSpecials(space: RichSpace): void {
  const { past, content, software, former, types, people, admin, levels } = space;
  const { site, now } = past;
  const { items } = content;
  const resolved = make(space, software, types.bug, items.secret, { ...bugFields(space), security: { name: levels.staff.name } });
  step(space, resolved, 'Resolve', { resolution: { name: "Won't Do" } });
  const change = make(space, software, types.change, items.change, { duedate: dayOf(now + 3 * DAY) });
  edit(space, change, { security: { name: levels.involved.name } });
  step(space, change, 'Plan');
  settled(deleteIssue(site, admin, make(space, software, types.change, items.mistake)));
  const archived = make(space, software, types.story, items.archived);
  settled(setArchived(site, admin, [archived.key], true));
  const moved = make(space, former, types.story, items.moved);
  past.pass();
  settled(moveIssue(site, admin, moved, software.key));
  const left = make(
    space,
    software,
    types.bug,
    items.left,
    { ...bugFields(space), assignee: { accountId: people[5]?.accountId } },
    5,
  );
  step(space, left, 'Close as duplicate');
  step(space, left, 'Reopen');
}

function addRequests(space: RichSpace): void {
  const { content, service, types, people } = space;
  const request = make(
    space,
    service,
    types.request,
    content.items.request,
    { assignee: { accountId: people[1]?.accountId } },
    6,
  );
  say(space, request, 6, 'It was promised for Monday.');
  say(space, request, 1, 'The parcel lies in the wrong hall.', { jsdPublic: false });
  say(space, request, 2, 'Found it.', { properties: [{ key: 'sd.public.comment', value: { internal: true } }] });
  say(space, request, 1, 'We are looking for it and write again tomorrow.');
  step(space, request, 'Ask the customer', {}, 1);
  const answered = make(
    space,
    service,
    types.request,
    content.items.answered,
    { assignee: { accountId: people[1]?.accountId } },
    7,
  );
  step(space, answered, 'Take up', {}, 1);
  step(space, answered, 'Answer', {}, 1);
}

/** Makes the items of a rich site, each as people would, through the checks that hold for them. */
export function addRichItems(space: RichSpace): void {
  const { past, admin, people } = space;
  const { epic, story, finished } = addPlanned(space);
  const bug = addLadenBug(space, story);
  addSpecials(space);
  addRequests(space);
  settled(rank(past.site, admin, [bug], { before: epic }));
  settled(rank(past.site, admin, [finished], { after: story }));
  const gone = people[5];
  if (gone !== undefined) gone.active = false;
}
