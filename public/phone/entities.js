// @ts-check
// A text whose formatting is given beside it, as Telegram does: each word goes in as a text node, and no link is made of anything.

import { element } from "./dom.js";

/** @typedef {{ readonly type: string, readonly offset: number, readonly length: number }} Entity */

/** How each kind looks. What is not named is shown as a link: the eye must see it, a finger cannot follow it. @type {Record<string, readonly [tag: keyof HTMLElementTagNameMap, className: string]>} */
const LOOKS = {
  bold: ["strong", ""],
  italic: ["em", ""],
  underline: ["u", ""],
  strikethrough: ["s", ""],
  spoiler: ["span", "spoiler"],
  code: ["code", "code"],
  pre: ["pre", "fence"],
  blockquote: ["blockquote", "quote"],
  expandable_blockquote: ["blockquote", "quote"],
};

/**
 * @param {string} text @param {readonly Entity[]} entities
 * @returns {(Node | string)[]}
 */
export function renderEntities(text, entities) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return within(text, 0, text.length, sorted);
}

/** @param {string} text @param {number} start @param {number} end @param {readonly Entity[]} entities @returns {(Node | string)[]} */
function within(text, start, end, entities) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let at = start;
  for (const [index, { type, offset, length }] of entities.entries()) {
    const stop = Math.min(offset + length, end);
    // What lies in one that was drawn is drawn with it.
    if (offset < at || stop <= offset) continue;
    const inner = entities.slice(index + 1).filter((each) => each.offset < stop);
    const [tag, className] = LOOKS[type] ?? ["span", "link-like"];
    nodes.push(text.slice(at, offset), element(tag, className, ...within(text, offset, stop, inner)));
    at = stop;
    // A line that ends with a block has its end already.
    if (tag === "pre" || tag === "blockquote") at += text[at] === "\n" ? 1 : 0;
  }
  nodes.push(text.slice(at, end));
  return nodes.filter((node) => node !== "");
}
