/**
 * Why a piece or an item was parked, declined or left alone: the closed list of codes that history lines, parked pieces and
 * lanes carry, with the sentence and the remedy shown to a Jira admin. Codes are stable; docs/troubleshooting.md lists each
 * one and a test keeps the two together. Texts name no content: they say which kind of thing, never which value.
 */
export interface Cause {
  /** What happened and why. One or two sentences. */
  readonly message: string;
  /** What the reader can do, or that nothing is needed. */
  readonly remedy: string;
}

export const CAUSES = {
  // What the configuration says
  'type-not-mapped': {
    message: 'The work type of this item has no counterpart in this synchronization, so the item is not synchronized.',
    remedy: 'Add the work type to the synchronization, or change the type of the item to one that is mapped.',
  },
  'status-not-mapped': {
    message: 'The status of the item has no counterpart at the other side, so the status was left as it is there.',
    remedy: 'Give the status the same name in both spaces, or move the item to a status that both have.',
  },
  direction: {
    message: 'This synchronization does not carry the change in this direction.',
    remedy: 'Nothing to do. To carry it, change the direction of the field, status or comments in the synchronization.',
  },
  'field-not-offered': {
    message: 'The work type of this item does not have the field at one of the sides, so it is not synchronized for this item.',
    remedy: 'Add the field to the work type in that space, or take it out of the synchronization.',
  },
  'restricted-comment': {
    message: 'The comment is visible to some roles or groups only (or internal), so it never leaves its site.',
    remedy: 'Nothing to do. To share it, post it again without the restriction.',
  },
  'conflict-lost': {
    message: 'Both sides changed this since they last agreed; the other side won by the rule of the synchronization.',
    remedy:
      'If the losing value was right, put it back under Conflicts, where it is kept for a time. The rule can be changed in the synchronization.',
  },
  'conflict-undecided': {
    message: 'Both sides changed this since they last agreed, and this synchronization asks a person which value stays.',
    remedy: 'Choose one under Conflicts. Until then each side keeps its own value, and everything else of the item goes on.',
  },
  'conflict-decided': {
    message: 'Both sides changed this since they last agreed, and an admin of one of the two spaces chose which value stays.',
    remedy: 'If the losing value was right after all, put it back under Conflicts, where it is kept for a time.',
  },

  // What Jira said
  'field-refused': {
    message:
      'Jira refused the value of this field: the field is not on the edit screen, is not editable, or does not take this value.',
    remedy:
      'Put the field on the create and edit screens of the work type at the other side, and check what values it takes. Then it is tried again by itself, within the hour.',
  },
  'no-direct-transition': {
    message: "The workflow at the other side has no transition from the item's present status to the wanted one.",
    remedy:
      'Add a transition between the two statuses that the app may use, or move the item there by hand. Then it is tried again by itself, within the hour.',
  },
  'transition-refused': {
    message: 'Jira refused the transition: a condition, a validator or a required field of its screen stands in the way.',
    remedy:
      'Allow the app the transition (conditions, validators, required fields), or move the item by hand. Then it is tried again by itself, within the hour.',
  },
  'required-field-missing': {
    message: 'The other side requires a field that this synchronization does not fill, so the item could not be made there.',
    remedy:
      'Make the field optional or give it a default at the other side, or add it to the synchronization. Then it is tried again by itself, within the hour.',
  },
  'request-rejected': {
    message: 'Jira refused the change as a whole without naming a field.',
    remedy:
      'Try the same change by hand at the other side: Jira shows there what it objects to. Then it is tried again by itself, within the hour.',
  },
  unauthorized: {
    message: "The site does not accept Tandem's requests any more: the app was removed there, or was installed anew.",
    remedy: 'Install the app again on that site (or re-enable it); what changed meanwhile is caught up.',
  },
  forbidden: {
    message: 'The app is known at the site but lacks the permission for this change.',
    remedy:
      'Give the app (project role "atlassian-addons-project-access") the permission in the permission scheme of the space. Then it is tried again by itself, within the hour.',
  },
  'item-missing': {
    message: 'Jira does not show the item: it is gone, or the app may not see it. Jira does not tell which.',
    remedy:
      'If the item still exists, give the app permission to browse it (also by security level). Tandem looks for it by itself, the more seldom the longer it is missing; an edit of either item makes it look at once.',
  },
  'too-large': {
    message: 'The text or the item is larger than the other side allows, or the item has as many comments as Jira permits.',
    remedy: 'Shorten the text (Jira takes 32,767 characters, a summary 255). Then it is tried again at once.',
  },
  contended: {
    message: 'Jira was changing the item at the same moment, again and again.',
    remedy: 'Nothing to do: it is tried again. If it stays, look for an automation that edits the item without pause.',
  },
  'rate-limited': {
    message:
      'Jira limits what the app may do in an hour. It asked Tandem to wait, or what is left is kept for more urgent changes. Nothing is lost.',
    remedy: 'Nothing to do: it goes on by itself, at the next full hour at the latest.',
  },
  'still-unavailable': {
    message: 'The site has not answered for a long time, or answers with errors.',
    remedy: 'Check that the site is up. It is tried again by itself; everything that changed meanwhile is caught up.',
  },
  'still-uncertain': {
    message: 'A change was sent but never acknowledged, and it could not be found out whether it happened.',
    remedy:
      'It is looked up again by itself before anything is repeated. If it stays, compare the two items and edit one of them.',
  },

  // What happened to the item or the synchronization
  'partner-unreachable': {
    message: 'The app is not installed or is disabled on one of the two sites, so the change waits.',
    remedy: 'Install or enable the app there, or ask an admin of that site; what changed meanwhile is caught up.',
  },
  'moved-away': {
    message: 'The item was moved to a space that this synchronization does not cover. Both items stay as they are.',
    remedy: 'Move it back to have it synchronized again.',
  },
  'came-around': {
    message:
      'The item came here through other synchronizations from the very space that its twin would be made in, so none is made.',
    remedy:
      'Nothing to do: the item exists there already. Synchronizations that form a ring carry the same items twice; one of them can be deleted.',
  },

  // What Tandem stops by itself
  'ping-pong': {
    message:
      'Two values took turns here again and again within minutes, as when two automations undo each other. This one piece is frozen; the rest of the item goes on.',
    remedy:
      'Look for the rule on either side that sets it back, and change one of the two. It goes on by itself after an hour (longer each time that it begins again), or at once when both sides show the same.',
  },
  'mass-deletion': {
    message:
      'Many comments were deleted within minutes, more than anybody deletes by hand, so deletions are not carried over until a person agrees.',
    remedy: 'Press Decide at the synchronization: it shows how many wait. Carry them out, or bring the comments back.',
  },
  'mass-clear': {
    message:
      'Many fields were emptied within minutes, more than anybody empties by hand, so this is not carried over until a person agrees.',
    remedy: 'Press Decide at the synchronization: it shows how many wait. Carry them out, or bring the values back.',
  },
  'mass-overwrite': {
    message:
      'Many values would be overwritten within minutes, because both sides had changed them, so this is not carried over until a person agrees.',
    remedy: 'Press Decide at the synchronization: it shows how many wait. Carry them out, or leave both sides as they are.',
  },
} as const satisfies Record<string, Cause>;

export type CauseCode = keyof typeof CAUSES;

/** Whether this version knows the code. */
export const isCauseCode = (code: string): code is CauseCode => Object.hasOwn(CAUSES, code);

/** The texts of a stored code. A code that an older version wrote and this one does not know is shown as it is. */
export const describeCause = (code: string): Cause =>
  isCauseCode(code)
    ? CAUSES[code]
    : {
        message: `Stopped for the reason "${code}", which this version does not know.`,
        remedy: 'Edit the item once more; if it stays, report the code.',
      };
