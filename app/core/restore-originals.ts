import {
  isBlockSiteBound,
  isInlineSiteBound,
  isSiteBound,
  normalNodeText,
  plainText,
  standInFor,
  standInText,
  toPortable,
} from './document.ts';
import type { AdfNode } from './item.ts';
import { keepForms, type Shows } from './keep-forms.ts';

/**
 * A portable document on its way back into the site whose `current` document holds the originals (SPEC D3). First every part
 * that came back as it went out is put back whole; then, in the parts that were edited, each stand-in that still stands is
 * replaced by its original, in order. A stand-in that was deleted takes its original with it.
 *
 * @param shows what the site that it comes from makes of a document; null: it shows all that there is
 */
export function restoreOriginals(portable: AdfNode, current: AdfNode | null, shows: Shows | null = null): AdfNode {
  const parts = current === null ? [] : collectParts(current);
  const { document, kept } =
    current === null || shows === null ? { document: portable, kept: new Set<AdfNode>() } : keepForms(portable, current, shows);
  if (!parts.some((part) => isSiteBound(part.node))) return document;
  for (const part of parts) if (kept.has(part.node)) for (const taken of [part, ...part.inner]) taken.taken = true;
  const untouched = new Set(kept);
  const partly = putBackUntouched(document, parts, untouched);
  /** The originals not yet put back, in the order of the document. */
  const missing = parts.filter((part) => !part.taken && isSiteBound(part.node)).map((part) => part.node);
  return untouched.has(partly) ? partly : putBackStandIns(partly, missing, untouched);
}

/** A part of the current document: a block of any size, or a site-bound node. */
interface Part {
  readonly node: AdfNode;
  /** What it looked like when it travelled; null when it melted into a line. */
  readonly travelled: string | null;
  /** All parts inside of it. */
  readonly inner: readonly Part[];
  taken: boolean;
}

function collectParts(node: AdfNode): Part[] {
  if (isSiteBound(node)) {
    const travelled = isBlockSiteBound(node) ? normalNodeText(standInFor(node)) : null;
    return [{ node, travelled, inner: [], taken: false }];
  }
  if (node.content === undefined) return [];
  const inner = node.content.flatMap(collectParts);
  return [{ node, travelled: normalNodeText(toPortable(node)), inner, taken: false }, ...inner];
}

/**
 * Replaces whole parts, largest first and in order, so that of two that read alike each gets its own; notes them in `untouched`,
 * since nothing inside of them is to be replaced again.
 */
function putBackUntouched(node: AdfNode, parts: readonly Part[], untouched: Set<AdfNode>): AdfNode {
  if (node.content === undefined || untouched.has(node)) return node;
  const travelled = normalNodeText(node);
  const isFree = (part: Part): boolean => !part.taken && part.inner.every((inner) => !inner.taken);
  const match = parts.find((part) => part.travelled === travelled && isFree(part));
  if (match !== undefined) {
    for (const part of [match, ...match.inner]) part.taken = true;
    untouched.add(match.node);
    return match.node;
  }
  const content = [...node.content];
  const largestFirst = content
    .map((child, at) => ({ child, at, size: normalNodeText(child).length }))
    .sort((a, b) => b.size - a.size);
  for (const { child, at } of largestFirst) content[at] = putBackUntouched(child, parts, untouched);
  return { ...node, content };
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
  const places = missing.flatMap((original) =>
    isInlineSiteBound(original) ? findStandIn(text, standInText(original), original) : [],
  );
  const [best] = places.sort((a, b) => Number(b.apart) - Number(a.apart) || b.length - a.length || a.at - b.at);
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

/** A place in a line of text that reads like a stand-in. */
interface StandInPlace {
  readonly original: AdfNode;
  readonly at: number;
  readonly length: number;
  /** Whether it is no mere part of a longer word: `@Ann` is not meant by `@Anna`, unless nothing better is found. */
  readonly apart: boolean;
}

function findStandIn(text: string, standIn: string, original: AdfNode): readonly StandInPlace[] {
  const found: StandInPlace[] = [];
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
