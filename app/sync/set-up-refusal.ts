/**
 * Why a set-up step, or an answer to a conflict, was not done: a closed list of stable codes with their texts, as core/causes.ts has for pieces.
 * docs/troubleshooting.md lists each one.
 */
export const SET_UP_REFUSALS = {
  'synchronization-not-found': {
    message: 'This space takes part in no synchronization with that id.',
    remedy: 'Reload the overview: it may have been deleted by the partner.',
  },
  'not-space-admin': {
    message: 'Only admins of this space may do that, and Jira says that you are none.',
    remedy: 'Ask an admin of the space, or become one.',
  },
  'scope-missing': {
    message: 'The API token does not have the scope that this needs.',
    remedy: 'Make a token with that scope, or ask who manages the tokens of your site.',
  },
  'space-needed': {
    message: 'This is asked from within a space, and an API token is in none.',
    remedy: 'Say which space is meant, by connection and key.',
  },
  // One answer for: no such site, the app is not there, no such space, the site is silent. Who asks must not learn which
  // sites have the app.
  'partner-not-found': {
    message: 'No space with that key can be reached on that site.',
    remedy:
      'Check the address of the site and the key of the space, and that the app is installed and enabled on that site. If both are right, try again in some minutes.',
  },
  'same-space': {
    message: 'A space cannot be synchronized with itself.',
    remedy: 'Choose another space.',
  },
  'already-synchronized': {
    message: 'These two spaces have a synchronization or a request already; a second one would make every item twice.',
    remedy: 'Use the one in the overview, or delete it first.',
  },
  'state-forbids': {
    message: 'That is not possible in the present state of the synchronization.',
    remedy:
      'Reload the page to see its state. A running one is stopped before it is deleted; a request cannot be changed while the partner decides.',
  },
  'side-forbids': {
    message: 'That is for the other side to decide.',
    remedy: 'Ask an admin of the partner space.',
  },
  'no-common-types': {
    message: 'The two spaces have no work type of the same name, so nothing could be synchronized.',
    remedy: 'Give at least one work type the same name in both spaces, then accept again.',
  },
  'site-unreachable': {
    message: 'Your Jira site did not answer.',
    remedy: 'Try again in a minute. If it stays, check that the app is enabled on the site.',
  },
  'partner-unreachable': {
    message: 'The site of the partner space does not answer, or the app is not enabled there.',
    remedy: 'Ask an admin of that site to enable the app, or try again in some minutes.',
  },
  'site-busy': {
    message: 'Jira asked Tandem to wait before the next request.',
    remedy: 'Try again in some minutes, at the latest after the full hour.',
  },
  'conflict-not-found': {
    message: 'This conflict is not open any more.',
    remedy: 'Nothing to do: it was decided, or both sides came to the same by themselves. Reload the list.',
  },
  'conflict-changed': {
    message: 'One of the two values changed since you looked, so nothing was decided.',
    remedy: 'Look at both values again, then decide.',
  },
  'kept-value-not-found': {
    message: 'This value is not kept any more: it was put back, or its time is over.',
    remedy: "Reload the list. Jira's own history of the item still shows the value.",
  },
  'kept-value-unreadable': {
    message: 'This value was sealed with a key that Tandem does not have any more.',
    remedy:
      "Take the value from Jira's own history of the item, or give Tandem its older key back (TANDEM_ENCRYPTION_KEYS_OLDER).",
  },
  'value-not-shared': {
    message: 'This value never left its own site, and may hold what this synchronization does not carry to your space.',
    remedy: 'Ask an admin of the partner space.',
  },
  'put-back-under-way': {
    message: 'Somebody is putting this value back at this moment.',
    remedy: 'Reload the list in a minute.',
  },
  'put-back-refused': {
    message: 'Jira refused to put the value back: the field or status cannot be set that way now, or the app may not.',
    remedy: 'Set the value by hand in that item: Jira shows there what it objects to.',
  },
  'put-back-uncertain': {
    message: 'The site did not acknowledge that the value was put back.',
    remedy: 'Look at the item. If it does not show the value, put it back again: nothing is written twice.',
  },
  'item-not-reachable': {
    message:
      'Jira does not show the item, or the comment, in its space any more: it is gone, was moved, or the app may not see it.',
    remedy: 'If it still exists, move it back or give the app the permission to browse it, then try again.',
  },
} as const satisfies Record<string, { message: string; remedy: string }>;

export type SetUpRefusalCode = keyof typeof SET_UP_REFUSALS;

export interface SetUpRefusal {
  readonly code: SetUpRefusalCode;
}
