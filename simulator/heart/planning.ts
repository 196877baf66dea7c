/** A version of a project. Days are `YYYY-MM-DD`. */
export interface Version {
  readonly id: string;
  readonly projectId: string;
  name: string;
  description: string;
  released: boolean;
  archived: boolean;
  startDate: string | null;
  releaseDate: string | null;
}

export interface Component {
  readonly id: string;
  readonly projectId: string;
  name: string;
  description: string;
  leadAccountId: string | null;
  assigneeType: 'PROJECT_DEFAULT' | 'COMPONENT_LEAD' | 'PROJECT_LEAD' | 'UNASSIGNED';
}

export interface Board {
  readonly id: string;
  readonly name: string;
  readonly type: 'scrum' | 'kanban';
  readonly projectId: string;
  readonly properties: Map<string, unknown>;
}

export interface Sprint {
  readonly id: string;
  readonly boardId: string;
  name: string;
  goal: string;
  state: 'future' | 'active' | 'closed';
  /** Epoch milliseconds. */
  startDate: number | null;
  endDate: number | null;
  completeDate: number | null;
  readonly createdDate: number;
  readonly properties: Map<string, unknown>;
}
