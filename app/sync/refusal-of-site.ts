import type { Failure } from '../core/failure.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

/** What an admin is told when a site did not do what they asked for; `whose`: of their own site or the partner's. */
export function refusalOfSite(failure: Failure, whose: 'own' | 'partner'): SetUpRefusal {
  switch (failure.kind) {
    case 'rate-limited':
    case 'contended':
      return { code: 'site-busy' };
    case 'unavailable':
    case 'unauthorized':
      return { code: whose === 'own' ? 'site-unreachable' : 'partner-unreachable' };
    case 'uncertain':
      return { code: 'put-back-uncertain' };
    case 'missing':
      return { code: 'item-not-reachable' };
    case 'forbidden':
    case 'too-large':
    case 'rejected':
      return { code: 'put-back-refused' };
  }
}
