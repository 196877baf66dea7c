import { isBlockSiteBound, isInlineSiteBound, normalNodeText, plainText, standInText, toPortable } from './document.ts';
import type { AdfNode } from './item.ts';

/**
 * A portable document on its way back into the site whose `current` document holds the originals (SPEC D3). First every part
 * that came back as it went out is put back whole; then, in the parts that were edited, each stand-in that still stands is
 * replaced by its original, in order. A stand-in that was deleted takes its original with it.
 */
export function restoreOriginals(portable: AdfNode, current: AdfNode | null): AdfNode {
  /** The originals not yet put back, in the order of the document. */
  const missing = current === null ? [] : collectSiteBound(current);
  if (current === null || missing.length === 0) return portable;
  const untouched = new Set<AdfNode>();
  const partly = putBackUntouched(portable, collectHolders(current), missing, untouched);
  return untouched.has(partly) ? partly : putBackStandIns(partly, missing, untouched);
}

/** A part of the current document with originals in it, and what it looked like when it travelled. */
interface Holder {
  readonly node: AdfNode;
  readonly travelled: string;
}

const collectHolders = (node: AdfNode): readonly Holder[] => {
  if (isSiteBound(node) || collectSiteBound(node).length === 0) return [];
  return [{ node, travelled: normalNodeText(toPortable(node)) }, ...(node.content ?? []).flatMap(collectHolders)];
};

/** Replaces whole parts, largest first; notes them in `untouched`, since nothing inside of them is to be replaced again. */
function putBackUntouched(node: AdfNode, holders: readonly Holder[], missing: AdfNode[], untouched: Set<AdfNode>): AdfNode {
  if (node.content === undefined) return node;
  const travelled = normalNodeText(node);
  const holder = holders.find(
    (candidate) =>
      candidate.travelled === travelled && collectSiteBound(candidate.node).every((bound) => missing.includes(bound)),
  );
  if (holder !== undefined) {
    for (const bound of collectSiteBound(holder.node)) missing.splice(missing.indexOf(bound), 1);
    untouched.add(holder.node);
    return holder.node;
  }
  return { ...node, content: node.content.map((child) => putBackUntouched(child, holders, missing, untouched)) };
}

function putBackStandIns(node: AdfNode, missing: AdfNode[], untouched: ReadonlySet<AdfNode>): AdfNode {
  // Code is text and nothing else: Jira takes no other node inside of it.
  if (node.content === undefined || node.type === 'codeBlock' || untouched.has(node)) return node;
  return {
    ...node,
    content: node.content.flatMap((child) => {
      if (child.type === 'text') return putBackInline(child, missing);
      const block = child.type === 'paragraph' ? takeBlock(child, missing) : null;
      return [block ?? putBackStandIns(child, missing, untouched)];
    }),
  };
}

function takeBlock(paragraph: AdfNode, missing: AdfNode[]): AdfNode | null {
  const text = plainText(paragraph).trim();
  return take(
    missing,
    missing.find((original) => isBlockSiteBound(original) && standInText(original) === text),
  );
}

/** An inline stand-in has melted into the text around it: it is cut out again where it reads exactly like one. */
function putBackInline(node: AdfNode, missing: AdfNode[]): readonly AdfNode[] {
  const text = node.text ?? '';
  const standing = missing.flatMap((original) =>
    isInlineSiteBound(original) ? findStandIn(text, standInText(original), original) : [],
  );
  const [best] = standing.sort((a, b) => Number(b.apart) - Number(a.apart) || b.length - a.length || a.at - b.at);
  const original = take(missing, best?.original);
  if (best === undefined || original === null) return [node];
  const before = text.slice(0, best.at);
  const after = text.slice(best.at + best.length);
  return [
    ...(before === '' ? [] : putBackInline({ ...node, text: before }, missing)),
    original,
    ...(after === '' ? [] : putBackInline({ ...node, text: after }, missing)),
  ];
}

interface Standing {
  readonly original: AdfNode;
  readonly at: number;
  readonly length: number;
  /** Whether it is no mere part of a longer word: `@Ann` is not meant by `@Anna`, unless nothing better is found. */
  readonly apart: boolean;
}

function findStandIn(text: string, standIn: string, original: AdfNode): readonly Standing[] {
  const found: Standing[] = [];
  for (let at = text.indexOf(standIn); at >= 0; at = text.indexOf(standIn, at + standIn.length)) {
    const apart = !/^[\p{L}\p{N}]/u.test(text.slice(at + standIn.length)) && !/[\p{L}\p{N}]$/u.test(text.slice(0, at));
    found.push({ original, at, length: standIn.length, apart });
  }
  return found;
}

function take(missing: AdfNode[], original: AdfNode | undefined): AdfNode | null {
  if (original === undefined) return null;
  missing.splice(missing.indexOf(original), 1);
  return original;
}

const isSiteBound = (node: AdfNode): boolean => isInlineSiteBound(node) || isBlockSiteBound(node);

const collectSiteBound = (node: AdfNode): AdfNode[] =>
  isSiteBound(node) ? [node] : (node.content ?? []).flatMap(collectSiteBound);
