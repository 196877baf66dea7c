import { z } from 'zod';
import type { CommentId, EffectId, SynchronizationId, TenantId } from '../core/ids.ts';
import type { CommentEvent } from '../core/observation.ts';
import type { SecretBox } from './secret-box.ts';

/** Keeps what a webhook told of a comment's edit or deletion until its lane is worked off: content, so it is sealed for its site (docs/adr/0004). */
export interface CommentEventBox {
  /** Null when it is too large to be kept. */
  seal(siteTenantId: TenantId, event: CommentEvent): string | null;
  /** Null when it was sealed for another site, by a key that is gone, or is something else. */
  open(siteTenantId: TenantId, sealed: string): CommentEvent | null;
}

/** Changed with every change of what follows; never a form of an observation, which stands in the same place. */
const FORM = 'comment event 2';

/** As text, like an observation's. */
const LARGEST = 16 * 1024;

const kept = z.object({
  form: z.literal(FORM),
  kind: z.enum(['edited', 'deleted']),
  commentId: z.string().transform((id) => id as CommentId),
  editedAt: z.number(),
  words: z.string(),
  writer: z
    .object({
      synchronizationId: z.string().transform((id) => id as SynchronizationId),
      effectId: z.string().transform((id) => id as EffectId),
    })
    .nullable(),
});

const parse = (text: string): CommentEvent | null => {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = kept.safeParse(raw);
  if (!parsed.success) return null;
  const { form: _form, ...event } = parsed.data;
  return event;
};

/** Seals what webhooks show of comments with the data keys of the site's tenant. */
export const createCommentEventBox = (secretBox: SecretBox): CommentEventBox => ({
  seal(siteTenantId, event) {
    const text = JSON.stringify({ form: FORM, ...event });
    return text.length > LARGEST ? null : secretBox.seal(siteTenantId, text);
  },
  open(siteTenantId, sealed) {
    const opened = secretBox.open(siteTenantId, sealed);
    return opened.ok ? parse(opened.value) : null;
  },
});
