import { eraseTenant } from '../../contract/administration.ts';
import { leave } from '../../sync/leave.ts';
import { type Refusal, sendRefusal } from '../errors.ts';
import type { PersonHandler } from '../guards.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { bodyOf } from './api-v1-synchronizations.ts';

const NOT_CONFIRMED: Refusal = {
  status: 422,
  code: 'erasure-not-confirmed',
  message: 'Nothing was erased, because the address that was entered is not that of your site.',
  remedy: 'If you mean it, enter the address of your site as it stands in the address bar, without a path.',
};

const bare = (url: string): string => url.trim().toLowerCase().replace(/\/+$/, '');

/** POST /api/v1/tenant/erase: 202, since the rows go within minutes. */
export const tenantErasePost =
  ({ administration }: Pick<ApiPorts, 'administration'>): PersonHandler =>
  async ({ tenantId, connectionId, accountId, siteUrl }, request, response) => {
    const body = bodyOf(eraseTenant, request, response);
    if (body === null) return;
    if (bare(body.confirm) !== bare(siteUrl)) return sendRefusal(request, response, NOT_CONFIRMED);
    await leave(administration.leaving, tenantId, connectionId, { kind: 'person', accountId });
    response.status(202).end();
  };
