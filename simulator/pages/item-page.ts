import { adfHtml } from './adf-html.ts';
import { adfToText } from './adf-text.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { commentSection, historySection } from './item-activity.ts';
import type { View } from './layout.ts';
import { avatar, moment, page } from './layout.ts';
import { labelList, orNone, statusLozenge, typeMark } from './lozenges.ts';
import type { PageItem } from './page-site.ts';

/** A value that opens into a form of one field. `region` names it for the live renewal, which leaves open forms alone. */
const editable = (item: PageItem, region: string, shown: Html, input: Html): Html => html`
  <div data-live-region="${region}">
    <details class="edit inline" data-edit>
      <summary title="Click to edit"><span class="hidden">Edit ${region}</span>${shown}</summary>
      <form class="stack" method="post" action="/browse/${item.key}">
        ${input}
        <p class="actions"><button class="primary">Save</button> <button type="button" class="link" data-close>Cancel</button></p>
      </form>
    </details>
  </div>`;

const summaryField = (item: PageItem): Html =>
  editable(
    item,
    'summary',
    html`<span class="title">${item.summary}</span>`,
    html`<input name="summary" aria-label="Summary" required maxlength="255" value="${item.summary}">`,
  );

const descriptionField = (item: PageItem): Html => {
  const text = adfToText(item.description);
  return editable(
    item,
    'description',
    html`<div class="rich">${item.description === null ? html`<span class="none">Add a description…</span>` : adfHtml(item.description)}</div>`,
    html`<textarea name="description" aria-label="Description" rows="${Math.min(20, Math.max(6, text.split('\n').length + 2))}">${text}</textarea>
      <small>An empty line starts a new paragraph; lines that start with “- ” become bullets. A line like [[table 2]] stands for a part that is kept as it is.</small>`,
  );
};

const transitions = (view: View, item: PageItem): Html => html`
  <div data-live-region="status" class="status">
    ${statusLozenge(item.status)}
    ${view.site.items.transitions(view.user.accountId, item.key).map(
      (each) => html`
    <form method="post" action="/browse/${item.key}/transitions"><input type="hidden" name="transitionId" value="${each.id}">
      <button title="To ${each.to.name}">${each.name}</button></form>`,
    )}
  </div>`;

const details = (view: View, item: PageItem): Html => html`
  <aside class="card details" aria-label="Details">
    <h2>Details</h2>
    <dl>
      <dt>Status</dt><dd>${transitions(view, item)}</dd>
      <dt>Priority</dt><dd>${editable(item, 'priority', orNone(item.priority?.name ?? null), html`<select name="priorityId" aria-label="Priority">${view.site.items.priorities().map((each) => html`<option value="${each.id}"${each.id === item.priority?.id ? html` selected` : ''}>${each.name}</option>`)}</select>`)}</dd>
      <dt>Labels</dt><dd>${editable(item, 'labels', labelList(item.labels), html`<input name="labels" aria-label="Labels" value="${item.labels.join(' ')}" placeholder="parted by spaces">`)}</dd>
      <dt>Due date</dt><dd>${editable(item, 'due date', orNone(item.dueDate), html`<input type="date" name="dueDate" aria-label="Due date" value="${item.dueDate ?? ''}">`)}</dd>
      <dt>Creator</dt><dd class="person">${avatar(item.creatorName, item.creatorIsApp)} ${item.creatorName}</dd>
      <dt>Created</dt><dd>${moment(item.createdAt)}</dd>
      <dt>Updated</dt><dd data-live-region="updated">${moment(item.updatedAt)}</dd>
    </dl>
    <details class="edit" data-edit>
      <summary>Delete this item…</summary>
      <form method="post" action="/browse/${item.key}/delete"><p>This cannot be undone.</p><button class="danger">Delete ${item.key}</button></form>
    </details>
  </aside>`;

/** One item: everything of it, to read and to edit in place. Renews itself when the item changes. */
export const itemPage = (view: View, item: PageItem): string =>
  page(
    view,
    `${item.key} ${item.summary}`,
    html`
  <p class="crumbs"><a href="/projects/${item.projectKey}">${view.project?.name ?? item.projectKey}</a> / ${typeMark(item)} <a href="/browse/${item.key}">${item.key}</a> <span class="live" title="This page follows every change by itself">live</span></p>
  <div class="item" data-live="/pages/version" data-version="${view.site.items.version()}">
    <div>
      <h1>${summaryField(item)}</h1>
      <h2>Description</h2>
      ${descriptionField(item)}
      ${commentSection(item)}
      ${historySection(item)}
    </div>
    ${details(view, item)}
  </div>`,
  );
