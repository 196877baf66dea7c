import type { Random } from '../heart/random.ts';
import type { ProjectPermission } from '../heart/site.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { draw, type NamedFault, type Undo } from './named-fault.ts';

const STALE_MS = 10 * 60_000;
const SKEW_MS = 10 * 60_000;

const withoutPermission = (name: string, what: string, permission: ProjectPermission): NamedFault => ({
  name,
  what,
  apply: ({ heart }) => {
    const undos = [...heart.projects.values()].map((project) => {
      const before = project.grants.get(permission);
      project.grants.set(permission, 'nobody');
      return () => void (before === undefined ? project.grants.delete(permission) : project.grants.set(permission, before));
    });
    return () => {
      for (const undo of undos) undo();
    };
  },
});

const withClockOff = (name: string, what: string, ms: number): NamedFault => ({
  name,
  what,
  apply: ({ control, heart }) => {
    const put = (by: number): void => {
      control.skewMs += by;
      heart.searchIndex.clockMoved(by);
    };
    put(ms);
    return () => put(-ms);
  },
});

function staleSearch({ heart: { searchIndex } }: SimulatedSite): Undo {
  const before = searchIndex.lagMs;
  searchIndex.lagMs = before + STALE_MS;
  return () => {
    searchIndex.lagMs = before;
  };
}

/** Fields that every project of a seed world has on its screens. */
const REMOVABLE = ['description', 'labels', 'priority', 'duedate'];

function removeField({ heart }: SimulatedSite, random: Random): Undo | null {
  const field = draw(random, REMOVABLE);
  if (field === null) return null;
  const had = [...heart.projects.values()].filter(({ hiddenFields }) => !hiddenFields.has(field));
  for (const { hiddenFields } of had) hiddenFields.add(field);
  return () => {
    for (const { hiddenFields } of had) hiddenFields.delete(field);
  };
}

function renamePriority({ heart: { priorities } }: SimulatedSite, random: Random): Undo | null {
  const priority = draw(random, [...priorities.values()]);
  if (priority === null) return null;
  priorities.set(priority.id, { ...priority, name: `${priority.name} (renamed)` });
  return () => void priorities.set(priority.id, priority);
}

function renameOption({ heart }: SimulatedSite, random: Random): Undo | null {
  const options = [...heart.customFields.values()]
    .flatMap(({ contexts }) => contexts ?? [])
    .flatMap((context) => context.options);
  const option = draw(random, options);
  if (option === null) return null;
  const before = option.value;
  option.value = `${before} (renamed)`;
  return () => {
    option.value = before;
  };
}

/** One way of a workflow is gone; issues stay where they are. */
function removeTransition({ heart }: SimulatedSite, random: Random): Undo | null {
  const workflows = [...heart.issueTypes.values()]
    .map(({ workflow }) => workflow)
    .filter(({ transitions }) => transitions.length > 0);
  const workflow = draw(random, workflows);
  if (workflow === null) return null;
  const { transitions } = workflow;
  const at = Math.floor(random.next() * transitions.length);
  const removed = transitions.splice(at, 1);
  return () => void transitions.splice(at, 0, ...removed);
}

function deactivateUser({ heart }: SimulatedSite, random: Random): Undo | null {
  const people = [...heart.users.values()].filter((user) => user.accountType === 'atlassian' && user.active && !user.siteAdmin);
  const person = draw(random, people);
  if (person === null) return null;
  person.active = false;
  return () => {
    person.active = true;
  };
}

/** The token of a person is revoked, and with the undoing valid again: as if the person had made one of the same name. */
function revokeToken({ heart }: SimulatedSite, random: Random): Undo | null {
  const people = [...heart.users.values()].filter((user) => user.accountType === 'atlassian');
  const person = draw(random, people);
  if (person === null) return null;
  const before = person.apiToken;
  Object.assign(person, { apiToken: `revoked-${random.hex(16)}` });
  return () => void Object.assign(person, { apiToken: before });
}

/** The site uses another secret than the app was told: its calls are refused and its webhooks are not to be trusted. */
function changeSecret({ connect }: SimulatedSite, random: Random): Undo | null {
  const undos = [...connect.installations.values()].map((installation) => {
    const before = installation.sharedSecret;
    installation.sharedSecret = random.hex(64);
    return () => {
      installation.sharedSecret = before;
    };
  });
  return () => {
    for (const undo of undos) undo();
  };
}

async function uninstallApp({ connect }: SimulatedSite, random: Random): Promise<Undo | null> {
  const installation = draw(random, [...connect.installations.values()]);
  if (installation === null) return null;
  const { descriptor, descriptorUrl } = installation;
  await connect.uninstall(descriptor.key);
  return async () => {
    await connect.install(descriptorUrl);
  };
}

async function disableApp({ connect }: SimulatedSite, random: Random): Promise<Undo | null> {
  const installation = draw(random, [...connect.installations.values()]);
  if (installation === null) return null;
  const { descriptor } = installation;
  await connect.disable(descriptor.key);
  return async () => {
    await connect.enable(descriptor.key);
  };
}

/** What administrators, and time, do to a site. */
export const STATE_FAULTS: readonly NamedFault[] = [
  { name: 'stale-search', what: 'Search lags ten minutes behind.', apply: staleSearch },
  withClockOff('clock-ahead', "The site's clock is ten minutes ahead.", SKEW_MS),
  withClockOff('clock-behind', "The site's clock is ten minutes behind.", -SKEW_MS),
  withoutPermission('edit-permission-removed', 'Nobody but site administrators may edit issues.', 'EDIT_ISSUES'),
  withoutPermission('browse-permission-removed', 'Nobody but site administrators sees the projects.', 'BROWSE_PROJECTS'),
  withoutPermission('comment-permission-removed', 'Nobody but site administrators may comment.', 'ADD_COMMENTS'),
  withoutPermission('create-permission-removed', 'Nobody but site administrators may create issues.', 'CREATE_ISSUES'),
  { name: 'field-removed', what: 'A field is taken off all screens.', apply: removeField },
  { name: 'priority-renamed', what: 'A priority is renamed.', apply: renamePriority },
  { name: 'option-renamed', what: 'An option of a custom field is renamed.', apply: renameOption },
  { name: 'transition-removed', what: 'A transition is taken out of a workflow.', apply: removeTransition },
  { name: 'user-deactivated', what: 'A person is deactivated.', apply: deactivateUser },
  { name: 'token-revoked', what: "A person's API token is revoked.", apply: revokeToken },
  { name: 'secret-changed', what: 'The site uses another secret than the app was told.', apply: changeSecret },
  { name: 'app-uninstalled', what: 'The app is uninstalled; the end of the fault installs it anew.', apply: uninstallApp },
  { name: 'app-disabled', what: 'The app is disabled; the end of the fault enables it.', apply: disableApp },
];
