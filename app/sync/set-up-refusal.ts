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
  'not-site-admin': {
    message: 'Only admins of the site may do that, and Jira says that you are none.',
    remedy: 'Ask an admin of the site.',
  },
  'not-in-group': {
    message:
      'An admin of this site chose that only members of certain groups may configure synchronizations, and you are in none of them.',
    remedy: 'Ask an admin of the site to add you to one of these groups, or to choose others in the settings of Tandem.',
  },
  'scope-missing': {
    message: 'The API token does not have the scope that this needs.',
    remedy: 'Make a token with that scope, or ask who manages the tokens of your site.',
  },
  'space-needed': {
    message: 'This is asked from within a space, and an API token is in none.',
    remedy: 'Say which space is meant, by connection and key.',
  },
  // One answer for: no such site, the app is not there, no such space, the site is silent. Who asks must not learn which spaces a
  // site has. (Whether it has the app is no secret: probing its address says so, since the way in depends on it.)
  'partner-not-found': {
    message: 'No space with that key can be reached on that site.',
    remedy:
      'Check the address of the site and the key of the space, and that the app is installed and enabled on that site. If both are right, try again in some minutes.',
  },
  'too-many-lookups': {
    message: 'Your site has looked for many spaces of other sites lately that are not there.',
    remedy: 'Ask the partner for the exact key of the space, and try again in some minutes.',
  },
  'space-not-found': {
    message:
      'The site shows no such space: it is gone, its key is another one, or the user that Tandem works as may not browse it.',
    remedy: 'Check the key of the space, and that the user of the connection may browse it.',
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
  'draft-open': {
    message: 'The partner has sent a draft of another change, and it waits for your answer.',
    remedy: 'Accept or decline that draft first.',
  },
  'no-draft': {
    message: 'There is no draft that waits for an answer.',
    remedy: 'Reload the page: it was answered or withdrawn meanwhile.',
  },
  'own-draft': {
    message: 'Your own side made this draft, so the partner has to answer it.',
    remedy: 'Wait for the partner, or withdraw the draft.',
  },
  'partner-draft': {
    message: 'The partner made this draft, so only the partner can withdraw it.',
    remedy: 'Decline it if it should not count.',
  },
  'partner-not-asked': {
    message: 'The partner site has not installed the app, so nobody there could accept a draft.',
    remedy: 'Leave the mode at immediate, or let the partner install the app and set the synchronization up anew.',
  },
  'terms-changed': {
    message: 'Somebody changed or answered this since you looked, so nothing was done.',
    remedy: 'Reload the page, look at it again, then decide.',
  },
  'version-not-found': {
    message: 'This synchronization has no version with that number.',
    remedy: 'Reload the list of versions.',
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
    remedy:
      'Try again in some minutes. If it stays, ask an admin of that site to enable the app; if it is reached by a connection, look at that connection.',
  },
  'authentication-needed': {
    message:
      'A connection that this needs waits for somebody to authenticate at its site, or the site does not accept its credentials any more.',
    remedy: 'Open the connection, press Authenticate, or copy the link and send it to whoever may log in there as the sync user.',
  },
  'connection-not-yours': {
    message: 'There is no connection with that id that you may use.',
    remedy:
      'A connection is for who made it, for admins of the site and for API tokens. Make one of your own, or ask one of them.',
  },
  'connection-unfit': {
    message: 'This connection leads to another site, or to another kind of site, than the one that is being set up.',
    remedy: 'Choose a connection to the site whose address you entered, or correct the address.',
  },
  'other-space-admin-needed': {
    message: 'The other space is of your own site, and you are not one of its admins.',
    remedy: 'Send a request to that space instead: its admins are asked then.',
  },
  'set-up-not-found': {
    message:
      'There is no set-up with that id that you may go on with: it was finished or removed, was not touched for 30 days, or somebody else began it.',
    remedy: 'Begin a new one, or reload the overview.',
  },
  'set-up-unfinished': {
    message: 'Something is still missing before this set-up can be finished.',
    remedy: 'Do the step that it names as the next one.',
  },
  'too-many-set-ups': {
    message: 'Your site has 500 set-ups that were begun and not finished, which is the most that are kept.',
    remedy: 'Finish or remove some of them. Those that nobody touches for 30 days are removed by themselves.',
  },
  'group-not-found': {
    message: 'The site has no group of one of these names.',
    remedy: 'Write the names exactly as the site does, small and capital letters included.',
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
  'brake-answered': {
    message: 'Somebody has answered this already, on this side or the other, so your answer changed nothing.',
    remedy: 'Reload the overview. The history says whether it was carried out or taken back.',
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
  'licence-missing': {
    message: 'A site without the app is synchronized only under a remote licence, and your site has none that is for it.',
    remedy: 'Ask an admin of your Jira site to upload the licence file, or to get one.',
  },
  'licence-expired': {
    message: 'The remote licence of your site has expired, so nothing new starts. What runs goes on.',
    remedy: 'Ask an admin of your Jira site to renew the licence and upload the new file.',
  },
  'licence-endpoints-used-up': {
    message: 'Your site is synchronized with as many partner sites as its remote licence allows.',
    remedy:
      'Stop all synchronizations with one of them, or ask an admin of your Jira site for a licence with more. The page of the licence lists which are taken.',
  },
} as const satisfies Record<string, { message: string; remedy: string }>;

export type SetUpRefusalCode = keyof typeof SET_UP_REFUSALS;

export interface SetUpRefusal {
  readonly code: SetUpRefusalCode;
}
