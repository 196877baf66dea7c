/**
 * The import law of the house (docs/architecture.md), as a machine. No exemptions: when a rule is in the way, the file
 * stands in the wrong folder or needs a port. test/architecture/import-law.test.ts plants one breach per rule.
 */

const TEST = '\\.test\\.tsx?$';
/** Everything outside our own folders: npm packages and what Node brings. */
const OWN = '^(app|simulator|test|lab|bench|scripts|migrations)/';

/** A folder of app/ may import itself, what is listed, and packages; `severity` is always error. */
const layer = (name, folder, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^app/${folder}/`, pathNot: TEST },
  to: { path: OWN, pathNot: [`^app/${folder}/`, ...allowed] },
});

/** The core's words (types, ids, failures, causes) are for everyone; its decisions are for sync. */
const CORE_WORDS = '^app/core/(?!plan|decide|merge|settle|translate)[^/]+$';
const PORTS = '^app/sync/(ports|[a-z-]+-ports)\\.ts$';
const PLATFORM = '^app/platform/';
/** What app/connections offers to others: where installations are kept, and a signed way to a site. */
const CONNECTION_PORTS = '^app/connections/(installation-store|transport)\\.ts$';

const adapter = (folder, more = [], extra = '') =>
  layer(
    `${folder}-is-an-adapter`,
    folder,
    [CORE_WORDS, PORTS, PLATFORM, ...more],
    `An adapter (app/${folder}) knows the core's words, app/sync/ports.ts and app/platform, never another adapter, a decision of the core or a use case.${extra} Put what it needs into a port and let app/compose.ts join the two.`,
  );

/** The few files that may touch the machine: files, processes, sockets. */
const MACHINE_MODULES = '^(node:)?(fs|fs/promises|child_process|net|dgram|cluster|worker_threads|inspector|repl|vm)$';

