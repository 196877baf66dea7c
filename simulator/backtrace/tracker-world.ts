import type { Clock } from '../heart/clock.ts';
import {
  changeGroup,
  createTracker,
  fingerprintOf,
  ingest,
  type Tracker,
  type TrackerProject,
  type TrackerUser,
} from './tracker.ts';

/** What the simulated universe holds at the start: one project of a game, its crashes and the people who look after them. */

const USERS: readonly TrackerUser[] = [
  { uid: 17, username: 'ann', email: 'ann.meyer@acme.example', password: 'password-of-ann', admin: true },
  { uid: 18, username: 'bo', email: 'bo.larsen@acme.example', password: 'password-of-bo', admin: false },
  { uid: 19, username: 'cleo', email: 'cleo.dubois@acme.example', password: 'password-of-cleo', admin: false },
];

interface SeededCrash {
  readonly callstack: readonly string[];
  readonly classifiers: readonly string[];
  /** Version and how often it crashed there: not sorted by count, as the real lists are not. */
  readonly versions: readonly (readonly [string, number])[];
}

const CRASHES: readonly SeededCrash[] = [
  {
    callstack: ['Renderer::drawTerrain', 'Renderer::drawFrame', 'Game::tick', 'main'],
    classifiers: ['segv', 'null'],
    versions: [
      ['1.2.3', 10],
      ['1.2.2', 1],
      ['1.1.0', 24],
    ],
  },
  {
    callstack: ['SaveFile::read', 'Menu::load', 'Game::start', 'main'],
    classifiers: ['abort'],
    versions: [
      ['1.4.1', 3],
      ['1.4.2', 2],
    ],
  },
  {
    callstack: ['Socket::receive', 'Lobby::join', 'Network::run'],
    classifiers: ['hang'],
    versions: [['1.4.2', 6]],
  },
];
const HOSTS = ['build-07', 'player-311', 'player-88'];
const DAY = 86_400;

/** `name` and tokens are fixed, so that a test can call without asking. */
export function buildTracker(options: { readonly clock: Clock; readonly seed: number }): Tracker {
  const tracker: Tracker = { ...createTracker({ universe: 'acme', ...options }), users: USERS };
  const game = addProject(tracker, 'game');
  addProject(tracker, 'launcher');
  const start = tracker.now() - 30 * DAY;
  for (const crash of CRASHES) {
    for (const [version, count] of crash.versions) {
      for (let at = 0; at < count; at += 1) {
        ingest(tracker, game, {
          callstack: crash.callstack,
          classifiers: crash.classifiers,
          timestamp: start + Math.floor(tracker.random.next() * 29 * DAY),
          attributes: new Map([
            ['version', version],
            ['application.version', version],
            ['hostname', HOSTS[at % HOSTS.length] ?? ''],
            ['application', 'game'],
          ]),
        });
      }
    }
  }
  const assigned = game.groups.get(fingerprintOf(CRASHES[1]?.callstack ?? []));
  const [ann] = USERS;
  if (assigned !== undefined && ann !== undefined)
    changeGroup(
      tracker,
      assigned,
      {
        ticket: JSON.stringify([
          { watcher: '_backtrace', assignees: [{ id: ann.uid, username: ann.username, email: ann.email }] },
        ]),
      },
      ann.username,
    );
  return tracker;
}

export function addProject(tracker: Tracker, name: string): TrackerProject {
  const project: TrackerProject = {
    name,
    submitToken: `submit-token-of-${name}`,
    queryToken: `query-token-of-${name}`,
    groups: new Map(),
    objects: [],
  };
  tracker.projects.set(name, project);
  return project;
}
