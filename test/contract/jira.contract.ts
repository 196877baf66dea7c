import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { plainText } from '../../app/core/document.ts';
import type { Failure, Result } from '../../app/core/failure.ts';
import type { AccountId, CommentId, EffectId, FieldId, IssueId, ProjectId, SynchronizationId } from '../../app/core/ids.ts';
import type { AdfNode, FieldValue, Item, TwinMark } from '../../app/core/item.ts';
import { guardWrites } from '../../app/sync/guard-writes.ts';
import type { FieldWrite, Jira, ListedItem } from '../../app/sync/ports.ts';
import type { Fault } from '../../simulator/cloud/faults.ts';
import { addComment } from '../../simulator/heart/comments.ts';
import { editIssue } from '../../simulator/heart/edit-issue.ts';
import type { Issue } from '../../simulator/heart/site.ts';
import type { JiraWorld } from '../jira-worlds.ts';

const FIELDS = ['summary', 'description', 'priority', 'labels', 'duedate'] as FieldId[];
const TRACE = 'tandem/1/test';
const field = (id: string): FieldId => id as FieldId;
const write = (id: string, value: FieldWrite['value']): FieldWrite => ({ field: field(id), value });
const text = (shown: string): FieldValue => ({ kind: 'text', text: shown });
const document = (shown: string): AdfNode => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text: shown }] }],
});
const mark = (effectId: string): TwinMark => ({
  synchronizationId: 'sync-1' as SynchronizationId,
  effectId: effectId as EffectId,
  originSide: 'A',
  originIssueId: '10001' as IssueId,
  through: ['space-1'],
});
const NOBODYS = '99999999' as IssueId;

const valueIn = <T>(result: Result<T> | undefined): T => {
  if (result?.ok !== true) throw new Error(`failed: ${JSON.stringify(result)}`);
  return result.value;
};
const failureIn = (result: Result<unknown> | undefined): Failure => {
  if (result === undefined || result.ok) throw new Error('expected a failure');
  return result.failure;
};
const wordsOf = (value: FieldValue | undefined): string => (value?.kind === 'rich' ? plainText(value.document) : '');

