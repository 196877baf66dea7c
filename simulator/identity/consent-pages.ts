import type { Html } from '../pages/html.ts';
import { html } from '../pages/html.ts';

/** Pages on which a person logs in and says yes or no. Plain forms: a browser test fills them in and clicks. */

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;background:#f7f8f9;color:#172b4d;margin:0}
main{max-width:26rem;margin:4rem auto;background:#fff;border:1px solid #dfe1e6;border-radius:8px;padding:2rem}
h1{font-size:1.25rem;margin:0 0 1rem}label{display:block;margin:1rem 0 .25rem}
input,select{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #6b778c;border-radius:4px}
button{font:inherit;padding:.5rem 1rem;border-radius:4px;border:1px solid #6b778c;background:#fff;cursor:pointer;white-space:nowrap}
button.primary{background:#0c66e4;border-color:#0c66e4;color:#fff}
main.wide{max-width:56rem}h2{font-size:1rem;margin:2rem 0 .5rem}table{width:100%;border-collapse:collapse}
th,td{text-align:left;padding:.5rem .5rem .5rem 0;border-top:1px solid #dfe1e6;vertical-align:top}td.long{overflow-wrap:anywhere}
thead th{border:0;font-size:.875rem;color:#44546f}textarea{font:.875rem/1.4 ui-monospace,monospace;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #6b778c;border-radius:4px}
code{font:.875rem/1.4 ui-monospace,monospace;background:#f1f2f4;border-radius:3px;padding:.125rem .25rem;overflow-wrap:anywhere}
section.made{border:1px solid #4bce97;background:#dcfff1;border-radius:4px;padding:0 1rem}p.hint{color:#44546f;font-size:.875rem}
p.buttons{display:flex;gap:.5rem;justify-content:flex-end;margin:1.5rem 0 0}p.problem{color:#ae2e24}`;

/** A page of its own, without the site around it. `wide`: for tables. */
export const plainPage = (title: string, content: Html, width: 'narrow' | 'wide' = 'narrow'): string =>
  html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,">
<style>${{ markup: STYLE }}</style></head>
<body><main class="${width}">${content}</main></body>
</html>`.markup;

const hidden = (fields: Readonly<Record<string, string>>): readonly Html[] =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);

/** `action`: where the form is posted; `hiddenFields` go along. */
export interface LoginPage {
  readonly site: string;
  readonly action: string;
  readonly hiddenFields: Readonly<Record<string, string>>;
  readonly problem: string | null;
  /** Who there is, for people who look around. */
  readonly hint: string;
}

export const loginPage = ({ site, action, hiddenFields, problem, hint }: LoginPage): string =>
  plainPage(
    `Log in – ${site}`,
    html`<h1>Log in to ${site}</h1>
${problem !== null && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="${action}">
  ${hidden(hiddenFields)}
  <label for="username">Username</label><input id="username" name="username" autocomplete="username" autofocus>
  <label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password">
  <p class="buttons"><button class="primary">Log in</button></p>
</form>
<p class="hint">${hint}</p>`,
  );

export interface ConsentPage {
  readonly client: string;
  readonly site: string;
  /** Who would let the client act; null: one of `people` is to be chosen. */
  readonly person: string | null;
  readonly people: readonly { readonly value: string; readonly label: string }[];
  /** What the client could then do, one sentence each. */
  readonly rights: readonly string[];
  readonly action: string;
  readonly hiddenFields: Readonly<Record<string, string>>;
  /** Where the browser goes with the answer; null: the answer is a code to carry over by hand. */
  readonly returnTo: string | null;
}

export const consentPage = ({ client, site, person, people, rights, action, hiddenFields, returnTo }: ConsentPage): string =>
  plainPage(
    `Authorize ${client} – ${site}`,
    html`<h1>${client} asks for access to ${site}</h1>
<p>${
      person === null
        ? html`It would act in the name of the account that you choose. It could:`
        : html`You are logged in as <strong>${person}</strong>. ${client} would act in your name. It could:`
    }</p>
<ul>${rights.map((right) => html`<li>${right}</li>`)}</ul>
<form method="post" action="${action}">
  ${hidden(hiddenFields)}
  ${
    person === null &&
    html`<label for="person">Site and account</label>
  <select id="person" name="person">${people.map(({ value, label }) => html`<option value="${value}">${label}</option>`)}</select>`
  }
  <p class="buttons"><button name="decision" value="deny">Deny</button><button class="primary" name="decision" value="allow">Allow</button></p>
</form>
<p class="hint">${
      returnTo === null
        ? html`If you allow it, you are shown a code to give to ${client}.`
        : html`Your answer takes you back to <strong>${URL.canParse(returnTo) ? new URL(returnTo).host : returnTo}</strong>.`
    }</p>`,
  );

/** Something that cannot go on, or the code that a person carries over by hand. */
export const messagePage = (title: string, text: string): string => plainPage(title, html`<h1>${title}</h1><p>${text}</p>`);
