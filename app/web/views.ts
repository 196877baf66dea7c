import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Express } from 'express';
import Handlebars from 'handlebars';

/** Compiles every `*.hbs` of the folder now, so that a broken page stops the start and not a person. */
export const mountViews = (app: Express, folder: string): void => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.hbs'));
  const templates = new Map(
    files.map((file) => [
      basename(file, '.hbs'),
      Handlebars.compile(readFileSync(join(folder, file), 'utf8'), { strict: false }),
    ]),
  );
  app.engine('hbs', (path, options, done) => {
    const template = templates.get(basename(path, '.hbs'));
    if (template === undefined) done(new Error(`There is no view ${basename(path)}.`));
    else done(null, template(options));
  });
  app.set('views', folder);
  app.set('view engine', 'hbs');
};
