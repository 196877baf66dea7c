import type { Html } from './html.ts';
import { html } from './html.ts';
import type { PageProject, PageSite, PageUser } from './page-site.ts';

/** Who looks, and where they stand: what every page of a site needs. */
export interface View {
  readonly site: PageSite;
  readonly user: PageUser;
  readonly project: PageProject | null;
  /** Whether the user may change the settings of the project. */
  readonly administers: boolean;
  /** A sentence on what was refused just now, shown on top. */
  readonly problem: string | null;
  /** What the refused form held, so that nobody types it twice. */
  readonly typed: Readonly<Record<string, string>>;
  /** The address of this page, for the user switcher to come back to. */
  readonly path: string;
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase();

/** A round mark with a person's initials; the app has its own colour. */
export const avatar = (name: string, byApp: boolean): Html =>
  html`<span class="${byApp ? 'avatar avatar-app' : 'avatar'}" aria-hidden="true">${initials(name)}</span>`;

/** A moment; the browser turns it into "2 minutes ago". `at` in epoch milliseconds. */
export const moment = (at: number): Html => {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" data-ago>${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
};

/** What a person may administer where one stands. */
const standing = ({ site, project }: View, person: PageUser): string => {
  if (person.admin) return ' (admin)';
  return project !== null && site.administers(person.accountId, project) ? ' (space admin)' : '';
};

const switcher = (view: View): Html => html`
  <form class="switcher" method="post" action="/pages/user">
    <input type="hidden" name="back" value="${view.path}">
    ${avatar(view.user.displayName, false)}
    <label for="user">You are</label>
    <select id="user" name="accountId" data-submit-on-change>
      ${view.site.users().map((each) => html`<option value="${each.accountId}"${each.accountId === view.user.accountId ? html` selected` : ''}>${each.displayName}${standing(view, each)}</option>`)}
    </select>
    <noscript><button>Switch</button></noscript>
  </form>`;

const navigation = ({ site, user, project, administers, path }: View): Html => {
  const entry = (href: string, label: string): Html =>
    html`<li><a href="${href}"${href === path ? html` aria-current="page"` : ''}>${label}</a></li>`;
  return html`
  <nav class="side" aria-label="Site">
    <h2>Spaces</h2>
    <ul>${site.projects().map((each) => html`<li><a href="/projects/${each.key}"${each.key === project?.key ? html` aria-current="true"` : ''}><span class="key">${each.key}</span> ${each.name}</a></li>`)}</ul>
    ${
      project &&
      html`<h2>${project.name}</h2>
    <ul>${entry(`/projects/${project.key}`, 'Work items')}${administers && entry(`/projects/${project.key}/settings`, 'Space settings')}</ul>`
    }
    <h2>Site</h2>
    <ul>${entry('/', 'Simulated world')}${user.admin && entry('/admin/apps', 'Apps')}</ul>
  </nav>`;
};

/** A whole page: banner, top bar, navigation and `main`. `scripts` are added after the site's own. */
export const page = (view: View, title: string, main: Html, scripts: readonly string[] = []): string =>
  html`<!doctype html>
<html lang="en" data-theme="light:light" data-color-mode="light">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} – ${view.site.name}</title>
  <link rel="icon" href="/pages/assets/site.svg">
  <link rel="stylesheet" href="/pages/assets/site.css">
</head>
<body>
  <div class="banner" role="note">Simulated Jira site – <strong>${view.site.name}</strong><span> · everything here is made up and lives on this machine</span></div>
  <header class="top">
    <a class="brand" href="/"><img src="/pages/assets/site.svg" alt="" width="24" height="24"> ${view.site.name}</a>
    ${view.project && html`<a class="button primary" href="/projects/${view.project.key}/create">Create</a>`}
    ${switcher(view)}
  </header>
  <div class="frame">
    ${navigation(view)}
    <main>
      ${view.problem !== null && html`<p class="problem" role="alert">${view.problem}</p>`}
      ${main}
    </main>
  </div>
  <div id="flags" class="flags" aria-live="polite"></div>
  <script src="/pages/assets/site.js" defer></script>
  ${scripts.map((source) => html`<script src="${source}" defer></script>`)}
</body>
</html>`.markup;
