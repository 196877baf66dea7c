import { answer, numberOf, recordOf, say } from '../cloud/route.ts';
import type { PersonalToken } from '../identity/data-center-access.ts';
import { makePersonalToken } from '../identity/personal-tokens.ts';
import { jiraTime } from '../shapes/people.ts';
import type { DataCenterRoute } from './webhook-routes.ts';

const BASE = '/rest/pat/latest/tokens';

const shape = (token: PersonalToken): Record<string, unknown> => ({
  id: token.id,
  name: token.name,
  createdAt: jiraTime(token.createdAt),
  ...(token.expiresAt === null ? {} : { expiringAt: jiraTime(token.expiresAt) }),
  ...(token.lastUsedAt === null ? {} : { lastAccessedAt: jiraTime(token.lastUsedAt) }),
});

/** Personal access tokens: made by their person, shown in full once. */
export const PERSONAL_TOKEN_ROUTES: readonly DataCenterRoute[] = [
  {
    method: 'post',
    path: BASE,
    scope: 'WRITE',
    handle: ({ body, actor }, { heart, access }) => {
      const { name, expirationDuration } = recordOf(body);
      if (typeof name !== 'string' || name.trim() === '') return say(400, 'The name of the token is required.');
      const days = expirationDuration === undefined || expirationDuration === null ? null : numberOf(expirationDuration, 0);
      if (days === 0) return say(400, 'The expiry of the token must be at least one day.');
      const token = makePersonalToken(heart, access, actor.user, name, days);
      return token === null
        ? say(400, 'You have reached the limit of personal access tokens.')
        : answer(201, { ...shape(token), rawToken: token.token });
    },
  },
  {
    method: 'get',
    path: BASE,
    scope: 'READ',
    handle: ({ actor }, { access }) =>
      answer(200, [...access.personalTokens.values()].filter((token) => token.userKey === actor.user.accountId).map(shape)),
  },
  {
    method: 'delete',
    path: `${BASE}/{tokenId}`,
    scope: 'WRITE',
    handle: ({ params, actor }, { access }) => {
      const token = access.personalTokens.get(Number(params['tokenId']));
      if (token === undefined || token.userKey !== actor.user.accountId) return say(404, 'The token does not exist.');
      access.personalTokens.delete(token.id);
      return answer(204);
    },
  },
];
