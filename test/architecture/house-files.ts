import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** What is made on the machine and never committed. */
const MADE_HERE = new Set(['.git', '.data', 'node_modules', 'coverage', 'public/ui']);

/** Every file of the house, as a path from the root with slashes, in order. */
export function listFiles(folder = ''): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (MADE_HERE.has(file)) continue;
    if (entry.isDirectory()) files.push(...listFiles(file));
    else if (entry.isFile() && entry.name !== '.env' && !entry.name.endsWith('.log')) files.push(file);
  }
  return files.sort();
}

export const readText = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** Each line with its place, for reports that lead to it. */
export const linesOf = (file: string): { at: string; text: string }[] =>
  readText(file)
    .split('\n')
    .map((text, index) => ({ at: `${file}:${index + 1}`, text }));
