/**
 * Adds to package-lock.json the optional packages of other platforms that are missing from it: `npm run complete-lock`.
 *
 * Tools with native code (Biome, oxc) bring one optional package per platform. An install from a registry mirror that holds
 * only this platform's leaves the others out of the lock, and `npm ci` of npm 11 then refuses the lock everywhere. Their
 * entries follow from the name and from the package that asks for them; only the integrity hash is left out, which npm
 * fills in where that platform is installed.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  packages: Record<string, Entry>;
}

const PLATFORM =
  /(?:^|[-/])(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|loong64|ppc64|riscv64|s390x)(?:-(\w+))?$/;

/** The lock entry of a platform's package, or null where the name does not tell the platform. */
function platformEntry(name: string, version: string, asker: Entry): Entry | null {
  const [, os, cpu, abi] = PLATFORM.exec(name) ?? [];
  if (os === undefined || cpu === undefined) return null;
  const libc = os === 'linux' ? { libc: [abi?.startsWith('musl') === true ? 'musl' : 'glibc'] } : {};
  const { dev, license, engines } = asker;
  return {
    version,
    ...{ cpu: [cpu] },
    ...(dev === undefined ? {} : { dev }),
    ...libc,
    ...(license === undefined ? {} : { license }),
    ...{ optional: true, os: [os] },
    ...(engines === undefined ? {} : { engines }),
  };
}

const lock: Lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const known = new Set(Object.keys(lock.packages).map((place) => place.split('node_modules/').at(-1)));
const added: string[] = [];

for (const asker of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(asker.optionalDependencies ?? {})) {
    const entry = known.has(name) ? null : platformEntry(name, version, asker);
    if (entry === null) continue;
    lock.packages[`node_modules/${name}`] = entry;
    known.add(name);
    added.push(name);
  }
}

if (added.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added.length === 0 ? 'The lock file is complete.' : `Added to the lock file: ${added.join(', ')}`);
