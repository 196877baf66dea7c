import type { SeenCall } from '../calls.ts';
import type { Property } from './property.ts';

/** What a refusal for too many calls closes, or null for what closes nothing that could be asked for again by mistake. */
function closedBy(call: SeenCall): ((later: SeenCall) => boolean) | null {
  const path = (one: SeenCall): string => (one.path.split('?')[0] ?? '').replaceAll(/\/\d+/g, '/{id}');
  const reason = call.answerHeaders['ratelimit-reason'] ?? '';
  if (reason === 'jira-quota-global-based') return () => true;
  if (reason === 'jira-quota-tenant-based') return (later) => later.origin === call.origin;
  if (reason === 'jira-burst-based')
    return (later) => later.origin === call.origin && later.method === call.method && path(later) === path(call);
  if (reason === 'jira-per-issue-on-write')
    return (later) => later.origin === call.origin && later.method === call.method && later.path === call.path;
  return null;
}

export const quota: Property = {
  name: 'quota',
  promise: 'A process that Jira told to wait does not ask again before that time.',
  check: ({ calls }) =>
    calls.flatMap((refused, place) => {
      const seconds = Number(refused.answerHeaders['retry-after'] ?? Number.NaN);
      const isClosed = refused.status === 429 ? closedBy(refused) : null;
      const { answeredAt } = refused;
      if (isClosed === null || answeredAt === null || Number.isNaN(seconds)) return [];
      const until = answeredAt + seconds * 1000;
      return calls
        .slice(place + 1)
        .filter((later) => later.process === refused.process && later.at > answeredAt && later.at < until && isClosed(later))
        .slice(0, 1)
        .map((later) => `${later.method} ${later.path} ${until - later.at} ms before the time that Jira gave`);
    }),
};
