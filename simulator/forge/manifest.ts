import { parse } from 'yaml';
import { z } from 'zod';

/** What the simulator reads of a Forge app's manifest.yml; everything else in it is left alone. */

const enabled = z.object({ enabled: z.boolean() }).optional();
const auth = z.object({ appSystemToken: enabled, appUserToken: enabled }).optional();
const schema = z.object({
  app: z.object({ id: z.string().startsWith('ari:cloud:ecosystem::app/') }),
  remotes: z
    .array(z.object({ key: z.string().min(1).max(23), baseUrl: z.url(), auth }))
    .min(1)
    .default([]),
  modules: z
    .object({
      endpoint: z
        .array(z.object({ key: z.string(), remote: z.string(), route: z.object({ path: z.string().startsWith('/') }), auth }))
        .default([]),
      trigger: z
        .array(
          z.object({
            key: z.string(),
            endpoint: z.string(),
            events: z.array(z.string()).min(1),
            filter: z.object({ ignoreSelf: z.boolean().default(false) }).optional(),
          }),
        )
        .default([]),
    })
    .prefault({}),
  permissions: z.object({ scopes: z.array(z.string()).default([]) }).prefault({}),
});

/** A place at the app's remote that Forge calls. */
export interface Endpoint {
  readonly key: string;
  readonly url: string;
  /** Whether calls carry `x-forge-oauth-system` and `x-forge-oauth-user`. */
  readonly systemToken: boolean;
  readonly userToken: boolean;
}
export interface Trigger {
  readonly key: string;
  readonly endpoint: string;
  readonly events: readonly string[];
  /** True: nothing is sent of what the app did itself. */
  readonly ignoreSelf: boolean;
}
export interface Manifest {
  /** `ari:cloud:ecosystem::app/{uuid}` */
  readonly appId: string;
  readonly scopes: readonly string[];
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly triggers: readonly Trigger[];
}

/** Reads the text of a manifest.yml. Throws with the reason when it is not one, or when one part names another that is missing. */
export function readManifest(text: string): Manifest {
  const { app, remotes, modules, permissions } = schema.parse(parse(text));
  const byKey = new Map(remotes.map((remote) => [remote.key, remote]));
  const endpoints = new Map(
    modules.endpoint.map((endpoint) => {
      const remote = byKey.get(endpoint.remote);
      if (remote === undefined)
        throw new Error(`The endpoint ${endpoint.key} names the remote ${endpoint.remote}, which is missing`);
      const grants = { ...remote.auth, ...endpoint.auth };
      return [
        endpoint.key,
        {
          key: endpoint.key,
          url: `${remote.baseUrl.replace(/\/$/, '')}${endpoint.route.path}`,
          systemToken: grants.appSystemToken?.enabled ?? false,
          userToken: grants.appUserToken?.enabled ?? false,
        },
      ];
    }),
  );
  const triggers = modules.trigger.map(({ key, endpoint, events, filter }) => {
    if (!endpoints.has(endpoint)) throw new Error(`The trigger ${key} names the endpoint ${endpoint}, which is missing`);
    return { key, endpoint, events, ignoreSelf: filter?.ignoreSelf ?? false };
  });
  return { appId: app.id, scopes: permissions.scopes, endpoints, triggers };
}
