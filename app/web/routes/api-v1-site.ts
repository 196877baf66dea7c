import { z } from 'zod';
import type { PageContext, Space } from '../../contract/synchronizations.ts';
import type { ConnectionId } from '../../core/ids.ts';
import { listSpaces } from '../../sync/list-spaces.ts';
import { sendRefusal } from '../errors.ts';
import type { ApiHandler, PersonHandler } from '../guards.ts';
import { refusalOfSetUp } from '../refusal-of-set-up.ts';
import { callerOf, hasValue } from '../set-up-answers.ts';
import type { ApiPorts } from './api-v1-ports.ts';

/** GET /api/v1/context */
export const contextGet =
  ({ names }: Pick<ApiPorts, 'names'>): PersonHandler =>
  async ({ tenantId, connectionId, projectId, projectKey, siteUrl }, _request, response) => {
    const projectName = await names.read({ siteTenantId: tenantId, connectionId, projectId, projectKey });
    response.json({ siteUrl, projectId, projectKey, projectName } satisfies PageContext);
  };

const spacesQuery = z.object({ connection: z.uuid().optional() });

/** GET /api/v1/spaces: of this site, or with ?connection= of the site behind it, those to choose from. */
export const spacesGet =
  ({ setUp }: Pick<ApiPorts, 'setUp'>): ApiHandler =>
  async (context, request, response) => {
    const query = spacesQuery.safeParse(request.query);
    if (!query.success) return sendRefusal(request, response, refusalOfSetUp({ code: 'connection-not-yours' }));
    const connectionId = (query.data.connection ?? null) as ConnectionId | null;
    const spaces = await listSpaces(setUp, callerOf(context), connectionId);
    if (!hasValue(request, response, spaces)) return;
    response.json({ spaces: spaces.value.map(({ projectId, projectKey, name }): Space => ({ projectId, projectKey, name })) });
  };
