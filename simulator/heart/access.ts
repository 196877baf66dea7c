/** A group of people. */
export interface Group {
  /** A uuid. */
  readonly id: string;
  readonly name: string;
  readonly members: Set<string>;
}

/** A role; who holds it is up to each project. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** A level of issue security: people, groups and roles that see the issues which have it. */
export interface SecurityLevel {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly accountIds: Set<string>;
  readonly groupIds: Set<string>;
  readonly roleIds: Set<string>;
  /** The reporter and the assignee see it too. */
  readonly participants: boolean;
}

/** How a project is set up, besides its permissions. */
export interface ProjectParts {
  readonly kind: 'software' | 'service_desk';
  /** Fields that its field configuration asks for in every create and edit. */
  readonly required: Set<string>;
  /** Fields off one screen alone; `hiddenFields` are off all. */
  readonly offCreate: Set<string>;
  readonly offEdit: Set<string>;
  readonly securityLevelIds: string[];
  defaultSecurityId: string | null;
  /** Account ids by role id. */
  readonly roleMembers: Map<string, Set<string>>;
}

export const newProjectParts = (): ProjectParts => ({
  kind: 'software',
  required: new Set(),
  offCreate: new Set(),
  offEdit: new Set(),
  securityLevelIds: [],
  defaultSecurityId: null,
  roleMembers: new Map(),
});
