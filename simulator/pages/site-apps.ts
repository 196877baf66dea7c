import { z } from 'zod';
import type { ConnectHost, Installation, LifecycleOutcome } from '../connect/connect-host.ts';
import type { PageApp, PageApps, PageCondition, PageModule, PageResult } from './page-site.ts';

const condition: z.ZodType<PageCondition> = z.lazy(() =>
  z.union([
    z.object({ condition: z.string(), invert: z.boolean().default(false) }),
    z.object({ or: z.array(condition) }),
    z.object({ and: z.array(condition) }),
  ]),
);

/** What we read of a page module; anything else in it is the app's own affair. */
const pageModules = z
  .array(
    z.object({
      key: z.string(),
      name: z.object({ value: z.string() }).optional(),
      url: z.string(),
      conditions: z.array(condition).default([]),
    }),
  )
  .catch([]);

const modulesOf = ({ descriptor }: Installation, kind: string): readonly PageModule[] =>
  pageModules.parse(descriptor.modules[kind] ?? []).map(({ key, name, url, conditions }) => ({
    appKey: descriptor.key,
    appName: descriptor.name,
    key,
    name: name?.value ?? descriptor.name,
    url,
    conditions,
  }));

const appOf = (installation: Installation): PageApp => ({
  key: installation.descriptor.key,
  name: installation.descriptor.name,
  baseUrl: installation.descriptor.baseUrl,
  descriptorUrl: installation.descriptorUrl,
  state: installation.enabled ? 'enabled' : 'disabled',
  projectPages: modulesOf(installation, 'jiraProjectAdminTabPanels'),
});

const resultOf = (outcome: LifecycleOutcome): PageResult =>
  outcome.ok ? { ok: true, value: null } : { ok: false, problem: outcome.detail };

/** What Jira adds to the address of an app's frame; the app's all.js reads the first two. */
const withHost = ({ appKey, key, url }: PageModule, siteUrl: string): string => {
  const query = new URLSearchParams({
    xdm_e: siteUrl,
    xdm_c: `channel-${appKey}__${key}`,
    cp: '',
    xdm_deprecated_addon_key_do_not_use: appKey,
    lic: 'none',
    cv: '1001.0.0-SNAPSHOT',
  });
  return `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`;
};

/** The apps of a site's Connect part as the pages manage and show them. Remembers what was uninstalled, to offer it again. */
export const createSiteApps = (connect: ConnectHost, siteUrl: string): PageApps => {
  const removed = new Map<string, PageApp>();
  const install = async (descriptorUrl: string): Promise<PageResult> => {
    if (!URL.canParse(descriptorUrl))
      return { ok: false, problem: 'That is not an address. Give the full URL of the app’s descriptor.' };
    return resultOf(await connect.install(descriptorUrl));
  };
  return {
    list: () => {
      const present = [...connect.installations.values()].map(appOf);
      return [...present, ...[...removed.values()].filter((app) => !connect.installations.has(app.key))];
    },
    install,
    enable: async (appKey) => resultOf(await connect.enable(appKey)),
    disable: async (appKey) => resultOf(await connect.disable(appKey)),
    uninstall: async (appKey) => {
      const installation = connect.installations.get(appKey);
      const result = resultOf(await connect.uninstall(appKey));
      if (result.ok && installation !== undefined) removed.set(appKey, { ...appOf(installation), state: 'removed' });
      return result;
    },
    reinstall: async (appKey) => {
      const known = connect.installations.get(appKey) ?? removed.get(appKey);
      return known === undefined ? { ok: false, problem: 'This app was never installed here.' } : install(known.descriptorUrl);
    },
    dialogs: (appKey) => {
      const installation = connect.installations.get(appKey);
      return installation === undefined ? [] : modulesOf(installation, 'dialogs');
    },
    frameUrl: (module, { id, key }, accountId) =>
      connect.pageUrl(module.appKey, accountId, withHost(module, siteUrl), { project: { id, key } }),
    contextToken: (appKey, { id, key }, accountId) => connect.contextToken(appKey, accountId, { project: { id, key } }),
  };
};
