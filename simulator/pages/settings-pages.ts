import type { Html } from './html.ts';
import { html } from './html.ts';
import type { View } from './layout.ts';
import { page } from './layout.ts';
import type { PageApp, PageModule, PageProject } from './page-site.ts';

const frameAddress = (project: PageProject, module: PageModule): string =>
  `/projects/${project.key}/settings/apps/${encodeURIComponent(module.key)}`;

/** The settings of a project: for its administrators the apps that have a page there. */
export const settingsPage = (view: View, project: PageProject, modules: readonly PageModule[]): string =>
  page(
    view,
    'Space settings',
    html`
  <p class="crumbs"><a href="/projects/${project.key}">${project.name}</a> / Space settings</p>
  <h1>Apps</h1>
  ${
    modules.length === 0
      ? html`<p class="empty">No installed app has a page in the settings of this space.${view.user.admin && html` <a href="/admin/apps">Install one</a>.`}</p>`
      : html`<ul class="cards">${modules.map((module) => html`<li class="card"><a href="${frameAddress(project, module)}"><strong>${module.name}</strong></a><br><small>${module.appName}</small></li>`)}</ul>`
  }`,
  );

/** A page that an app shows inside the settings of a project. What the host script needs is in `data-frame`. */
export const appFramePage = (view: View, project: PageProject, module: PageModule): string =>
  page(
    view,
    module.name,
    html`
  <p class="crumbs"><a href="/projects/${project.key}">${project.name}</a> / <a href="/projects/${project.key}/settings">Space settings</a> / ${module.name}</p>
  <div id="app-frame" data-frame="${JSON.stringify({
    site: view.site.name,
    appKey: module.appKey,
    moduleKey: module.key,
    moduleName: module.name,
    project: { id: project.id, key: project.key },
    accountId: view.user.accountId,
  })}"><noscript>Apps are shown by JavaScript.</noscript></div>`,
    [
      '/pages/assets/jquery.js',
      '/pages/assets/before-connect-host.js',
      '/pages/assets/connect-host.js',
      '/pages/assets/frame-host.js',
    ],
  );

const button = (app: PageApp, action: string, label: string): Html =>
  html`<form method="post" action="/admin/apps/${action}"><input type="hidden" name="appKey" value="${app.key}"><button>${label}</button></form>`;

const BUTTONS: Readonly<Record<PageApp['state'], (app: PageApp) => readonly Html[]>> = {
  enabled: (app) => [
    button(app, 'disable', 'Disable'),
    button(app, 'reinstall', 'Reinstall'),
    button(app, 'uninstall', 'Uninstall'),
  ],
  disabled: (app) => [
    button(app, 'enable', 'Enable'),
    button(app, 'reinstall', 'Reinstall'),
    button(app, 'uninstall', 'Uninstall'),
  ],
  removed: (app) => [button(app, 'reinstall', 'Install again')],
};

const STATE_WORDS: Readonly<Record<PageApp['state'], string>> = {
  enabled: 'Enabled',
  disabled: 'Disabled',
  removed: 'Uninstalled',
};
const STATE_LOOKS: Readonly<Record<PageApp['state'], string>> = { enabled: 'done', disabled: 'new', removed: 'new' };

const appRow = (view: View, app: PageApp): Html => html`
  <tr>
    <td><strong>${app.name}</strong><br><small>${app.key}</small></td>
    <td><span class="lozenge lozenge-${STATE_LOOKS[app.state]}">${STATE_WORDS[app.state]}</span></td>
    <td><small>${app.descriptorUrl}</small>${
      app.state === 'enabled' &&
      view.site
        .projects()
        .map((project) =>
          app.projectPages.map(
            (module) => html`<br><a href="${frameAddress(project, module)}">${module.name} in ${project.key}</a>`,
          ),
        )
    }</td>
    <td><div class="row small">${BUTTONS[app.state](app)}</div></td>
  </tr>`;

/** What the site's administrators do with apps. */
export const appsPage = (view: View): string => {
  const apps = view.site.apps.list();
  return page(
    view,
    'Apps',
    html`
  <h1>Apps</h1>
  <form class="card stack" method="post" action="/admin/apps/install">
    <label>Install an app from its descriptor
      <input type="url" name="descriptorUrl" required value="${view.typed.descriptorUrl ?? ''}" placeholder="http://localhost:3000/atlassian-connect.json"></label>
    <p class="actions"><button class="primary">Install</button></p>
  </form>
  <h2>Installed apps</h2>
  ${
    apps.length === 0
      ? html`<p class="empty">No app is installed.</p>`
      : html`<table class="items"><thead><tr><th>App</th><th>State</th><th>Descriptor and pages</th><th></th></tr></thead><tbody>${apps.map((app) => appRow(view, app))}</tbody></table>`
  }`,
  );
};
