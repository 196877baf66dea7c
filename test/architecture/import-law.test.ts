import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A house with one breach per rule. Every other import in it is lawful. */
const breaches: readonly { rule: string; from: string; imports: string }[] = [
  { rule: 'core-imports-nothing', from: 'app/core/decide-package.ts', imports: 'zod' },
  { rule: 'core-imports-nothing', from: 'app/core/decide-folder.ts', imports: '../platform/clock.ts' },
  { rule: 'core-imports-nothing', from: 'app/core/decide-node.ts', imports: 'node:crypto' },
  { rule: 'sync-uses-core-and-platform', from: 'app/sync/receive.ts', imports: '../store/turn-store.ts' },
  { rule: 'sync-needs-no-package', from: 'app/sync/pair.ts', imports: 'axios' },
  { rule: 'jira-is-an-adapter', from: 'app/jira/client.ts', imports: '../store/turn-store.ts' },
  { rule: 'jira-is-an-adapter', from: 'app/jira/planner.ts', imports: '../core/plan-fields.ts' },
  { rule: 'connections-is-an-adapter', from: 'app/connections/refresh.ts', imports: '../jira/failure.ts' },
  { rule: 'hosts-is-an-adapter', from: 'app/hosts/connect/lifecycle.ts', imports: '../../store/turn-store.ts' },
  { rule: 'lanes-is-an-adapter', from: 'app/lanes/claim.ts', imports: '../store/turn-store.ts' },
  { rule: 'store-is-an-adapter', from: 'app/store/rows.ts', imports: '../sync/reconcile.ts' },
  { rule: 'web-stays-at-the-door', from: 'app/web/routes/list.ts', imports: '../../store/turn-store.ts' },
  { rule: 'ui-knows-the-contract-only', from: 'app/ui/list.tsx', imports: '../core/ids.ts' },
  { rule: 'ui-runs-in-the-browser', from: 'app/ui/read.tsx', imports: 'node:path' },
  { rule: 'contract-is-schemas-only', from: 'app/contract/rows.ts', imports: '../core/ids.ts' },
  { rule: 'platform-knows-nothing-of-ours', from: 'app/platform/tracing.ts', imports: '../core/ids.ts' },
  { rule: 'config-knows-platform', from: 'app/config/read-config.ts', imports: '../store/turn-store.ts' },
  { rule: 'config-is-read-by-compose', from: 'app/web/port.ts', imports: '../config/read-config.ts' },
  { rule: 'compose-is-the-top', from: 'app/web/everything.ts', imports: '../compose.ts' },
  { rule: 'simulator-knows-nothing-of-app', from: 'simulator/heart/issue.ts', imports: '../../app/core/ids.ts' },
  { rule: 'app-knows-nothing-of-simulator', from: 'app/jira/shortcut.ts', imports: '../../simulator/heart/issue.ts' },
  { rule: 'production-never-imports-tests', from: 'app/web/fixture.ts', imports: '../../test/fixtures.ts' },
  { rule: 'production-never-imports-tests', from: 'app/web/neighbour.ts', imports: './neighbour.test.ts' },
  { rule: 'production-never-starts-from-scripts', from: 'app/web/script.ts', imports: '../../scripts/migrate.ts' },
  { rule: 'few-touch-the-machine', from: 'app/web/files.ts', imports: 'node:fs/promises' },
  { rule: 'few-touch-the-machine', from: 'app/lanes/spawn.ts', imports: 'node:child_process' },
  { rule: 'few-touch-the-machine', from: 'simulator/heart/socket.ts', imports: 'node:net' },
  { rule: 'no-cycles', from: 'app/web/ring-a.ts', imports: './ring-b.ts' },
  { rule: 'no-barrels', from: 'app/web/uses-barrel.ts', imports: '../sync/index.ts' },
  { rule: 'no-orphans', from: 'app/lanes/alone.ts', imports: '' },
  { rule: 'no-unlisted-packages', from: 'app/web/borrowed.ts', imports: 'body-parser' },
  { rule: 'no-dev-packages-in-production', from: 'app/web/developing.ts', imports: 'fast-check' },
  { rule: 'imports-must-exist', from: 'app/web/nowhere.ts', imports: './not-there.ts' },
];

