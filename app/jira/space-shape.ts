import type { z } from 'zod';
import type { ProjectId } from '../core/ids.ts';
import type { SpaceShape } from '../core/item.ts';
import type { creatableTypes, project, typesWithStatuses } from './schemas.ts';

/** The types that a page of them holds, whatever the product calls the list. */
export const creatableOf = ({ issueTypes, values }: z.output<typeof creatableTypes>) => issueTypes ?? values ?? [];

/** What a space offers, from the answers that tell it. A type without statuses is one that no item can be of. */
export function spaceShapeOf(told: {
  readonly space: z.output<typeof project>;
  readonly types: z.output<typeof creatableTypes>;
  readonly statuses: z.output<typeof typesWithStatuses>;
  readonly priorities: SpaceShape['priorities'];
}): SpaceShape {
  const { id, key, name } = told.space;
  const statusesOf = new Map(told.statuses.map((type) => [type.id, type.statuses]));
  return {
    projectId: id as ProjectId,
    projectKey: key,
    projectName: name,
    types: creatableOf(told.types).map((type) => ({
      id: type.id,
      name: type.name,
      subtask: type.subtask === true,
      statuses: statusesOf.get(type.id) ?? [],
    })),
    priorities: told.priorities,
  };
}
