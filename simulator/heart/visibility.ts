/** Who alone may see a comment or worklog. */
export interface CommentVisibility {
  readonly type: 'role' | 'group';
  readonly value: string;
  readonly identifier: string | null;
}
