import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { listFiles, readText } from './house-files.ts';

/*
 * The first wall (docs/adr/0011): every statement on a table that has a tenant says which tenant's rows it means. What does not is listed here,
 * with the reason. Statements are put together from texts; each text that names a table is looked at by itself.
 */

const FINDS_WORK = 'finds work that is due, whoever’s it is; what is found is done tenant by tenant';
const ONE_PERSON = 'a person is one person on all sites, and is forgotten on all';
const APP_WIDE = 'what all processes have to know of all sites';

const EXCEPTIONS: Readonly<Record<string, string>> = {
  'app/connections/postgres-connection-store.ts findDue': FINDS_WORK,
  'app/connections/reseal-rows.ts LIST_TENANTS': FINDS_WORK,
  'app/lanes/lane-statements.ts NEXT_DUE_AT': FINDS_WORK,
  'app/lanes/lane-statements.ts COUNT': 'numbers for whoever runs this installation',
  'app/lanes/quota-store.ts GATES': APP_WIDE,
  'app/lanes/quota-store.ts createQuotaStore': APP_WIDE,
  'app/store/personal-data.ts ERASE_NAME': ONE_PERSON,
  'app/store/personal-data.ts FIND_REPORTER': 'any consent speaks for the app',
  'app/store/personal-data.ts LOOK_SOON': ONE_PERSON,
  'app/store/retention.ts findDue': FINDS_WORK,
  'app/store/scan-schedule.ts findDue': FINDS_WORK,
  'app/store/scan-schedule.ts BEAT': 'nobody was at work: every site is looked at',
  'app/store/tenants.ts LEAVING': FINDS_WORK,
};

/** Tables that have a tenant, from the migrations. */
const tables = listFiles('migrations').flatMap((file) =>
  [...readText(file).matchAll(/CREATE TABLE (\w+) \(([\s\S]*?)\n\s*\)( WITH|;)/g)]
    .filter(([, , columns = '']) => /\btenant_id\b/.test(columns))
    .map(([, name = '']) => name),
);

interface Text {
  /** The file and the constant or function in which it stands. */
  readonly at: string;
  readonly sql: string;
}

const HOLE = ' … ';

/** A text as it stands, with names of other texts in place of what they stand for. */
const textOf = (node: ts.Node, known: ReadonlyMap<string, string>): string | null => {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  const partOf = (part: ts.Expression): string => known.get(part.getText()) ?? HOLE;
  return node.templateSpans.reduce((text, { expression, literal }) => text + partOf(expression) + literal.text, node.head.text);
};

/** The constants of a file that are texts, in the order in which they may build on each other. */
function constantsIn(file: ts.SourceFile): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  const declarations = file.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) => statement.declarationList.declarations);
  for (const { name, initializer } of declarations) {
    const text = initializer === undefined ? null : textOf(initializer, known);
    if (text !== null) known.set(name.getText(), text);
  }
  return known;
}

/** Every text of a file that reads or writes a table with a tenant. */
function statementsIn(name: string): readonly Text[] {
  const file = ts.createSourceFile(name, readText(name), ts.ScriptTarget.Latest, true);
  const known = constantsIn(file);
  const named = new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE)\\s+"?(?:${tables.join('|')})\\b`);
  const found: Text[] = [];
  const visit = (node: ts.Node, within: string): void => {
    const sql = textOf(node, known);
    if (sql !== null && named.test(sql)) found.push({ at: `${name} ${within}`, sql });
    node.forEachChild((child) => visit(child, within));
  };
  for (const statement of file.statements) {
    const parts = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    for (const part of parts) visit(part, 'name' in part ? ((part.name as ts.Node | undefined)?.getText() ?? '') : '');
  }
  return found;
}

/** Says whose rows it means: compares the tenant, joins by it, or writes it. */
const namesTenant = (sql: string): boolean =>
  /\btenant_id\s*(=|IN\b)|\(\s*(\w+\.)?tenant_id,[^)]*\)\s*(=|IN\b|>)|USING \([^)]*tenant_id|INSERT INTO "?\w+"?( AS \w+)?\s*\(\s*tenant_id/i.test(
    sql,
  );

const files = listFiles('app').filter((file) => /^app\/(store|lanes|connections)\/[^.]+\.ts$/.test(file));
const statements = files.flatMap(statementsIn);

describe('statements on tables that have a tenant', () => {
  it('are found', () => {
    expect(tables).toEqual(expect.arrayContaining(['synchronization', 'lane', 'connection', 'api_token', 'audit']));
    expect(statements.length).toBeGreaterThan(80);
  });

  it('all say whose rows they mean, but for those that are listed with a reason', () => {
    const nameless = statements.filter(({ at, sql }) => !namesTenant(sql) && EXCEPTIONS[at] === undefined);
    expect(nameless.map(({ at, sql }) => `${at}: ${sql.trim().replace(/\s+/g, ' ').slice(0, 160)}`)).toEqual([]);
  });

  it('have no exception that is none any more', () => {
    const needed = new Set(statements.filter(({ sql }) => !namesTenant(sql)).map(({ at }) => at));
    expect(Object.keys(EXCEPTIONS).filter((at) => !needed.has(at))).toEqual([]);
  });

  it.each([
    ['SELECT 1 FROM lane WHERE synchronization_id = $1', false],
    ['SELECT tenant_id FROM lane', false],
    ['SELECT 1 FROM lane WHERE tenant_id = $1', true],
    ['DELETE FROM lane', false],
    ['INSERT INTO lane (tenant_id, lane_key) VALUES ($1, $2)', true],
    ['SELECT 1 FROM lane JOIN pair USING (tenant_id, pair_id)', true],
  ])('%s: %s', (sql, names) => {
    expect(namesTenant(sql)).toBe(names);
  });
});
