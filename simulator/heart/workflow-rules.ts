/** What a workflow asks of a transition, and does after it. */
export interface TransitionRules {
  /** The fields of its screen; absent: no screen. */
  readonly screen?: readonly string[];
  /** Fields of the screen that must be given. */
  readonly required?: readonly string[];
  /** Who is offered it: all of them must hold. */
  readonly conditions?: readonly TransitionCondition[];
  /** What must be so for it to be taken. */
  readonly validators?: readonly TransitionValidator[];
  /** What happens after it. Absent: the resolution follows the status category. */
  readonly postFunctions?: readonly PostFunction[];
}

export type TransitionCondition =
  | { readonly kind: 'only-assignee' }
  | { readonly kind: 'only-reporter' }
  | { readonly kind: 'permission'; readonly permission: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'sub-tasks-done' };

export type TransitionValidator =
  | { readonly kind: 'field-required'; readonly fieldId: string; readonly message?: string }
  | { readonly kind: 'permission'; readonly permission: string };

export type PostFunction =
  | { readonly kind: 'set-resolution'; readonly resolutionId: string }
  | { readonly kind: 'clear-resolution' }
  | { readonly kind: 'assign-to-lead' }
  | { readonly kind: 'assign-to-reporter' }
  | { readonly kind: 'clear-field'; readonly fieldId: string };
