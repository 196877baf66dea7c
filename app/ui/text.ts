import { brakeText } from './brake-text.ts';

/**
 * Every word the page shows. Written for a Jira admin: what happened, why, what to do. Words as in docs/glossary.md.
 * Another language is another value of the type `Text`.
 */
const english = {
  locale: 'en',
  appTitle: 'Tandem',

  fields: { summary: 'Summary', description: 'Description', priority: 'Priority', labels: 'Labels', duedate: 'Due date' },
  pieces: { item: 'Work item', status: 'Status', comment: 'Comment', comments: 'Comments', synchronization: 'Synchronization' },

  status: {
    incomingRequest: 'Incoming request',
    requestSent: 'Request sent',
    running: 'Running',
    stopped: 'Stopped',
    declined: 'Declined',
    expired: 'Expired',
  },

  /** One per outcome of a history line (app/sync/ports.ts, HistoryOutcome). */
  outcomes: {
    applied: 'Copied',
    echo: 'Nothing to copy',
    agreed: 'Already equal',
    overwritten: 'Overwritten',
    declined: 'Not copied',
    parked: 'Parked',
    created: 'Twin created',
    'item-gone': 'Item gone',
    'put-back': 'Put back',
    waiting: 'Waiting',
    braked: 'Stopped',
    released: 'Carried out',
    'taken-back': 'Taken back',
  },

  actions: {
    newSynchronization: 'New synchronization',
    next: 'Next',
    back: 'Back',
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    tryAgain: 'Try again',
    sendRequest: 'Send request',
    accept: 'Accept',
    decline: 'Decline',
    sendAgain: 'Send again',
    'view-request': 'View request',
    start: 'Start',
    stop: 'Stop',
    'edit-content': 'Edit content',
    history: 'History',
    conflicts: 'Conflicts',
    brake: 'Decide',
    delete: 'Delete',
    moreFor: (name: string) => `More actions for ${name}`,
    menu: 'Actions',
  },

  list: {
    title: 'Synchronizations',
    intro: (space: string) => `What ${space} keeps in step with other spaces, on this site or another.`,
    table: 'Synchronizations',
    loading: 'Loading synchronizations',
    columns: {
      name: 'Name',
      partner: 'Partner',
      status: 'Status',
      lastActivity: 'Last activity',
      errors: 'Errors',
      actions: 'Actions',
    },
    thisSite: 'This site',
    authenticationNeeded: 'Needs authentication',
    never: 'Nothing yet',
    justNow: 'Just now',
    noErrors: 'None',
    errors: (count: number) => `${count} parked`,
    errorsHint:
      'Parked pieces wait until what stopped them is over, or, for a conflict, for your decision. Everything else goes on. Open the history to see why, and what to do.',
  },

  empty: {
    title: 'Keep this space in step with another one',
    body: (space: string) =>
      `A synchronization links ${space} to one other space, on this site or on another one. When a work item changes on either side, its twin on the other side follows. You choose which fields, statuses and comments take part, and in which direction. Nothing is copied before an admin of the other space accepts your request and one of you starts the synchronization.`,
  },

  wizard: {
    title: 'New synchronization',
    progress: (step: number, steps: number) => `Step ${step} of ${steps}`,
    steps: { partner: 'Partner', name: 'Name', content: 'Content', overview: 'Overview' },
    headings: {
      partner: 'Which space should this one be in step with?',
      name: 'What should it be called?',
      content: 'What should be synchronized?',
      overview: 'Does this look right?',
    },
    partnerKind: 'Where is the other space?',
    sameSite: 'On this site',
    otherSite: 'On another Jira site',
    space: 'Space',
    spacePlaceholder: 'Choose a space',
    spaceHint: 'Spaces of this site. Only spaces that Tandem can see are listed.',
    noSpaces: 'There is no other space on this site that Tandem can see. Choose “On another Jira site”, or create a space first.',
    loadingSpaces: 'Loading the spaces of this site',
    siteUrl: 'Address of the Jira site',
    siteUrlPlaceholder: 'https://your-partner.atlassian.net',
    siteUrlHint: 'The address at which people open that Jira. Tandem must be installed there too.',
    spaceKey: 'Space key',
    spaceKeyPlaceholder: 'For example ENG',
    spaceKeyHint: 'The letters before the number in a work item key: ENG for ENG-42. Your partner can tell you.',
    name: 'Name',
    nameHint: 'Shown to the admins of both spaces.',
    description: 'Description',
    descriptionHint: 'Optional. Tell your partner what this is for; they read it before they accept.',
    overview: {
      thisSpace: 'This space',
      partner: 'Partner',
      name: 'Name',
      description: 'Description',
      content: 'Content',
      none: 'None',
      next: (space: string) =>
        `Nothing is copied yet. ${space} gets a request, which an admin of that space accepts or declines on this same page over there. After that, either side starts the synchronization.`,
    },
    sent: (space: string) => ({
      title: 'Request sent',
      body: `An admin of ${space} has to accept it. You will see the answer in the list of synchronizations.`,
    }),
    problems: {
      noSpace: 'Choose the space that this one should be in step with.',
      noSite: 'Enter the address of the other Jira site, for example https://your-partner.atlassian.net.',
      badSite: 'This is not a web address of a Jira site. Copy it from the browser of someone who uses that Jira.',
      ownSite: 'This is the site you are on. Choose “On this site” above and pick the space from the list.',
      noKey: 'Enter the key of the other space, for example ENG.',
      badKey: 'A space key starts with a letter and has only letters, digits and underscores, for example ENG.',
      noName: 'Give the synchronization a name, so that both sides know what it is for.',
      longName: (limit: number) => `A name has at most ${limit} characters. Shorten it.`,
      longDescription: (limit: number) => `A description has at most ${limit} characters. Shorten it.`,
    },
  },

  content: {
    table: 'What is synchronized',
    columns: { piece: 'Synchronize', direction: 'Direction', conflict: 'If both sides changed it' },
    directionOf: (piece: string) => `Direction of ${piece}`,
    conflictOf: (piece: string) => `If both sides changed ${piece}`,
    both: 'Both ways',
    oneWay: (from: string, to: string) => `${from} → ${to}`,
    newest: 'The newest change wins',
    ask: 'Ask a person',
    merges: 'Both sides’ changes stay',
    sideWins: (side: string) => `${side} wins`,
    sourceWins: (side: string) => `${side} always wins`,
    authorLine: 'Name the author in the first line of a copied comment',
    authorLineShort: 'with the author’s name',
    strict: 'Read both sides before each write (strict)',
    strictHint:
      'Costs about five times as many calls to Jira for each change, from an hourly allowance that all changes share. Without it an edit that comes in between is noticed after the write, and the value it lost is kept.',
    strictShort: 'Strict: both sides are read before each write.',
    nothingTicked: 'Tick at least one thing to synchronize. A synchronization of nothing would look as if it worked.',
    matching:
      'Work types, statuses and priorities are matched by name. What has no match on the other side is left alone and shown in the history.',
  },

  request: {
    loading: 'Loading the request',
    incomingTitle: 'Request to synchronize this space',
    sentTitle: 'Request sent',
    declinedTitle: 'Declined request',
    expiredTitle: 'Expired request',
    asks: (partner: string, site: string, here: string) =>
      `An admin of ${partner} on ${site} asks to keep that space in step with ${here}.`,
    waits: (partner: string, site: string) =>
      `${partner} on ${site} has not answered yet. An admin of that space finds the request under Tandem in the space settings there and can accept or decline it. To withdraw it, delete it.`,
    theyDeclined: (partner: string, site: string) =>
      `An admin of ${partner} on ${site} declined the request. Nothing was copied. Once you have talked to them, send it again as it is; to ask for something else, delete it and create another one.`,
    weDeclined: (partner: string, site: string) =>
      `The request of ${partner} on ${site} was declined here. Nothing was copied. If that was a mistake, ask an admin there to send it again.`,
    theyWereSilent: (partner: string, site: string) =>
      `Nobody in ${partner} on ${site} answered the request within 30 days, so it expired. Nothing was copied. Send it again as it is, or delete it.`,
    weWereSilent: (partner: string, site: string) =>
      `The request of ${partner} on ${site} was not answered here within 30 days, so it expired. Nothing was copied. To have it after all, ask an admin there to send it again.`,
    reason: 'Why it was declined',
    ownReason: 'If you decline: why',
    ownReasonHint: 'Optional. The admins of the other space read it.',
    sentAgain: (name: string, partner: string) => ({
      title: 'Request sent again',
      body: `An admin of ${partner} has to accept “${name}”.`,
    }),
    message: 'What it is for',
    offered: 'Content',
    acceptMeans: (partner: string) =>
      `If you accept, nothing is copied yet: the synchronization is set up and stopped, and either side can start it. From then on work items of this space are readable in ${partner}, as far as the content above goes. If you decline, nothing happens to your work items, and the other side is told.`,
    accepted: (name: string) => ({
      title: 'Request accepted',
      body: `“${name}” is set up and stopped. Start it when both sides are ready.`,
    }),
    declined: (name: string) => ({ title: 'Request declined', body: `“${name}” was declined. Nothing was copied.` }),
  },

  start: {
    title: (name: string) => `Start “${name}”`,
    question: 'What about the work items that exist already?',
    leave: 'Leave them alone',
    leaveHint: 'Only work items that are created or changed from now on get a twin on the other side. Best for a first try.',
    synchronize: 'Synchronize them too',
    again:
      'If this synchronization ran before, it goes on where it was stopped, whatever you choose here: what changed meanwhile crosses now.',
    synchronizeHint:
      'Every existing work item of a matching type gets a twin on the other side, in both directions where both are allowed. With many items this takes a while; new changes are not held up by it.',
    started: (name: string) => ({
      title: 'Synchronization started',
      body: `“${name}” is running. Changes appear on the other side within seconds.`,
    }),
  },

  stop: {
    title: (name: string) => `Stop “${name}”?`,
    body: 'From now on no change crosses, in either direction. Work items, their twins and the links between them stay as they are. Nothing is lost by it: you can start it again at any time, and what changed meanwhile crosses then.',
    stopped: (name: string) => ({
      title: 'Synchronization stopped',
      body: `“${name}” is stopped. Nothing crosses until someone starts it again.`,
    }),
  },

  brake: brakeText,

  delete: {
    title: (name: string) => `Delete “${name}”?`,
    stopFirst: 'Stop it first',
    request: 'The request is removed on both sides. Nothing was copied so far, so nothing else changes.',
    established: (partner: string) =>
      `The synchronization is removed for this space and for ${partner}, with its settings, its history and the knowledge of which work items are twins. No work item, comment or field is deleted or changed in either Jira. This cannot be undone: a new synchronization does not recognize the twins of this one.`,
    deleted: (name: string) => ({
      title: 'Synchronization deleted',
      body: `“${name}” is gone on both sides. Work items stay as they were.`,
    }),
  },

  edit: {
    title: (name: string) => `Content of “${name}”`,
    loading: 'Loading the content',
    note: 'Changes count from the next change of a work item on. What was copied before stays.',
    saved: (name: string) => ({ title: 'Content saved', body: `“${name}” now works with the new content.` }),
  },

  history: {
    title: (name: string) => `History of “${name}”`,
    loading: 'Loading the history',
    table: 'History',
    columns: { time: 'Time', items: 'Work items', piece: 'What', outcome: 'Outcome', reason: 'Why and what to do' },
    empty:
      'Nothing has happened yet. A line appears here for each change that crossed, and for each that did not, with the reason.',
    latest: (count: number) => `The latest ${count} lines. No content of work items is kept here.`,
  },

  conflicts: {
    title: (name: string) => `Conflicts of “${name}”`,
    loading: 'Loading the conflicts',
    empty: {
      title: 'No conflicts',
      body: 'A conflict is when both sides change the same field before either change has crossed. The rule of the field decides which value stays: the newest, always one side’s, or whichever a person chooses here. A value that lost is kept here for a while and can be put back.',
    },
    openTitle: 'Waiting for your decision',
    openIntro:
      'Both sides changed these, and the rule is to ask. Each side keeps its own value until an admin of either space decides.',
    keptTitle: 'Values that lost',
    keptIntro:
      'Kept encrypted, and gone when their time is over. Putting one back writes it into the work item like a new edit, which then crosses as usual.',
    what: (items: string, piece: string) => `${items}: ${piece}`,
    justNow: 'just now',
    since: (when: string) => `Since ${when}`,
    lost: (side: string, when: string, until: string) => `The value of ${side} lost ${when}, kept until ${until}`,
    show: 'Show value',
    showBoth: 'Show both values',
    hide: 'Hide',
    loadingValue: 'Loading the value',
    valueOf: (side: string) => `${side} has`,
    lostValueOf: (side: string) => `${side} had`,
    emptyValue: 'Empty',
    notShared: 'Not shared with this space',
    keep: (side: string) => `Keep ${side}`,
    keepFor: (side: string, what: string) => `Keep ${side}: ${what}`,
    putBack: 'Put back',
    putBackFor: (what: string) => `Put back ${what}`,
    decided: (side: string) => `${side} stays; it crosses now`,
    startFirst: 'The synchronization is stopped. Start it to decide a conflict or to put a value back.',
    keeping: (side: string, what: string) => ({
      title: 'Decided',
      body: `${what}: the value of ${side} stays, and crosses now.`,
    }),
    puttingBack: (side: string, what: string) => ({
      title: 'Put back',
      body: `${what}: ${side} shows the value again; it crosses now.`,
    }),
  },

  failures: {
    whatToDo: 'What to do:',
    requestId: (id: string) => `Request id: ${id}`,
    noToken: {
      message: 'Jira did not tell Tandem who you are.',
      remedy:
        'Open this page from the space settings in Jira and reload it. If that does not help, your Jira session may have ended: log in again.',
    },
    unreachable: {
      message: 'The Tandem server did not answer.',
      remedy: 'Check your network connection and try again. If others see this too, the server is down or being updated.',
    },
    unreadable: {
      message: 'The Tandem server answered in a way this page does not understand.',
      remedy: 'Reload the page: it may be older than the server. If it happens again, report it with the request id.',
    },
    unexpected: (status: number) => ({
      message: `Something between this page and the Tandem server answered with status ${status}.`,
      remedy: 'Try again in a minute. If it happens again, report it with the time and the request id, if there is one.',
    }),
    crash: {
      message: 'This page ran into a fault of its own.',
      remedy: 'Reload the page. Your synchronizations go on regardless. If it happens again, report what you did last.',
    },
  },
};

export type Text = typeof english;

export const text: Text = english;
