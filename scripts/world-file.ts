import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where the demonstration keeps its simulated sites between starts. */
export interface WorldFile {
  /** Null before the first write. */
  read(): Buffer | null;
  /** All or nothing: written beside and renamed, so that a kill in the middle leaves what was there. */
  write(bytes: Buffer): void;
}

/** @param file absolute; its folder is made anew where somebody removed it */
export const createWorldFile = (file: string): WorldFile => ({
  read: () => (existsSync(file) ? readFileSync(file) : null),
  write(bytes) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.draft`, bytes);
    renameSync(`${file}.draft`, file);
  },
});
