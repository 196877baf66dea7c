import { plainPage } from '../identity/consent-pages.ts';
import { DATA_CENTER_SCOPES, type DataCenterScope, type OAuthLink } from '../identity/data-center-access.ts';
import { type Html, html } from '../pages/html.ts';
import type { DataCenterSite } from './data-center-site.ts';

/** The page on which an administrator registers incoming application links by hand. */

const SCOPES: Readonly<Record<DataCenterScope, string>> = {
  READ: 'Read',
  WRITE: 'Write',
  ADMIN: 'Admin',
  SYSTEM_ADMIN: 'System admin',
};

/** What the page is shown after. `typed`: the form that was refused. */
export type Shown =
  | { readonly kind: 'list' }
  | { readonly kind: 'refused'; readonly problem: string; readonly typed: Readonly<Record<string, string | undefined>> }
  | { readonly kind: 'made'; readonly link: OAuthLink };

const credentials = ({ name, clientId, clientSecret }: OAuthLink): Html => html`<section class="made" aria-label="Credentials">
<h2>${name} is linked</h2>
<p>Copy both into the application now. The secret is not shown again.</p>
<table><tbody>
  <tr><th scope="row">Client ID</th><td><code id="client-id">${clientId}</code></td></tr>
  <tr><th scope="row">Client secret</th><td><code id="client-secret">${clientSecret}</code></td></tr>
</tbody></table></section>`;

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly client: string;
  readonly address: string;
  readonly permission: string;
}

const rowsOf = ({ access }: DataCenterSite): readonly Row[] => [
  ...[...access.links.values()].map((link) => ({
    name: link.name,
    kind: 'OAuth 2.0',
    client: link.clientId,
    address: link.redirectUris.join(' '),
    permission: SCOPES[link.scope],
  })),
  ...[...access.consumers.values()].map((consumer) => ({
    name: consumer.name,
    kind: 'OAuth 1.0a',
    client: consumer.key,
    address: consumer.callbackUrl ?? 'named by the application',
    permission: 'all of the person’s own',
  })),
];

const list = (rows: readonly Row[], action: string): Html =>
  rows.length === 0
    ? html`<p>No application is linked yet.</p>`
    : html`<table>
<thead><tr><th>Application</th><th>By</th><th>ID or key</th><th>Redirect URL</th><th>Permission</th><th></th></tr></thead>
<tbody>${rows.map(
        ({ name, kind, client, address, permission }) => html`<tr>
  <td>${name}</td><td>${kind}</td><td class="long"><code>${client}</code></td><td class="long">${address}</td><td>${permission}</td>
  <td><form method="post" action="${action}"><input type="hidden" name="client" value="${client}"><button name="do" value="remove" aria-label="Remove ${name}">Remove</button></form></td>
</tr>`,
      )}</tbody></table>`;

/** Renders the page. `action`: where its forms are posted. */
export function applicationLinksPage(site: DataCenterSite, action: string, shown: Shown): string {
  const typed = (field: string): string => (shown.kind === 'refused' ? (shown.typed[field] ?? '') : '');
  const scope = typed('scope') === '' ? 'WRITE' : typed('scope');
  const option = (value: DataCenterScope): Html =>
    value === scope
      ? html`<option value="${value}" selected>${SCOPES[value]}</option>`
      : html`<option value="${value}">${SCOPES[value]}</option>`;
  return plainPage(
    `Application links – ${site.heart.title}`,
    html`<h1>Application links of ${site.heart.title}</h1>
<p>An application that is linked here may ask people to let it act in their name.</p>
${shown.kind === 'made' && credentials(shown.link)}
${shown.kind === 'refused' && html`<p class="problem" role="alert">${shown.problem}</p>`}
<h2>Linked applications</h2>
${list(rowsOf(site), action)}
<h2>Link an application by OAuth 2.0</h2>
<form method="post" action="${action}" aria-label="OAuth 2.0">
  <label for="name">Name</label><input id="name" name="name" value="${typed('name')}">
  <label for="redirect">Redirect URL</label><input id="redirect" name="redirectUri" value="${typed('redirectUri')}">
  <label for="scope">Permission</label><select id="scope" name="scope">${DATA_CENTER_SCOPES.map(option)}</select>
  <p class="buttons"><button class="primary" name="do" value="oauth2">Create</button></p>
</form>
<h2>Link an application by OAuth 1.0a</h2>
<form method="post" action="${action}" aria-label="OAuth 1.0a">
  <label for="consumer-name">Consumer name</label><input id="consumer-name" name="consumerName" value="${typed('consumerName')}">
  <label for="key">Consumer key</label><input id="key" name="consumerKey" value="${typed('consumerKey')}">
  <label for="public">Public key</label><textarea id="public" name="publicKey" rows="6">${typed('publicKey')}</textarea>
  <label for="callback">Callback URL, if the application names none itself</label><input id="callback" name="callbackUrl" value="${typed('callbackUrl')}">
  <p class="buttons"><button class="primary" name="do" value="oauth1">Create consumer</button></p>
</form>`,
    'wide',
  );
}
