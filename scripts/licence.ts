/**
 * Makes remote licences (docs/operations.md): `npm run licence -- keys`, `npm run licence -- issue …`, `npm run licence -- show FILE`.
 * What it prints on stdout is the file.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type LicenceFile, licenceFile } from '../app/contract/licence.ts';
import { signedTextOf } from '../app/core/licence.ts';
import { createEd25519Check, ED25519_KEY, makeEd25519Pair, signEd25519 } from '../app/platform/ed25519.ts';

const USAGE = `Usage:
  npm run licence -- keys                 a new pair of keys for an issuer, as JSON
  npm run licence -- issue --key FILE --holder NAME --endpoints NUMBER --expires YYYY-MM-DD [--site URL] [--tenant ID] [--id TEXT]
  npm run licence -- show FILE [--public-key KEY]`;

const keyFile = z.object({ publicKey: z.string().regex(ED25519_KEY), privateKey: z.string().regex(ED25519_KEY) });

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const print = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

const OPTIONS = {
  key: { type: 'string' },
  holder: { type: 'string' },
  endpoints: { type: 'string' },
  expires: { type: 'string' },
  site: { type: 'string' },
  tenant: { type: 'string' },
  id: { type: 'string' },
  'public-key': { type: 'string' },
} as const;

const parse = () => parseArgs({ options: OPTIONS, allowPositionals: true });
type Given = ReturnType<typeof parse>['values'];

/** `2026-11-22` */
const today = (): string => new Date().toISOString().slice(0, 10);

function issue(given: Given): LicenceFile {
  const licence = licenceFile.shape.licence.parse({
    product: 'tandem-remote',
    id: given.id ?? randomUUID(),
    holder: given.holder,
    site: given.site?.replace(/\/+$/, '') ?? null,
    tenant: given.tenant ?? null,
    issued: today(),
    expires: given.expires,
    endpoints: Number(given.endpoints),
  });
  return { licence, signature: signEd25519(keyFile.parse(readJson(given.key ?? '')), signedTextOf(licence)) };
}

/** The licence, and with a key whether the issuer signed it. */
function show(file: string, publicKey: string | undefined): unknown {
  const { licence, signature } = licenceFile.parse(readJson(file));
  return publicKey === undefined
    ? licence
    : { ...licence, signedByThatKey: createEd25519Check(publicKey)(signedTextOf(licence), signature) };
}

/** In words of the command line, without what was in files. */
const describe = (error: unknown): string => {
  if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
  return error instanceof Error ? error.message : 'unknown';
};

try {
  const { values, positionals } = parse();
  const [command, file] = positionals;
  if (command === 'keys') print(makeEd25519Pair());
  else if (command === 'issue') print(issue(values));
  else if (command === 'show' && file !== undefined) print(show(file, values['public-key']));
  else throw new Error(USAGE);
} catch (error) {
  console.error(describe(error));
  process.exitCode = 1;
}
