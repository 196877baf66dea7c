import { z } from 'zod';
import type { AccountId } from '../core/ids.ts';
import type { PersonalData, ReportAccounts, ReportAnswer } from '../sync/personal-data-ports.ts';
import { jsonOf, type Reply, type SendHttp } from './send-http.ts';
import type { Transports } from './transport.ts';

/** https://developer.atlassian.com/cloud/jira/platform/user-privacy-developer-guide: accounts that need something done; 204: none does. */
const answerBody = z.object({
  accounts: z.array(z.object({ accountId: z.string(), status: z.enum(['closed', 'updated']) })),
});

const PATH = '/app/report-accounts/';
/** Where Atlassian says only that it is too much. */
const DEFAULT_WAIT_MS = 60_000;

export interface ReportParts {
  readonly personalData: Pick<PersonalData, 'findReporter'>;
  /** Ways to sites that somebody consented to: each such consent speaks for the app. */
  readonly transports: Transports;
  readonly send: SendHttp;
  /** `https://api.atlassian.com` */
  readonly apiUrl: string;
}

const numberIn = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null;

function readAnswer(reply: Reply): ReportAnswer {
  const { status, headers } = reply;
  const period = numberIn(headers['cycle-period']);
  if (status === 204) return { kind: 'answered', closed: [], updated: [], period };
  if (status === 429) {
    const seconds = numberIn(headers['retry-after']);
    return { kind: 'wait', ms: seconds === null ? DEFAULT_WAIT_MS : seconds * 1_000 };
  }
  if (status === 401 || status === 403) return { kind: 'failed', why: 'refused' };
  const body = status === 200 ? answerBody.safeParse(jsonOf(reply)) : null;
  if (body?.success !== true) return { kind: 'failed', why: 'unreachable' };
  const of = (wanted: 'closed' | 'updated'): AccountId[] =>
    body.data.accounts.flatMap(({ accountId, status: is }) => (is === wanted ? [accountId as AccountId] : []));
  return { kind: 'answered', closed: of('closed'), updated: of('updated'), period };
}

/**
 * Reports stored accounts to Atlassian, as the app that somebody consented to. Without any such consent there is no way: an app that is only
 * installed has no credentials there.
 */
export const createReportAccounts =
  ({ personalData, transports, send, apiUrl }: ReportParts): ReportAccounts =>
  async (accounts) => {
    const reporter = await personalData.findReporter();
    const way = reporter === null ? null : await transports.reach(reporter.tenantId, reporter.connectionId);
    if (way?.ok !== true) return { kind: 'failed', why: 'no-way' };
    const signed = await way.value.authorize('POST', PATH);
    if (!signed.ok) return { kind: 'failed', why: 'no-way' };
    const json = {
      accounts: accounts.map(({ accountId, updatedAt }) => ({ accountId, updatedAt: new Date(updatedAt).toISOString() })),
    };
    const reply = await send({ method: 'POST', url: `${apiUrl}${PATH}`, headers: { ...signed.value }, json });
    return reply.ok ? readAnswer(reply.value) : { kind: 'failed', why: 'unreachable' };
  };
