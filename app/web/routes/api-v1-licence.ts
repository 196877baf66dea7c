import { type LicenceView, licenceFile } from '../../contract/licence.ts';
import type { LicenceFlaw } from '../../core/licence.ts';
import { keepLicence, type LicenceStanding, showLicence } from '../../sync/keep-licence.ts';
import { actorOf } from '../../sync/note-change.ts';
import { type Refusal, sendRefusal } from '../errors.ts';
import type { ApiHandler } from '../guards.ts';
import { callerOf } from '../set-up-answers.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { bodyOf } from './api-v1-synchronizations.ts';

const NOT_NEEDED: LicenceStanding = { state: 'not-needed', licence: null, taken: [] };

const REFUSALS: Readonly<Record<LicenceFlaw | 'licence-not-needed', Refusal>> = {
  'licence-unsigned': {
    status: 422,
    code: 'licence-unsigned',
    message: 'This licence was not signed by who issues licences for this Tandem, or was changed afterwards.',
    remedy: 'Upload the file exactly as you got it. If that does not help, ask who issued it.',
  },
  'licence-of-other': {
    status: 422,
    code: 'licence-of-other',
    message: 'This licence was issued for another Jira site.',
    remedy: 'Upload the licence of this site, or ask who issued it for one with the address of this site.',
  },
  'licence-expired': {
    status: 422,
    code: 'licence-expired',
    message: 'This licence has expired.',
    remedy: 'Upload one that is still good.',
  },
  'licence-not-needed': {
    status: 409,
    code: 'licence-not-needed',
    message: 'This Tandem works without licences, so there is nothing to upload.',
    remedy: 'Nothing to do. Who runs Tandem can ask for licences by setting LICENCE_PUBLIC_KEY.',
  },
};

const view = ({ state, licence, taken }: LicenceStanding): LicenceView => ({ state, licence, taken: [...taken] });

/** GET /api/v1/licence */
export const licenceGet =
  ({ licence }: Pick<ApiPorts, 'licence'>): ApiHandler =>
  async ({ tenantId }, _request, response) => {
    response.json(view(licence === null ? NOT_NEEDED : await showLicence(licence, tenantId)));
  };

/** PUT /api/v1/licence: the file as the body. */
export const licencePut =
  ({ licence }: Pick<ApiPorts, 'licence'>): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(licenceFile, request, response);
    if (body === null) return;
    if (licence === null) return sendRefusal(request, response, REFUSALS['licence-not-needed']);
    const kept = await keepLicence(licence, context.tenantId, actorOf(callerOf(context)), body);
    if (kept.ok) response.json(view(kept.value));
    else sendRefusal(request, response, REFUSALS[kept.failure]);
  };
