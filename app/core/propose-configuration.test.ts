import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import type { FieldId, ProjectId } from './ids.ts';
import type { SpaceShape } from './item.ts';
import { type ContentChoice, choiceOf, proposeConfiguration, unmatchedConfiguration } from './propose-configuration.ts';

type TypeText = readonly [name: string, statuses: readonly string[], subtask?: 'sub-task'];

const shape = (key: string, ...types: readonly TypeText[]): SpaceShape => ({
  projectId: `id-${key}` as ProjectId,
  projectKey: key,
  projectName: key,
  types: types.map(([name, statuses, subtask], at) => ({
    id: `${key}-t${at}`,
    name,
    subtask: subtask === 'sub-task',
    statuses: statuses.map((status) => ({ id: `${key}-${status}`, name: status })),
  })),
  priorities: [],
});

const choice: ContentChoice = {
  fields: [{ field: 'summary' as FieldId, direction: 'both', conflict: 'newest' }],
  status: { direction: 'A-to-B', conflict: 'A' },
  comments: { direction: 'both', authorLine: true },
  strict: true,
};

describe('[S1] types and statuses of the same name stand for each other', () => {
  it.each([
    ['same', 'Bug', 'Bug', true],
    ['other case', 'BUG', 'bug', true],
    ['outer blanks', ' Bug', 'Bug ', true],
    ['similar only', 'Bug', 'Bugs', false],
    ['another word for it', 'Story', 'User Story', false],
  ])('%s: %j and %j', (_name, nameA, nameB, matched) => {
    const { configuration } = proposeConfiguration(choice, { A: shape('A', [nameA, []]), B: shape('B', [nameB, []]) });
    expect(configuration.types).toEqual(
      matched ? [{ types: { A: { id: 'A-t0', name: nameA }, B: { id: 'B-t0', name: nameB } }, direction: 'both' }] : [],
    );
  });

  it('matches the statuses of matched types, each name once, in the order of A', () => {
    const A = shape('A', ['Bug', ['To Do', 'Doing', 'Done']], ['Task', ['To Do', 'Review']], ['Epic', ['Parked']]);
    const B = shape('B', ['Task', ['REVIEW', 'To do']], ['Bug', ['Done', 'To Do']], ['Idea', ['Parked']]);
    expect(proposeConfiguration(choice, { A, B }).configuration.status).toEqual({
      direction: 'A-to-B',
      conflict: 'A',
      map: [
        { A: 'To Do', B: 'To do' },
        { A: 'Done', B: 'Done' },
        { A: 'Review', B: 'REVIEW' },
      ],
    });
  });

  it('takes the first where a side has a name twice', () => {
    const { configuration } = proposeConfiguration(choice, {
      A: shape('A', ['Bug', []], ['bug', []]),
      B: shape('B', ['Bug', []], ['BUG', []]),
    });
    expect(configuration.types.map(({ types }) => [types.A.id, types.B.id])).toEqual([['A-t0', 'B-t0']]);
  });
});

it('[S2] sub-task types are left out', () => {
  const A = shape('A', ['Sub-task', ['To Do'], 'sub-task'], ['Bug', []]);
  const B = shape('B', ['Sub-task', ['To Do'], 'sub-task'], ['Bug', []]);
  const { configuration, alone } = proposeConfiguration(choice, { A, B });
  expect(configuration.types.map(({ types }) => types.A.name)).toEqual(['Bug']);
  expect(alone.types).toEqual({ A: [], B: [] });
});

it('[S3] names that one side alone has are reported, and nothing is guessed for them', () => {
  const A = shape('A', ['Bug', ['To Do', 'Waiting']], ['Incident', ['Open']]);
  const B = shape('B', ['Bug', ['To Do', 'On hold']], ['Story', ['New']]);
  const { configuration, alone } = proposeConfiguration(choice, { A, B });
  expect(alone).toEqual({ types: { A: ['Incident'], B: ['Story'] }, statuses: { A: ['Waiting'], B: ['On hold'] } });
  expect(configuration.status?.map).toEqual([{ A: 'To Do', B: 'To Do' }]);
});

describe('the choice itself', () => {
  const shapes = { A: shape('A', ['Bug', ['To Do']]), B: shape('B', ['Bug', ['To Do']]) };
  it.each([
    ['all', choice],
    ['no status', { ...choice, status: null }],
    ['no comments', { ...choice, comments: null }],
    ['no fields', { ...choice, fields: [] }],
  ])('[S1] comes through matching unchanged: %s', (_name, chosen) => {
    expect(choiceOf(proposeConfiguration(chosen, shapes).configuration)).toEqual(chosen);
    expect(choiceOf(unmatchedConfiguration(chosen))).toEqual(chosen);
  });
});

it('[S1] matching does not depend on which side asked: swapped spaces give the swapped pairs', () => {
  const names = fc.uniqueArray(fc.constantFrom('Bug', 'Task', 'Story', 'Epic', 'Idea'), { maxLength: 5 });
  fc.assert(
    fc.property(names, names, (namesA, namesB) => {
      const A = shape('A', ...namesA.map((name): TypeText => [name, [`${name} open`]]));
      const B = shape('B', ...namesB.map((name): TypeText => [name, [`${name} open`]]));
      const there = proposeConfiguration(choice, { A, B });
      const back = proposeConfiguration(choice, { A: B, B: A });
      const pairs = there.configuration.types.map(({ types }) => `${types.A.name}=${types.B.name}`).sort();
      expect(pairs).toEqual(back.configuration.types.map(({ types }) => `${types.B.name}=${types.A.name}`).sort());
      expect(there.alone.types).toEqual({ A: back.alone.types.B, B: back.alone.types.A });
    }),
    runs(100),
  );
});
