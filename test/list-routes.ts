import type { Express } from 'express';
import { z } from 'zod';

export interface MountedRoute {
  readonly method: string;
  /** With its parameters: `/api/v1/synchronizations/:id`. */
  readonly path: string;
}

/** What Express 4 keeps of a route or of what is mounted; the types do not tell. */
const layer = z.looseObject({
  route: z.looseObject({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional(),
  regexp: z.custom<RegExp>((value) => Object.prototype.toString.call(value) === '[object RegExp]'),
  handle: z.unknown(),
});
const stackOf = z.looseObject({ stack: z.array(layer) });

/** `^\/api\/v1\/?(?=\/|$)` → `/api/v1` */
function mountPath(regexp: RegExp): string {
  const source = regexp.source.replace('\\/?(?=\\/|$)', '').replace(/^\^/, '').replaceAll('\\/', '/');
  if (!/^[\w/-]*$/.test(source)) throw new Error(`A router is mounted at a path that is no plain text: ${regexp.source}`);
  return source;
}

function routesIn(router: unknown, prefix: string): MountedRoute[] {
  const found = stackOf.safeParse(router);
  if (!found.success) return [];
  return found.data.stack.flatMap(({ route, regexp, handle }) => {
    if (route === undefined)
      return typeof handle === 'function' && 'stack' in handle
        ? routesIn({ stack: handle.stack }, prefix + mountPath(regexp))
        : [];
    return Object.keys(route.methods).map((method) => ({ method, path: prefix + route.path }));
  });
}

/** Every route of an application, from Express itself. */
export const listRoutes = (app: Express): readonly MountedRoute[] => routesIn({ stack: app._router.stack }, '');
