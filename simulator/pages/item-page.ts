import { adfHtml } from './adf-html.ts';
import { adfToText } from './adf-text.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { commentSection, historySection } from './item-activity.ts';
import type { View } from './layout.ts';
import { avatar, moment, page } from './layout.ts';
import { labelList, orNone, statusLozenge, typeMark } from './lozenges.ts';
import type { PageItem, PageOption } from './page-site.ts';

interface Editable {
  /** Names the part for the live renewal, which leaves open forms alone. */
  readonly region: string;
  readonly field: string;
  readonly shown: Html;
  readonly input: Html;
}

/** A value that opens into a form of one field; open from the start when what it held was refused. */
const editable = ({ typed }: View, item: PageItem, { region, field, shown, input }: Editable): Html => html`
  <div data-live-region="${region}">
    <details class="edit inline" data-edit${typed[field] !== undefined && html` open`}>
      <summary title="Click to edit"><span class="hidden">Edit ${region}</span>${shown}</summary>
      <form class="stack" method="post" action="/browse/${item.key}">
        ${input}
        <p class="actions"><button class="primary">Save</button> <button type="button" class="link" data-close>Cancel</button></p>
      </form>
    </details>
  </div>`;

const summaryField = (view: View, item: PageItem): Html =>
  editable(view, item, {
    region: 'summary',
    field: 'summary',
    shown: html`<span class="title">${item.summary}</span>`,
    input: html`<input name="summary" aria-label="Summary" required maxlength="255" value="${view.typed.summary ?? item.summary}">`,
  });

const descriptionField = (view: View, item: PageItem): Html => {
  const text = view.typed.description ?? adfToText(item.description);
  const rows = Math.min(20, Math.max(6, text.split('\n').length + 2));
  return editable(view, item, {
    region: 'description',
    field: 'description',
    shown: html`<div class="rich">${item.description === null ? html`<span class="none">Add a description…</span>` : adfHtml(item.description)}</div>`,
    input: html`<textarea name="description" aria-label="Description" rows="${rows}">${text}</textarea>
      <small>An empty line starts a new paragraph; lines that start with “- ” become bullets. A line like [[table 2]] stands for a part that is kept as it is.</small>`,
  });
};

const priorityField = (view: View, item: PageItem): Html => {
  const option = ({ id, name }: PageOption): Html =>
    html`<option value="${id}"${id === item.priority?.id && html` selected`}>${name}</option>`;
  return editable(view, item, {
    region: 'priority',
    field: 'priorityId',
    shown: orNone(item.priority?.name ?? null),
    input: html`<select name="priorityId" aria-label="Priority">${view.site.items.priorities().map(option)}</select>`,
  });
};

const labelsField = (view: View, item: PageItem): Html =>
  editable(view, item, {
    region: 'labels',
    field: 'labels',
    shown: labelList(item.labels),
    input: html`<input name="labels" aria-label="Labels" value="${view.typed.labels ?? item.labels.join(' ')}" placeholder="parted by spaces">`,
  });

const dueDateField = (view: View, item: PageItem): Html =>
  editable(view, item, {
    region: 'due date',
    field: 'dueDate',
    shown: orNone(item.dueDate),
    input: html`<input type="date" name="dueDate" aria-label="Due date" value="${view.typed.dueDate ?? item.dueDate ?? ''}">`,
  });

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
      <dt>Priority</dt><dd>${priorityField(view, item)}</dd>
      <dt>Labels</dt><dd>${labelsField(view, item)}</dd>
      <dt>Due date</dt><dd>${dueDateField(view, item)}</dd>
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
  <div class="item" data-live="/browse/${item.key}" data-version="${view.site.items.version()}">
    <div>
      <h1>${summaryField(view, item)}</h1>
      <h2>Description</h2>
      ${descriptionField(view, item)}
      ${commentSection(item, view.typed.body ?? '')}
      ${historySection(item)}
    </div>
    ${details(view, item)}
  </div>`,
  );
