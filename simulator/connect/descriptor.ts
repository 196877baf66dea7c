import { z } from 'zod';
import type { Descriptor, ModuleContext, WebhookModule } from './connect-host.ts';

const lifecycle = z.object({
  installed: z.string().optional(),
  uninstalled: z.string().optional(),
  enabled: z.string().optional(),
  disabled: z.string().optional(),
});
const webhook = z.object({
  event: z.string(),
  url: z.string(),
  excludeBody: z.boolean().default(false),
  propertyKeys: z.array(z.string()).default([]),
});
const schema = z.object({
  key: z.string().min(1).max(80),
  name: z.string().default(''),
  baseUrl: z.string(),
  authentication: z.object({ type: z.literal('jwt') }),
  scopes: z.array(z.string()).default([]),
  lifecycle: lifecycle.default({}),
  modules: z.record(z.string(), z.unknown()).default({}),
});

/** A descriptor as an app serves it, or what is wrong with it. */
export function readDescriptor(
  text: string,
): { readonly ok: true; readonly descriptor: Descriptor } | { readonly ok: false; readonly detail: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { ok: false, detail: `The descriptor is not JSON: ${String(error)}` };
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return { ok: false, detail: `The descriptor is not valid: ${z.prettifyError(parsed.error)}` };
  const webhooks = z.array(webhook).safeParse(parsed.data.modules['webhooks'] ?? []);
  if (!webhooks.success)
    return { ok: false, detail: `The descriptor's webhooks are not valid: ${z.prettifyError(webhooks.error)}` };
  const { key, name, scopes, modules } = parsed.data;
  const baseUrl = parsed.data.baseUrl.replace(/\/$/, '');
  return {
    ok: true,
    descriptor: {
      key,
      name,
      baseUrl,
      scopes,
      lifecycle: parsed.data.lifecycle,
      modules,
      webhooks: webhooks.data satisfies WebhookModule[],
    },
  };
}

/** Fills `{project.key}`-like variables (also `${project.key}`) into a module's URL; unknown ones become empty, as in Jira. */
export function fillVariables(url: string, context: ModuleContext): string {
  return url.replaceAll(/\$?\{([a-zA-Z.]+)\}/g, (_whole, name: string) => {
    const [thing, property] = name.split('.');
    const source: Readonly<Record<string, string | undefined>> | undefined =
      thing === 'project' ? context.project : thing === 'issue' ? context.issue : undefined;
    return encodeURIComponent(source?.[property ?? ''] ?? '');
  });
}
