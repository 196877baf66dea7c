/** How Jira says no: a status and the two kinds of messages. */
export interface Refusal {
  readonly status: number;
  readonly errorMessages: readonly string[];
  /** By field id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** An expected no is a value, as everywhere in this house. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const done = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const refuse = (status: number, ...errorMessages: string[]): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { status, errorMessages, errors: {} },
});
export const refuseFields = (
  status: number,
  errors: Readonly<Record<string, string>>,
): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { status, errorMessages: [], errors },
});
