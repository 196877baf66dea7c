/** The HTTP API of the remote licence. Strict: unknown keys are refused. */
import { z } from 'zod';

/** As it stands in the licence file. What the fields mean: app/core/licence.ts. */
const licence = z.strictObject({
  product: z.literal('tandem-remote'),
  id: z.string().min(1).max(100),
  holder: z.string().min(1).max(200),
  site: z.string().max(2000).nullable(),
  tenant: z.string().max(100).nullable(),
  issued: z.iso.date(),
  expires: z.iso.date(),
  endpoints: z.number().int().min(1).max(1_000_000),
});

/** The licence file, as it was issued. */
export const licenceFile = z.strictObject({ licence, signature: z.string().min(1).max(200) });
export type LicenceFile = z.infer<typeof licenceFile>;

/** `state` other than `valid` and `not-needed`: nothing with a site without the app starts; what runs goes on. */
export const licenceStanding = z.strictObject({
  state: z.enum(['not-needed', 'missing', 'valid', 'licence-unsigned', 'licence-of-other', 'licence-expired']),
  licence: licence.nullable(),
  /** Partner sites that are taken now, and by how many synchronizations. */
  taken: z.array(z.strictObject({ siteUrl: z.string(), synchronizations: z.number() })),
});
export type LicenceView = z.infer<typeof licenceStanding>;

/**
 * | method and path        | body        | answer |
 * |---|---|---|
 * | GET    /api/v1/licence |             | LicenceView |
 * | PUT    /api/v1/licence | LicenceFile | LicenceView; `licence-unsigned`, `licence-of-other`, `licence-expired`: it was not taken |
 */
