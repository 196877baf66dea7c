import { z } from 'zod';
import type { FieldId, IssueId, IssueKey, ProjectId, TenantId } from '../core/ids.ts';
import type { Observation } from '../core/observation.ts';
import type { SecretBox } from './secret-box.ts';

/** Keeps what a webhook told until its lane is worked off: content, so it is sealed for the site that sent it (docs/adr/0004). */
export interface ObservationBox {
  /** Null when it is too large to be kept: then the item is to be looked at. */
  seal(siteTenantId: TenantId, observation: Observation): string | null;
  /** Null when it was sealed for another site, by a key that is gone, or in another form: then the item is to be looked at. */
  open(siteTenantId: TenantId, sealed: string): Observation | null;
}

/** Changed with every change of what follows, so that a version that does not know a form looks instead of guessing. */
const FORM = 4;

/** As text. A typical one takes 1 KB; a lane keeps 32, and a read is cheaper than moving what is far larger through every claim. */
const LARGEST = 16 * 1024;

const named = z.object({ id: z.string(), name: z.string() });

/** Every kind but rich text, which no webhook tells. */
const value = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('set'), members: z.array(z.string()) }),
  z.object({ kind: z.literal('option'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('date'), date: z.string() }),
]);

const field = z.string().transform((id) => id as FieldId);

const kept = z.object({
  form: z.literal(FORM),
  event: z.enum(['created', 'updated']),
  issueId: z.string().transform((id) => id as IssueId),
  issueKey: z.string().transform((key) => key as IssueKey),
  projectId: z.string().transform((id) => id as ProjectId),
  type: named,
  status: named,
  createdAt: z.number(),
  updatedAt: z.number(),
  fields: z.array(z.tuple([field, value])).transform((fields) => new Map(fields)),
  richFilled: z.array(field),
  changes: z.array(
    z.object({
      id: z.number().nullable(),
      at: z.number(),
      field: z.string(),
      from: value.nullable(),
      to: value.nullable(),
      fromText: z.string().nullable(),
      toText: z.string().nullable(),
    }),
  ),
  changeId: z.number().nullable(),
});

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const parse = (text: string): Observation | null => {
  const parsed = kept.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { form: _form, ...observation } = parsed.data;
  return observation;
};

/** Seals what webhooks show with the data keys of the site's tenant. */
export const createObservationBox = (secretBox: SecretBox): ObservationBox => ({
  seal(siteTenantId, observation) {
    const text = JSON.stringify({ form: FORM, ...observation, fields: [...observation.fields] });
    return text.length > LARGEST ? null : secretBox.seal(siteTenantId, text);
  },
  open(siteTenantId, sealed) {
    const opened = secretBox.open(siteTenantId, sealed);
    return opened.ok ? parse(opened.value) : null;
  },
});