export default {
  forbidden: [
    {
      name: 'core-imports-nothing',
      severity: 'error',
      comment:
        'app/core decides and imports nothing: no package, no Node module, no other folder. Take what you need as an argument, or move the code to app/sync.',
      from: { path: '^app/core/', pathNot: TEST },
      to: { pathNot: '^app/core/' },
    },
    layer(
      'sync-uses-core-and-platform',
      'sync',
      ['^app/core/', PLATFORM],
      'A use case (app/sync) knows the core, its own ports and app/platform. Reach Jira, the store and the lanes through app/sync/ports.ts.',
    ),
    {
      name: 'sync-needs-no-package',
      severity: 'error',
      comment:
        'A use case (app/sync) is our own code from end to end. A package belongs in the adapter behind a port of app/sync/ports.ts.',
      from: { path: '^app/sync/', pathNot: TEST },
      to: { path: 'node_modules/' },
    },
    adapter('jira', [CONNECTION_PORTS], ' jira may also import the ports of app/connections.'),
    adapter('connections'),
    adapter('hosts', [CONNECTION_PORTS], ' hosts may also import the ports of app/connections.'),
    adapter('lanes'),
    adapter('store'),
    layer(
      'web-stays-at-the-door',
      'web',
      ['^app/sync/', '^app/contract/', '^app/hosts/', CORE_WORDS, PLATFORM],
      'A route (app/web) knows use cases, the contract, the hosts, the words of the core and app/platform. It reaches the store and Jira through a use case.',
    ),
    layer(
      'ui-knows-the-contract-only',
      'ui',
      ['^app/contract/'],
      'The page (app/ui) runs in the browser and knows app/contract alone. Ask the server through its HTTP API.',
    ),
    {
      name: 'ui-runs-in-the-browser',
      severity: 'error',
      comment: 'The page (app/ui) has no Node modules in the browser. Use what the browser offers.',
      from: { path: '^app/ui/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    layer(
      'contract-is-schemas-only',
      'contract',
      [],
      'app/contract is read by the server and by the page, so it holds zod schemas and types and imports nothing else of ours.',
    ),
    layer(
      'platform-knows-nothing-of-ours',
      'platform',
      [],
      'app/platform is the bottom: clock, ids, logger, Postgres. Pass in what it needs.',
    ),
    layer(
      'config-knows-platform',
      'config',
      [PLATFORM, CORE_WORDS],
      "app/config reads the environment and knows app/platform and the core's words alone.",
    ),
    {
      name: 'config-is-read-by-compose',
      severity: 'error',
      comment:
        'Settings are read once and handed on: only app/compose.ts, app/main.ts and scripts/ import app/config. Take the one value you need as an argument.',
      from: { pathNot: [TEST, '^(app/(config/|compose|main\\.ts)|scripts/|test/|bench/)'] },
      to: { path: '^app/config/' },
    },
    {
      name: 'compose-is-the-top',
      severity: 'error',
      comment: 'app/compose.ts joins the parts and is started by app/main.ts. Nothing below may know it.',
      from: { path: '^app/', pathNot: [TEST, '^app/(main\\.ts|compose)'] },
      to: { path: '^app/(main\\.ts|compose)' },
    },
    {
      name: 'simulator-knows-nothing-of-app',
      severity: 'error',
      comment: 'The simulated Jira proves the app only while it shares no line with it. Speak HTTP.',
      from: { path: '^simulator/' },
      to: { path: '^(app|scripts|bench|lab)/' },
    },
    {
      name: 'app-knows-nothing-of-simulator',
      severity: 'error',
      comment:
        'The app talks to Jira, simulated or real, over HTTP alone. Only test/, bench/ and scripts/ may start a simulated site.',
      from: { path: '^(app|migrations)/', pathNot: TEST },
      to: { path: '^simulator/' },
    },
    {
      name: 'production-never-imports-tests',
      severity: 'error',
      comment: 'What runs in production must not need a test file. Move the shared part beside the code.',
      from: { path: '^(app|simulator|scripts|migrations)/', pathNot: TEST },
      to: { path: ['^test/', TEST] },
    },
    {
      name: 'production-never-starts-from-scripts',
      severity: 'error',
      comment: 'scripts/, bench/ and lab/ use the app, not the other way round.',
      from: { path: '^(app|migrations)/', pathNot: TEST },
      to: { path: '^(scripts|bench|lab)/' },
    },
    {
      name: 'few-touch-the-machine',
      severity: 'error',
      comment:
        'Files, processes and sockets are touched in app/platform, app/config, the entry points and the few files that this rule names, so that everything else runs anywhere. Take a function as an argument.',
      from: {
        path: '^(app|simulator)/',
        pathNot: [
          TEST,
          '^app/(platform|config)/',
          '^app/(main|compose)',
          '^app/web/views\\.ts$',
          '^app/jira/agents\\.ts$',
          '^app/hosts/connect/(render-descriptor|ace-worker)\\.ts$',
          '^simulator/(start-simulator|pages/asset-routes|recording/file-recorder)\\.ts$',
        ],
      },
      to: { path: MACHINE_MODULES },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment:
        'Two files that need each other are one thing in two places. Join them, or move the shared part into a third file.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      comment: 'An index file hides where things are and makes cycles. Import from the file that holds the thing.',
      from: {},
      to: { path: '/index\\.(ts|tsx|mjs|js)$', pathNot: 'node_modules/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports this file. Delete it, or wire it in.',
      from: {
        orphan: true,
        path: '^(app|simulator)/',
        pathNot: [TEST, '\\.d\\.ts$', '^app/main\\.ts$', '^app/ui/main\\.tsx$', '^simulator/pages/assets/'],
      },
      to: {},
    },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      comment: 'This package is not in package.json; it is only here because another one brought it. Add it, or do without.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'undetermined'] },
    },
    {
      name: 'no-dev-packages-in-production',
      severity: 'error',
      comment:
        'The server runs with `npm ci --omit=dev`, where this package is missing. Move it to dependencies, or do without. (The page is bundled, so app/ui may.)',
      from: { path: '^(app|migrations)/', pathNot: [TEST, '^app/ui/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'imports-must-exist',
      severity: 'error',
      comment: 'This import leads nowhere. Local imports name the file with its extension: ./thing.ts.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(public/ui|\\.data)/' },
    tsPreCompilationDeps: true,
    moduleSystems: ['es6'],
    combinedDependencies: false,
    preserveSymlinks: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
