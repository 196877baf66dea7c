import { adfHtml } from './adf-html.ts';
import { adfToText } from './adf-text.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { avatar, moment } from './layout.ts';
import { orNone } from './lozenges.ts';
import type { PageComment, PageHistoryEntry, PageItem } from './page-site.ts';

const comment = (item: PageItem, each: PageComment): Html => html`
  <li class="comment" id="comment-${each.id}">
    ${avatar(each.authorName, each.byApp)}
    <div>
      <p class="byline"><strong>${each.authorName}</strong>${each.byApp && html` <span class="lozenge lozenge-app">app</span>`} ${moment(each.createdAt)}${each.updatedAt !== each.createdAt && html` <span class="none" title="last edited">· edited ${moment(each.updatedAt)}</span>`}${each.restricted && html` <span class="lozenge">restricted</span>`}</p>
      <div class="rich">${adfHtml(each.body)}</div>
      <div class="row small">
        <details class="edit" data-edit>
          <summary>Edit</summary>
          <form class="stack" method="post" action="/browse/${item.key}/comments/${each.id}">
            <label class="hidden" for="edit-${each.id}">Comment</label>
            <textarea id="edit-${each.id}" name="body" rows="4" required>${adfToText(each.body)}</textarea>
            <p class="actions"><button class="primary">Save</button></p>
          </form>
        </details>
        <form method="post" action="/browse/${item.key}/comments/${each.id}/delete"><button class="link">Delete</button></form>
      </div>
    </div>
  </li>`;

/** The comments, oldest first, and a form for one more, which holds `typed` from the start. */
export const commentSection = (item: PageItem, typed: string): Html => html`
  <section aria-labelledby="comments">
    <h2 id="comments">Comments <span class="count">${item.comments.length}</span></h2>
    <ol class="comments" data-live-region="comments">${item.comments.map((each) => comment(item, each))}</ol>
    <form class="stack add-comment" method="post" action="/browse/${item.key}/comments">
      <label class="hidden" for="new-comment">New comment</label>
      <textarea id="new-comment" name="body" rows="3" required placeholder="Add a comment…">${typed}</textarea>
      <p class="actions"><button class="primary">Comment</button></p>
    </form>
  </section>`;

const SHOWN_CHARACTERS = 160;

/** A value of the history; of a long text its beginning. */
const brief = (text: string): Html => orNone(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

const entry = (each: PageHistoryEntry): Html => html`
  <li>
    ${avatar(each.authorName, each.byApp)}
    <div>
      <p class="byline"><strong>${each.authorName}</strong>${each.byApp && html` <span class="lozenge lozenge-app">app</span>`} ${moment(each.at)}</p>
      <ul>${each.changes.map((change) => html`<li><b>${change.field}</b> <span class="from">${brief(change.from)}</span> → <span class="to">${brief(change.to)}</span></li>`)}</ul>
    </div>
  </li>`;

/** Who changed what, newest first. */
export const historySection = (item: PageItem): Html => html`
  <section aria-labelledby="history">
    <h2 id="history">History</h2>
    <ol class="history" data-live-region="history">
      ${item.history.map(entry)}
      <li>${avatar(item.creatorName, item.creatorIsApp)}<div><p class="byline"><strong>${item.creatorName}</strong>${item.creatorIsApp && html` <span class="lozenge lozenge-app">app</span>`} created the item ${moment(item.createdAt)}</p></div></li>
    </ol>
  </section>`;