/** What every Jira site has to do for us, whatever product and version it is. */
export function describeJira(name: string, open: () => Promise<JiraWorld>): void {
  describe(`${name} as a site`, () => {
    let world: JiraWorld;
    let jira: Jira;
    beforeAll(async () => {
      world = await open();
      jira = world.jira;
    });
    afterAll(() => world.close());
    afterEach(() => world.site.faults.clear());

    const projectId = (): ProjectId =>
      [...world.site.heart.projects.values()].find(({ key }) => key === world.spaceKey)?.id as ProjectId;
    const typeId = (called = 'Task'): string =>
      [...world.site.heart.issueTypes.values()].find((type) => type.name === called)?.id ?? '';
    const lastNumber = (): number => world.site.heart.projects.get(projectId())?.lastNumber ?? 0;
    const strike = (fault: Fault): void => void world.site.faults.add(fault);
    const request = (effectId: string, ...fields: FieldWrite[]) => ({
      projectId: projectId(),
      typeId: typeId(),
      fields: [write('summary', text(`Item ${effectId}`)), ...fields],
      mark: mark(effectId),
      trace: TRACE,
    });
    const make = async (effectId: string, ...fields: FieldWrite[]): Promise<IssueId> =>
      valueIn(await jira.createItem(request(effectId, ...fields))).issueId;
    const read = async (issueId: IssueId): Promise<Item> => valueIn(await jira.readItem(issueId, FIELDS));
    const issueOf = (issueId: IssueId): Issue => {
      const issue = world.site.heart.issues.get(issueId);
      if (issue === undefined) throw new Error('It was made.');
      return issue;
    };
    const editedByPerson = (issueId: IssueId, fields: Record<string, unknown>): void => {
      const format = world.product === 'cloud' ? 'adf' : 'verbatim';
      const done = editIssue(world.site.heart, world.actor, issueOf(issueId), { fields, update: {}, properties: [] }, format);
      if (!done.ok) throw new Error(JSON.stringify(done));
    };

    describe('items', () => {
      it('are made with every kind of field and their mark, and read so in one call', async () => {
        const fields = [
          write('description', { kind: 'rich', document: document('It *burns* & [smokes]') }),
          write('labels', { kind: 'set', members: ['a', 'b'] }),
          write('duedate', { kind: 'date', date: '2027-02-28' }),
          write('priority', { kind: 'option', id: '', name: 'High' }),
        ];
        const issueId = await make('every', ...fields);
        world.records.length = 0;
        const item = await read(issueId);
        expect(world.records).toHaveLength(1);
        expect(item).toMatchObject({
          issueId,
          issueKey: issueOf(issueId).key,
          projectId: projectId(),
          type: { name: 'Task' },
          createdAt: issueOf(issueId).created,
          updatedAt: issueOf(issueId).updated,
          comments: [],
        });
        expect(item.twinMarks).toEqual([mark('every')]);
        expect(item.transitions).toContainEqual(
          expect.objectContaining({ to: expect.objectContaining({ name: 'In Progress' }) }),
        );
        expect(item.fields.get(field('summary'))).toEqual(text('Item every'));
        expect(wordsOf(item.fields.get(field('description')))).toBe('It *burns* & [smokes]');
        expect(item.fields.get(field('labels'))).toEqual({ kind: 'set', members: ['a', 'b'] });
        expect(item.fields.get(field('duedate'))).toEqual({ kind: 'date', date: '2027-02-28' });
        expect(item.fields.get(field('priority'))).toMatchObject({ kind: 'option', name: 'High' });
      });

      it('show what is empty as empty, and nothing that was not asked for', async () => {
        const issueId = await make('bare');
        const item = await read(issueId);
        expect(item.fields.get(field('description'))).toEqual({ kind: 'empty' });
        expect(item.fields.get(field('duedate'))).toEqual({ kind: 'empty' });
        expect(item.fields.get(field('labels'))).toEqual({ kind: 'set', members: [] });
        expect([...valueIn(await jira.readItem(issueId, [field('summary')])).fields.keys()]).toEqual(['summary']);
      });

      it('are read many at once, each with its own answer', async () => {
        const ids = [await make('many-1'), NOBODYS, await make('many-2')];
        const items = valueIn(await jira.readItems(ids, FIELDS));
        expect(valueIn(items.get(ids[0] as IssueId)).twinMarks).toEqual([mark('many-1')]);
        expect(failureIn(items.get(NOBODYS))).toEqual({ kind: 'missing' });
        expect(valueIn(items.get(ids[2] as IssueId)).twinMarks).toEqual([mark('many-2')]);
      });

      it('are made many at once, each with its own answer', async () => {
        const refused = request('bulk-2', write('priority', { kind: 'option', id: '', name: 'No such' }));
        const made = await jira.createItems([request('bulk-1'), refused, request('bulk-3')], TRACE);
        expect(failureIn(made[1])).toMatchObject({ kind: 'rejected', fields: ['priority'] });
        expect((await read(valueIn(made[0]).issueId)).twinMarks).toEqual([mark('bulk-1')]);
        expect((await read(valueIn(made[2]).issueId)).twinMarks).toEqual([mark('bulk-3')]);
        const none = await jira.createItems([refused, refused], TRACE);
        expect(none.map((one) => failureIn(one).kind)).toEqual(['rejected', 'rejected']);
      });

      it('are written in one call for all fields, and answered as they stand then', async () => {
        const issueId = await make('write', write('labels', { kind: 'set', members: ['old'] }));
        const item = valueIn(
          await jira.writeFields(
            issueId,
            [
              write('summary', text('New')),
              write('description', { kind: 'rich', document: document('long') }),
              write('labels', { kind: 'set-change', add: ['new'], remove: ['old'] }),
              write('duedate', { kind: 'date', date: '2027-03-01' }),
            ],
            FIELDS,
            TRACE,
          ),
        );
        expect(item.fields.get(field('summary'))).toEqual(text('New'));
        expect(wordsOf(item.fields.get(field('description')))).toBe('long');
        expect(item.fields.get(field('labels'))).toEqual({ kind: 'set', members: ['new'] });
        expect(item.fields.get(field('duedate'))).toEqual({ kind: 'date', date: '2027-03-01' });
        expect(item.updatedAt).toBe(issueOf(issueId).updated);
        const cleared = valueIn(
          await jira.writeFields(
            issueId,
            [write('description', { kind: 'empty' }), write('duedate', { kind: 'empty' })],
            FIELDS,
            TRACE,
          ),
        );
        expect([...cleared.fields.values()].filter(({ kind }) => kind === 'empty')).toHaveLength(2);
      });

      it('tell what a write replaced, an edit in between included (SPEC O7)', async () => {
        const issueId = await make('overwritten');
        editedByPerson(issueId, { summary: 'Of a person' });
        const item = valueIn(await jira.writeFields(issueId, [write('summary', text('Ours'))], FIELDS, TRACE));
        expect(item.changes.filter((change) => change.field === 'summary').map(({ from, to }) => [from, to])).toEqual([
          [text('Item overwritten'), text('Of a person')],
          [text('Of a person'), text('Ours')],
        ]);
        expect(item.changedAt.get('summary')).toBe(issueOf(issueId).updated);
      });

      it('move along their workflow', async () => {
        const issueId = await make('status');
        const [other] = valueIn(await jira.readTransitions(issueId)).filter(({ to }) => to.id !== issueOf(issueId).statusId);
        expect(valueIn(await jira.applyTransition(issueId, other?.id ?? '', TRACE))).toBeNull();
        expect((await read(issueId)).status.id).toBe(other?.to.id);
        expect(failureIn(await jira.applyTransition(issueId, '987', TRACE)).kind).toBe('rejected');
      });
    });

    describe('comments', () => {
      const MADE = 'effect-7' as EffectId;

      it('are made, found by their effect, edited and deleted', async () => {
        const issueId = await make('comments');
        const made = valueIn(await jira.createComment(issueId, document('one *two*'), MADE, TRACE));
        expect(plainText(made.body)).toBe('one *two*');
        expect(made).toMatchObject({
          restricted: false,
          authorId: world.actor.user.accountId,
          authorName: world.actor.user.displayName,
        });
        expect((await read(issueId)).comments).toEqual([made]);
        expect(valueIn(await jira.findComment(issueId, MADE))?.commentId).toBe(made.commentId);
        expect(valueIn(await jira.findComment(issueId, 'effect-8' as EffectId))).toBeNull();
        const edited = valueIn(await jira.editComment(issueId, made.commentId, document('three'), TRACE));
        expect([edited.commentId, plainText(edited.body)]).toEqual([made.commentId, 'three']);
        expect(valueIn(await jira.deleteComment(issueId, made.commentId, TRACE))).toBeNull();
        expect(failureIn(await jira.deleteComment(issueId, made.commentId, TRACE))).toEqual({ kind: 'missing' });
        expect(failureIn(await jira.editComment(NOBODYS, '1' as CommentId, document('x'), TRACE))).toEqual({ kind: 'missing' });
      });

      it('are found among hundreds when an answer was lost, and all read', async () => {
        const issueId = await make('discussion');
        strike({ method: 'POST', path: '/comment', when: 'after', status: 502, times: 1 });
        expect(failureIn(await jira.createComment(issueId, document('lost'), MADE, TRACE)).kind).toBe('uncertain');
        for (let n = 0; n < 130; n += 1)
          addComment(world.site.heart, world.actor, issueOf(issueId), { body: document(`later ${n}`) }, 'adf');
        const found = valueIn(await jira.findComment(issueId, MADE));
        expect(found === null ? null : plainText(found.body)).toBe('lost');
        expect((await read(issueId)).comments).toHaveLength(131);
      });

      it('say when they are for few', async () => {
        const issueId = await make('restricted');
        const visibility = { type: 'role', value: 'Administrators' } as const;
        addComment(world.site.heart, world.actor, issueOf(issueId), { body: document('for few'), visibility }, 'adf');
        expect((await read(issueId)).comments.map(({ restricted }) => restricted)).toEqual([true]);
      });
    });

    describe('a twin whose answer was lost', () => {
      const find = (afterNumber: number, effectId: string) =>
        jira.findTwin({ projectKey: world.spaceKey, afterNumber, effectId: effectId as EffectId });

      it('is found by direct reads, among others made meanwhile', async () => {
        const afterNumber = lastNumber();
        expect(valueIn(await jira.newestNumber(world.spaceKey))).toBeLessThanOrEqual(afterNumber);
        for (const other of ['other-1', 'other-2']) await make(other);
        strike({ method: 'POST', path: '/issue', when: 'after', status: null, times: 1 });
        expect(failureIn(await jira.createItem(request('lost'))).kind).toBe('uncertain');
        await make('other-3');
        expect(valueIn(await find(afterNumber, 'lost'))?.issueKey).toBe(`${world.spaceKey}-${afterNumber + 3}`);
        expect(valueIn(await find(lastNumber(), 'lost'))).toBeNull();
      });

      it('is not when the request never arrived', async () => {
        const afterNumber = lastNumber();
        strike({ method: 'POST', path: '/issue', when: 'before', status: 503, times: 1 });
        expect(failureIn(await jira.createItem(request('never'))).kind).toBe('uncertain');
        expect(valueIn(await find(afterNumber, 'never'))).toBeNull();
      });
    });

    describe('lists', () => {
      const listAll = async (
        list: (pageToken: string | null) => ReturnType<Jira['listChanged']>,
        between: (page: number) => void = () => undefined,
      ): Promise<ListedItem[]> => {
        const listed: ListedItem[] = [];
        let pageToken: string | null = null;
        let pages = 0;
        do {
          const page: Awaited<ReturnType<Jira['listChanged']>> = await list(pageToken);
          listed.push(...valueIn(page).items);
          pageToken = valueIn(page).nextPageToken;
          pages += 1;
          between(pages);
        } while (pageToken !== null && pages < 50);
        expect(pageToken).toBeNull();
        return listed;
      };
      const changedSince = (since: number) => (pageToken: string | null) =>
        jira.listChanged({ spaces: [{ projectId: projectId(), since }], fields: FIELDS, pageToken });

      it('show what changed, oldest first, as a read shows it but for the marks', async () => {
        const before = world.site.heart.clock.now();
        const issueId = await make('listed', write('description', { kind: 'rich', document: document('x') }));
        const listed = await listAll(changedSince(before));
        const one = listed.find((item) => item.issueId === issueId);
        const { twinMarks, transitions, changedAt, changes, ...seen } = await read(issueId);
        expect(one?.item).toMatchObject(seen);
        expect(one).toMatchObject({ issueKey: seen.issueKey, projectId: seen.projectId, updatedAt: seen.updatedAt });
        expect([twinMarks.length, transitions === null, changedAt.size, changes.length]).toEqual([1, false, 0, 0]);
        // Some may come twice where pages meet.
        const times = [...Map.groupBy(listed, (item) => item.issueId).values()].map(([first]) => first?.updatedAt ?? 0);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      });

      it('lose nothing while items change between the pages', async () => {
        const since = world.site.heart.clock.now() - 1;
        for (let first = 0; first < 250; first += 50) {
          const requests = Array.from({ length: 50 }, (_, more) => request(`shift-${first + more}`));
          for (const made of await jira.createItems(requests, TRACE)) valueIn(made);
        }
        const wanted = [...world.site.heart.issues.values()].filter((issue) => issue.updated > since).map(({ id }) => id);
        expect(wanted.length).toBeGreaterThan(200);
        const listed = await listAll(changedSince(since), (page) => {
          // Those listed first change, and every other one moves up.
          if (page < 3)
            for (const id of wanted.slice(page * 20, page * 20 + 40)) editedByPerson(id as IssueId, { summary: `Again ${page}` });
        });
        const idsIn = (items: readonly ListedItem[]) => new Set(items.map(({ issueId }) => issueId as string));
        const changed = idsIn(listed);
        expect(wanted.filter((id) => !changed.has(id))).toEqual([]);
        const until = world.site.heart.clock.now();
        const made = idsIn(
          await listAll((pageToken) => jira.listMade({ projectId: projectId(), until, fields: FIELDS, pageToken })),
        );
        expect(wanted.filter((id) => !made.has(id))).toEqual([]);
      });

      it('of what was made end at their moment', async () => {
        const issueId = await make('too-late');
        const until = issueOf(issueId).created - 1;
        const listed = await listAll((pageToken) => jira.listMade({ projectId: projectId(), until, fields: FIELDS, pageToken }));
        expect(listed.map((item) => item.issueId)).not.toContain(issueId);
        expect(listed.length).toBeGreaterThan(0);
      });

      it('of a space that is not there are refused', async () => {
        const refused = await jira.listChanged({
          spaces: [{ projectId: '987654' as ProjectId, since: 0 }],
          fields: FIELDS,
          pageToken: null,
        });
        expect(failureIn(refused).kind).toBe('rejected');
        expect(failureIn(await changedSince(0)('no such place')).kind).toBe('rejected');
      });

      it('of what was given up say nothing new', async () => {
        // Only apps have such a list on Cloud.
        const given = await jira.listGivenUp(0);
        expect(given.ok ? given.value : given.failure.kind).toEqual(
          world.product === 'cloud' ? 'forbidden' : { count: 0, newestAt: null },
        );
      });
    });

    describe('spaces', () => {
      it('are listed, and show what they offer, by key and by id', async () => {
        const spaces = valueIn(await jira.listSpaces());
        expect(spaces).toContainEqual(expect.objectContaining({ projectId: projectId(), projectKey: world.spaceKey }));
        const shape = valueIn(await jira.readSpaceShape(world.spaceKey));
        expect(valueIn(await jira.readSpaceShape(shape.projectId))).toEqual(shape);
        expect(shape.types.map(({ name: called }) => called).sort()).toEqual(['Bug', 'Story', 'Task']);
        expect(shape.types[0]?.statuses.map(({ name: called }) => called)).toEqual(['To Do', 'In Progress', 'Done']);
        expect(shape.priorities.map(({ name: called }) => called)).toContain('High');
        expect(failureIn(await jira.readSpaceShape('NONE'))).toEqual({ kind: 'missing' });
      });

      it('say what the sync user administers', async () => {
        const own = world.actor.user.accountId as AccountId;
        expect(valueIn(await jira.readAdminRights(own, projectId()))).toEqual({ site: true, space: true });
        expect(valueIn(await jira.readAdminRights('nobody' as AccountId, projectId()))).toEqual({ site: false, space: false });
      });
    });

    describe('failures', () => {
      const reading = async () => jira.readItem(await make('read'), FIELDS);
      const writing = async () => jira.writeFields(await make('written'), [write('summary', text('x'))], FIELDS, TRACE);
      const struck = async (fault: Omit<Fault, 'times' | 'method'>, call: 'GET' | 'PUT'): Promise<Failure> => {
        const issueId = await make('struck');
        strike({ ...fault, method: call, times: 1 });
        return failureIn(
          call === 'GET'
            ? await jira.readItem(issueId, FIELDS)
            : await jira.writeFields(issueId, [write('summary', text('struck'))], FIELDS, TRACE),
        );
      };

      const table: [string, Omit<Fault, 'times' | 'method'>, Failure['kind'], Failure['kind']][] = [
        ['a node that is away', { when: 'before', status: 503 }, 'unavailable', 'uncertain'],
        ['a page instead of an answer', { when: 'before', status: 200, shape: 'html' }, 'unavailable', 'uncertain'],
        ['a page that says 404', { when: 'before', status: 404, shape: 'html' }, 'unavailable', 'unavailable'],
        ['no answer', { when: 'before', status: null }, 'unavailable', 'uncertain'],
        ['half an answer', { when: 'before', status: 200, shape: 'half' }, 'unavailable', 'uncertain'],
        ['an edit at the same moment', { when: 'before', status: 409 }, 'contended', 'contended'],
        ['a missing right', { when: 'before', status: 403 }, 'forbidden', 'forbidden'],
        ['a consent that is over', { when: 'before', status: 401 }, 'unauthorized', 'unauthorized'],
        ['what is too large', { when: 'before', status: 413 }, 'too-large', 'too-large'],
      ];
      it.each(table)('%s', async (_called, fault, ofRead, ofWrite) => {
        expect((await struck(fault, 'GET')).kind).toBe(ofRead);
        expect((await struck(fault, 'PUT')).kind).toBe(ofWrite);
      });

      it('the fields that Jira does not take are named', async () => {
        const issueId = await make('refused');
        const writes = [write('summary', text('x')), write('priority', { kind: 'option', id: '', name: 'No such' } as const)];
        expect(failureIn(await jira.writeFields(issueId, writes, FIELDS, TRACE))).toMatchObject({
          kind: 'rejected',
          fields: ['priority'],
        });
        const long = [write('description', { kind: 'rich', document: document('x'.repeat(40_000)) } as const)];
        expect(failureIn(await jira.writeFields(issueId, long, FIELDS, TRACE)).kind).toBe('too-large');
      });

      it('a stranger’s item is missing, and strangers are not known', async () => {
        expect(failureIn(await jira.readItem(NOBODYS, FIELDS))).toEqual({ kind: 'missing' });
        const stranger = world.as(`Bearer ${'x'.repeat(44)}`);
        expect(failureIn(await stranger.readItem(await make('of-others'), FIELDS)).kind).toBe('unauthorized');
      });

      it('nothing is written once the lane is lost', async () => {
        const issueId = await make('lost');
        const comment = valueIn(await jira.createComment(issueId, document('Said'), 'lost-1' as EffectId, TRACE));
        const before = await read(issueId);
        const highest = lastNumber();
        const late = guardWrites(jira, () => false);
        const written = [
          await late.createItem(request('lost-2')),
          await late.writeFields(issueId, [write('summary', text('Stale'))], FIELDS, TRACE),
          await late.applyTransition(issueId, before.transitions?.[0]?.id ?? '', TRACE),
          await late.createComment(issueId, document('Stale'), 'lost-3' as EffectId, TRACE),
          await late.editComment(issueId, comment.commentId, document('Stale'), TRACE),
          await late.deleteComment(issueId, comment.commentId, TRACE),
        ];
        expect(written.map((one) => failureIn(one).kind)).toEqual(Array(6).fill('unavailable'));
        expect(await read(issueId)).toEqual(before);
        expect(lastNumber()).toBe(highest);
      });

      it('after a write whose item could not be read then it is not known what stands there', async () => {
        const issueId = await make('unread');
        strike({ method: world.product === 'cloud' ? 'PUT' : 'GET', when: 'after', status: 502, times: 1 });
        const failure = failureIn(await jira.writeFields(issueId, [write('summary', text('Done anyway'))], FIELDS, TRACE));
        expect(failure.kind).toBe('uncertain');
        expect(issueOf(issueId).summary).toBe('Done anyway');
      });

      it('a limit lets nothing more out until its moment', async () => {
        const issueId = await make('limited');
        const limited = world.as('Basic eDp5');
        strike({ when: 'before', status: 429, retryAfterSeconds: 30, times: 1 });
        const failure = failureIn(await limited.readItem(issueId, FIELDS));
        expect(failure).toMatchObject({ kind: 'rate-limited', scope: 'site' });
        expect(failureIn(await limited.readItem(issueId, FIELDS))).toEqual(failure);
        expect((await reading()).ok && (await writing()).ok).toBe(true);
      });
    });
  });
}