/** What the breaches import, and lawful files beside them; none of these may be reported as the source of a breach. */
const lawful: Readonly<Record<string, string>> = {
  'app/core/ids.ts': 'export type Id = string;\n',
  'app/core/plan-fields.ts': "import type { Id } from './ids.ts';\nexport const planFields = (id: Id) => id;\n",
  'app/core/plan-fields.test.ts':
    "import fc from 'fast-check';\nimport { planFields } from './plan-fields.ts';\nfc.constant(planFields);\n",
  'app/platform/clock.ts': "import { readFileSync } from 'node:fs';\nexport const clock = readFileSync;\n",
  'app/sync/ports.ts': "import type { Id } from '../core/ids.ts';\nexport interface Store { read(id: Id): void }\n",
  'app/sync/reconcile.ts':
    "import { planFields } from '../core/plan-fields.ts';\nimport type { Store } from './ports.ts';\nexport const reconcile = (store: Store) => store.read(planFields(''));\n",
  'app/sync/index.ts': "export { reconcile } from './reconcile.ts';\n",
  'app/store/turn-store.ts':
    "import type { Store } from '../sync/ports.ts';\nimport { Sequelize } from 'sequelize';\nexport const store: Store = { read: () => Sequelize };\n",
  'app/connections/transport.ts': 'export type Transport = string;\n',
  'app/jira/failure.ts': "import type { Transport } from '../connections/transport.ts';\nexport type Failure = Transport;\n",
  'app/ui/table.tsx':
    "import type { Row } from '../contract/table.ts';\nexport const Table = ({ row }: { row: Row }) => <p>{row}</p>;\n",
  'app/ui/main.tsx': "import { Table } from './table.tsx';\nTable({ row: '' });\n",
  'app/contract/table.ts': "import { z } from 'zod';\nexport type Row = z.infer<typeof z.string>;\n",
  'app/compose.ts':
    "import { store } from './store/turn-store.ts';\nimport { reconcile } from './sync/reconcile.ts';\nexport const compose = () => reconcile(store);\n",
  'app/main.ts': "import { compose } from './compose.ts';\ncompose();\n",
  'app/web/ring-b.ts': "import { thing } from './ring-a.ts';\nexport const ring = thing;\n",
  'app/web/neighbour.test.ts': 'export const it = 1;\n',
  'scripts/migrate.ts': "import { clock } from '../app/platform/clock.ts';\nclock('');\n",
  'test/fixtures.ts': "import { compose } from '../app/compose.ts';\nexport const thing = compose;\n",
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

let house: string;
let violations: readonly Violation[];
let law: readonly { readonly name: string; readonly comment: string }[];

const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(house, file)), { recursive: true });
  writeFileSync(path.join(house, file), text);
};

beforeAll(() => {
  house = mkdtempSync(path.join(tmpdir(), 'tandem-import-law-'));
  for (const file of ['package.json', '.dependency-cruiser.mjs']) cpSync(path.join(ROOT, file), path.join(house, file));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(house, 'node_modules'), 'dir');
  for (const { from, imports } of breaches) {
    write(
      from,
      imports === '' ? 'export {};\n' : `import { thing } from '${imports}';\nexport const used = thing;\nexport { thing };\n`,
    );
  }
  for (const [file, text] of Object.entries(lawful)) write(file, text);
  const folders = ['app', 'simulator', 'test', 'scripts'];
  const tool = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const run = spawnSync(process.execPath, [tool, '--config', '.dependency-cruiser.mjs', '-T', 'json', ...folders], {
    cwd: house,
    encoding: 'utf8',
  });
  const report: { summary: { violations: typeof violations; ruleSetUsed: { forbidden: typeof law } } } = JSON.parse(run.stdout);
  violations = report.summary.violations;
  law = report.summary.ruleSetUsed.forbidden;
});

afterAll(() => {
  rmSync(house, { recursive: true, force: true });
});

describe('the import law', () => {
  it.each(breaches)('$rule bites on $from importing "$imports"', ({ rule, from }) => {
    expect(violations.filter((violation) => violation.from === from).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('leaves lawful files alone, in TypeScript and TSX', () => {
    const reported = new Set(violations.map(({ from }) => from));
    // A ring has no first file: either half may be named.
    expect(Object.keys(lawful).filter((file) => reported.has(file) && file !== 'app/web/ring-b.ts')).toEqual([]);
  });

  it('has a breach planted here for every rule, and a sentence for the person who trips on it', () => {
    expect(new Set(breaches.map(({ rule }) => rule))).toEqual(new Set(law.map(({ name }) => name)));
    for (const { comment } of law) expect(comment).toMatch(/^[A-Z`].{40,}[.)]$/is);
  });
});
