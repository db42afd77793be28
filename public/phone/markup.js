// @ts-check
// WhatsApp's markup as data: text in, nodes out. Touches no DOM and drops no character: each node's text plus
// its markers is the input again, so that what a person reads can be held against what was sent.

import { findCode, parseInline } from "./markup-inline.js";

/**
 * @typedef {import("./markup-inline.js").Inline} Inline
 * @typedef {{ readonly marker: string, readonly children: readonly Inline[], readonly end: string }} Line
 * @typedef {{ readonly type: "quote" | "bullets" | "numbers", readonly lines: readonly Line[] }} Lines
 * @typedef {Inline | Lines} Node
 */

/** @type {ReadonlyArray<readonly [Lines["type"], RegExp]>} */
const LINE_STARTS = [
  ["quote", /> (?=\S)/y],
  ["bullets", /[-*] (?=\S)/y],
  ["numbers", /\d{1,9}\. (?=\S)/y],
];

/**
 * Parses a message body as WhatsApp shows it.
 * @param {string} text
 * @returns {Node[]}
 */
export function parseMarkup(text) {
  const code = findCode(text);
  /** @type {Node[]} */
  const nodes = [];
  let start = 0;
  while (start < text.length) {
    const stop = lineEnd(text, start, code);
    const end = text.slice(stop, stop + 1);
    const lineStart = matchLineStart(text, start);
    const whole = code.get(start);
    if (lineStart) {
      const { type, marker } = lineStart;
      const line = { marker, children: parseInline(text, start + marker.length, stop, code), end };
      const last = nodes.at(-1);
      if (last && "lines" in last && last.type === type) {
        nodes[nodes.length - 1] = { type, lines: [...last.lines, line] };
      } else nodes.push({ type, lines: [line] });
    } else if (whole?.node.type === "fence" && whole.end === stop) {
      nodes.push({ ...whole.node, block: true, end });
    } else nodes.push(...parseInline(text, start, Math.min(stop + 1, text.length), code));
    start = stop + 1;
  }
  return nodes;
}

/**
 * The index of the newline that ends the line, past any fence that runs over it.
 * @param {string} text @param {number} start @param {import("./markup-inline.js").Code} code
 */
function lineEnd(text, start, code) {
  let at = start;
  while (at < text.length && text.charAt(at) !== "\n") at = code.get(at)?.end ?? at + 1;
  return at;
}

/** @param {string} text @param {number} start */
function matchLineStart(text, start) {
  for (const [type, pattern] of LINE_STARTS) {
    pattern.lastIndex = start;
    const marker = pattern.exec(text)?.[0];
    if (marker) return { type, marker };
  }
  return undefined;
}

/**
 * The words alone, without markers: for the two lines of a quotation.
 * @param {readonly Node[]} nodes
 * @returns {string}
 */
export function shownText(nodes) {
  return nodes.map(shownNode).join("");
}

/** @param {Node} node @returns {string} */
function shownNode(node) {
  if ("lines" in node) return node.lines.map((line) => shownText(line.children) + line.end).join("");
  if ("children" in node) return shownText(node.children);
  return node.type === "fence" ? node.text + node.end : node.text;
}
