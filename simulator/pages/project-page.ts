import type { Html } from './html.ts';
import { html } from './html.ts';
import type { View } from './layout.ts';
import { moment, page } from './layout.ts';
import { labelList, orNone, statusLozenge, typeMark } from './lozenges.ts';
import type { PageItemRow, PageProject } from './page-site.ts';

const row = (item: PageItemRow): Html => html`
  <tr id="item-${item.key}" data-live-row="${item.key}">
    <td>${typeMark(item)}</td>
    <td class="nowrap"><a href="/browse/${item.key}">${item.key}</a></td>
    <td class="summary"><a href="/browse/${item.key}">${item.summary}</a></td>
    <td>${statusLozenge(item.status)}</td>
    <td>${orNone(item.priority?.name ?? null)}</td>
    <td>${labelList(item.labels)}</td>
    <td class="nowrap">${orNone(item.dueDate)}</td>
    <td class="nowrap">${moment(item.updatedAt)}</td>
  </tr>`;

const table = (items: readonly PageItemRow[]): Html => html`
  <table class="items">
    <thead><tr><th>Type</th><th>Key</th><th>Summary</th><th>Status</th><th>Priority</th><th>Labels</th><th>Due</th><th>Updated</th></tr></thead>
    <tbody>${items.map(row)}</tbody>
  </table>`;

/** The items of a project, newest first. The page renews itself when anything in the project changes. */
export const projectPage = (view: View, project: PageProject): string => {
  const items = view.site.items.list(view.user.accountId, project.key);
  return page(
    view,
    `${project.name} – work items`,
    html`
    <p class="crumbs"><a href="/">Spaces</a> / ${project.name}</p>
    <h1>Work items <span class="live" title="This list follows every change by itself">live</span></h1>
    <div data-live="/projects/${project.key}" data-version="${view.site.items.version()}">
      <div data-live-region="items">
        ${items.length === 0 ? html`<p class="empty">No work items yet. <a href="/projects/${project.key}/create">Create the first one</a>.</p>` : table(items)}
      </div>
    </div>`,
  );
};

/** The form that makes an item. */
export const createPage = (view: View, project: PageProject): string => {
  const { typed } = view;
  const { types, priorities } = view.site.items;
  const options = (
    from: readonly { readonly id: string; readonly name: string }[],
    chosen: string | undefined,
  ): readonly Html[] =>
    from.map((each) => html`<option value="${each.id}"${each.id === chosen ? html` selected` : ''}>${each.name}</option>`);
  return page(
    view,
    'Create work item',
    html`
    <p class="crumbs"><a href="/projects/${project.key}">${project.name}</a> / Create</p>
    <h1>Create work item</h1>
    <form class="card stack" method="post" action="/projects/${project.key}/create">
      <label>Type <select name="typeId">${options(types(project.key), typed.typeId)}</select></label>
      <label>Summary <input name="summary" required maxlength="255" autofocus value="${typed.summary ?? ''}"></label>
      <label>Description <textarea name="description" rows="8">${typed.description ?? ''}</textarea>
        <small>An empty line starts a new paragraph; lines that start with “- ” become bullets.</small></label>
      <div class="row">
        <label>Priority <select name="priorityId"><option value="">As the site sets it</option>${options(priorities(), typed.priorityId)}</select></label>
        <label>Labels <input name="labels" value="${typed.labels ?? ''}" placeholder="parted by spaces"></label>
        <label>Due date <input type="date" name="dueDate" value="${typed.dueDate ?? ''}"></label>
      </div>
      <p class="actions"><button class="primary">Create</button> <a class="button" href="/projects/${project.key}">Cancel</a></p>
    </form>`,
  );
};
