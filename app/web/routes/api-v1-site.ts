import type { PageContext, Space } from '../../contract/synchronizations.ts';
import { refusalOfOwnSite } from '../../sync/may-configure.ts';
import { sendRefusal } from '../errors.ts';
import type { PersonHandler } from '../guards.ts';
import { refusalOfSetUp } from '../set-up-answers.ts';
import type { ApiPorts } from './api-v1-ports.ts';

/** GET /api/v1/context */
export const contextGet =
  ({ names }: Pick<ApiPorts, 'names'>): PersonHandler =>
  async ({ tenantId, connectionId, projectId, projectKey, siteUrl }, _request, response) => {
    const projectName = await names.read({ siteTenantId: tenantId, connectionId, projectId, projectKey });
    response.json({ siteUrl, projectId, projectKey, projectName } satisfies PageContext);
  };

/** GET /api/v1/spaces: of this site, those that the person may browse. */
export const spacesGet =
  ({ setUp }: Pick<ApiPorts, 'setUp'>): PersonHandler =>
  async ({ tenantId, connectionId, accountId }, request, response) => {
    const jira = await setUp.sites.reach(tenantId, connectionId);
    if (jira === null) return sendRefusal(request, response, refusalOfSetUp({ code: 'site-unreachable' }));
    const spaces = await jira.listSpaces(accountId);
    if (!spaces.ok) return sendRefusal(request, response, refusalOfSetUp(refusalOfOwnSite(spaces.failure)));
    response.json({ spaces: spaces.value.map(({ projectId, projectKey, name }): Space => ({ projectId, projectKey, name })) });
  };
