/** The words about what was stopped because it was so much; a part of `text`. */
export const brakeText = {
  lozenge: { deletion: 'Stopped: many deletions', clear: 'Stopped: emptied fields', overwrite: 'Stopped: many overwrites' },
  hint: 'More of this came within ten minutes than anybody does by hand. Everything else goes on. Decide what should happen to it.',
  title: (name: string) => `Stopped in “${name}”`,
  since: (when: string) => `It stopped ${when.charAt(0).toLowerCase()}${when.slice(1)}.`,
  later: 'Decide later',
  carryOut: 'Carry out',
  restGoesOn:
    'All other changes go on crossing meanwhile. What waits stays as it is on both sides until you decide, however long that takes, and what somebody puts right by hand no longer waits.',
  kinds: {
    deletion: {
      heading: 'Many deleted comments',
      happened: (counted: number) =>
        `${counted} comments were deleted within ten minutes. Nobody does that by hand, so Tandem stopped carrying deletions over.`,
      waiting: (waiting: number) =>
        waiting === 1 ? '1 deletion waits for your decision.' : `${waiting} deletions wait for your decision.`,
      carryOut: 'Carry out: the comments are deleted on the other side too. This cannot be undone.',
      takeBack:
        'Bring back: what is left on the other side is copied again to where it was deleted, if that direction is synchronized.',
      takeBackLabel: 'Bring back',
    },
    clear: {
      heading: 'Many emptied fields',
      happened: (counted: number) =>
        `${counted} fields were emptied within ten minutes. Nobody does that by hand, so Tandem stopped carrying emptied fields over.`,
      waiting: (waiting: number) =>
        waiting === 1 ? '1 emptied field waits for your decision.' : `${waiting} emptied fields wait for your decision.`,
      carryOut: 'Carry out: the fields are emptied on the other side too.',
      takeBack:
        'Bring back: the values of the other side are written to where the fields were emptied, if that direction is synchronized.',
      takeBackLabel: 'Bring back',
    },
    overwrite: {
      heading: 'Many overwritten values',
      happened: (counted: number) =>
        `${counted} values that both sides had changed were overwritten within ten minutes, so Tandem stopped overwriting.`,
      waiting: (waiting: number) =>
        waiting === 1 ? '1 value waits for your decision.' : `${waiting} values wait for your decision.`,
      carryOut:
        'Carry out: the values cross by the rule of the synchronization; those that lose are kept for a time under Conflicts.',
      takeBack: 'Leave as they are: each side keeps its own value, until somebody changes one of them again.',
      takeBackLabel: 'Leave as they are',
    },
  },
  answered: {
    'carry-out': (name: string) => ({
      title: 'Carried out',
      body: `What waited in “${name}” crosses now, as fast as Jira allows.`,
    }),
    'take-back': (name: string) => ({
      title: 'Taken back',
      body: `What waited in “${name}” does not cross. What is to be brought back is written as fast as Jira allows.`,
    }),
  },
};
