import type { Html } from './html.ts';
import { html } from './html.ts';
import type { View } from './layout.ts';
import { avatar, page } from './layout.ts';
import type { PageSite } from './page-site.ts';

type Site = ReturnType<PageSite['world']>[number];

const siteCard = (site: Site, here: boolean): Html => html`
  <li class="card">
    <h2>${site.name}${here && html` <small class="none">you are here</small>`}</h2>
    <p><a href="${site.baseUrl}/">${site.baseUrl}</a></p>
    <h3>Spaces</h3>
    <ul>${site.projects().map((project) => html`<li><a href="${site.baseUrl}/projects/${project.key}"><span class="key">${project.key}</span> ${project.name}</a></li>`)}</ul>
    <h3>People</h3>
    <ul class="people">${site.users().map((user) => html`<li class="person">${avatar(user.displayName, false)} ${user.displayName}${user.admin && html` <span class="lozenge">admin</span>`}</li>`)}</ul>
    <h3>Apps</h3>
    <ul>${site.apps.list().map((app) => html`<li>${app.name} (${app.state})</li>`)}${site.apps.list().length === 0 && html`<li class="none">None</li>`}</ul>
  </li>`;

const appPages = (world: readonly Site[]): readonly Html[] =>
  world.flatMap((site) =>
    site
      .projects()
      .slice(0, 1)
      .flatMap((project) =>
        site.apps
          .list()
          .filter((app) => app.state === 'enabled')
          .flatMap((app) =>
            app.projectPages.map(
              (module) =>
                html` <a href="${site.baseUrl}/projects/${project.key}/settings/apps/${encodeURIComponent(module.key)}">${module.name}</a> in the settings of ${project.name} on ${site.name}`,
            ),
          ),
      ),
  );

/** The first page of every site: what world this is, who lives in it and what to try. */
export const worldPage = (view: View): string => {
  const world = view.site.world();
  const [one, other] = world.map((site) => ({ site, project: site.projects()[0] }));
  const pages = appPages(world);
  return page(
    view,
    'Simulated world',
    html`
  <h1>A small simulated Jira world</h1>
  <p class="lead">These sites behave like Jira Cloud towards the apps installed on them. No real Jira is involved, and nothing leaves this machine.</p>
  <ul class="cards">${world.map((site) => siteCard(site, site.name === view.site.name))}</ul>
  <h2>What to try</h2>
  <ol class="steps">
    ${
      one?.project !== undefined &&
      other?.project !== undefined &&
      html`
    <li>Open <a href="${one.site.baseUrl}/projects/${one.project.key}">${one.project.name} on ${one.site.name}</a> and <a href="${other.site.baseUrl}/projects/${other.project.key}">${other.project.name} on ${other.site.name}</a> side by side, in two windows.</li>`
    }
    <li>Create an item in one of them and watch its twin appear in the other; both lists follow every change by themselves.</li>
    <li>Change a summary, a priority, a due date, the status; write, edit or delete a comment. The history at the foot of an item says who did what: what the app did carries the mark “app”.</li>
    <li>Change the same field on both sides at nearly the same time.</li>
    ${pages.length > 0 && html`<li>Look at the app's own pages:${pages.map((each, index) => html`${index > 0 && ','}${each}`)}.</li>`}
    <li>Switch, at the top right, to a person without administration rights: the settings are gone. In <a href="/admin/apps">Apps</a> an administrator disables, uninstalls and installs again.</li>
  </ol>`,
  );
};
