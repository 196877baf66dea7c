/** What the search index knows of an issue: a copy from a little while ago. */
export interface IndexedIssue {
  readonly id: string;
  readonly key: string;
  readonly number: number;
  readonly projectId: string;
  readonly typeId: string;
  readonly statusId: string;
  readonly priorityId: string | null;
  readonly assigneeId: string | null;
  readonly reporterId: string | null;
  readonly resolutionId: string | null;
  readonly labels: readonly string[];
  readonly summary: string;
  readonly dueDate: string | null;
  readonly created: number;
  readonly updated: number;
  /** Ids, texts and numbers of other fields, where there are any; custom fields by id. */
  readonly terms?: Readonly<Record<string, readonly string[]>>;
}

/** Jira's search index: it learns of a write only `lagMs` later. */
export interface SearchIndex {
  lagMs: number;
  /** Tells the index at `now` what an issue has become. */
  note(now: number, document: IndexedIssue): void;
  noteDeleted(now: number, issueId: string): void;
  /** All documents as the index shows them at `now`, of one project or of all. */
  read(now: number, projectId?: string): Iterable<IndexedIssue>;
  /** The site's clock was put forward by so much, or back: what the index has still to learn takes no longer for that, and no shorter. */
  clockMoved(ms: number): void;
}

interface Pending {
  readonly visibleAt: number;
  readonly issueId: string;
  readonly document: IndexedIssue | null;
}

export function createSearchIndex(lagMs: number): SearchIndex {
  const documents = new Map<string, IndexedIssue>();
  const byProject = new Map<string, Map<string, IndexedIssue>>();
  let pending: Pending[] = [];
  let head = 0;

  const forget = (issueId: string): void => {
    const old = documents.get(issueId);
    if (old === undefined) return;
    documents.delete(issueId);
    byProject.get(old.projectId)?.delete(issueId);
  };
  const settle = (now: number): void => {
    for (let next = pending[head]; next !== undefined && next.visibleAt <= now; next = pending[head]) {
      head += 1;
      forget(next.issueId);
      if (next.document === null) continue;
      documents.set(next.issueId, next.document);
      const project = byProject.get(next.document.projectId) ?? new Map<string, IndexedIssue>();
      byProject.set(next.document.projectId, project.set(next.issueId, next.document));
    }
    if (head > 1000 && head * 2 > pending.length) {
      pending = pending.slice(head);
      head = 0;
    }
  };

  const index: SearchIndex = {
    lagMs,
    note: (now, document) => void pending.push({ visibleAt: now + index.lagMs, issueId: document.id, document }),
    noteDeleted: (now, issueId) => void pending.push({ visibleAt: now + index.lagMs, issueId, document: null }),
    read: (now, projectId) => {
      settle(now);
      if (projectId === undefined) return documents.values();
      return byProject.get(projectId)?.values() ?? [];
    },
    clockMoved: (ms) => {
      pending = pending.slice(head).map((one) => ({ ...one, visibleAt: one.visibleAt + ms }));
      head = 0;
    },
  };
  return index;
}
