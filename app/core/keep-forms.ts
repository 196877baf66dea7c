import { normalNodeText, toPortable } from './document.ts';
import type { AdfNode } from './item.ts';

/** What a site makes of a document that is written to it, as it is then read there. */
export type Shows = (document: AdfNode) => AdfNode;

export interface KeptForms {
  readonly document: AdfNode;
  /** The blocks of the current document that stand in it as they are. */
  readonly kept: ReadonlySet<AdfNode>;
}

/**
 * A document that comes back from a site which shows fewer forms (merged cells, task boxes, lozenges). A block that reads there exactly as
 * that site would show a block of `current` was not edited: the block stays in the form that it has here (SPEC D5). What the other site
 * shows nothing of stays beside its neighbours.
 */
export function keepForms(portable: AdfNode, current: AdfNode, shows: Shows): KeptForms {
  const incoming = portable.content ?? [];
  const texts = incoming.map(normalNodeText);
  const blocks = (current.content ?? []).map((block) => ({ block, shown: shownOf(block, shows) }));
  const kept = new Set<AdfNode>();
  const content: AdfNode[] = [];
  const keep = (block: AdfNode): void => {
    kept.add(block);
    content.push(block);
  };
  let next = 0;
  /** Blocks from `next` on that the other site shows nothing of: those that follow at once, or all before one that was found again. */
  const keepUnshown = (until: number | null): void => {
    for (let one = blocks[next]; one !== undefined && next !== until; one = blocks[next]) {
      if (one.shown.length === 0) keep(one.block);
      else if (until === null) return;
      next += 1;
    }
  };
  keepUnshown(null);
  for (let at = 0; at < incoming.length; ) {
    const found = blocks.findIndex(({ shown }, index) => index >= next && shown.length > 0 && standsAt(texts, at, shown));
    const match = blocks[found];
    const edited = incoming[at];
    if (match === undefined) {
      if (edited !== undefined) content.push(edited);
      at += 1;
      continue;
    }
    keepUnshown(found);
    keep(match.block);
    next = found + 1;
    at += match.shown.length;
    keepUnshown(null);
  }
  keepUnshown(blocks.length);
  return { document: { ...portable, content }, kept };
}

const shownOf = (block: AdfNode, shows: Shows): readonly string[] => {
  const { content } = toPortable({ type: 'doc', version: 1, content: [block] });
  return (shows({ type: 'doc', version: 1, content: content ?? [] }).content ?? []).map(normalNodeText);
};

const standsAt = (texts: readonly string[], at: number, shown: readonly string[]): boolean =>
  shown.every((text, offset) => texts[at + offset] === text);
