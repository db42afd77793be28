// @ts-check
// Parsed markup as elements. Every word goes in as a text node; nothing is ever read as HTML, no link is made.

import { element } from "./dom.js";

/** @typedef {import("./markup.js").Node} MarkupNode */

const TAGS = /** @type {const} */ ({ bold: "strong", italic: "em", strike: "s" });

/**
 * @param {readonly MarkupNode[]} nodes
 * @returns {(Node | string)[]}
 */
export function renderMarkup(nodes) {
  return nodes.map((node) => {
    switch (node.type) {
      case "text":
        return node.text;
      case "code":
        return element("code", "code", ...codeParts(node.text));
      case "fence":
        return node.block
          ? element("pre", "fence", element("code", "", withoutEdgeNewlines(node.text)))
          : element("code", "fence-inline", node.text);
      case "quote":
        return element("blockquote", "quote", ...lines(node, (line) => element("p", "", ...line)));
      case "bullets":
        return element("ul", "bullets", ...lines(node, (line) => listItem("•", line)));
      case "numbers":
        return element("ol", "numbers", ...lines(node, (line, marker) => listItem(marker.trim(), line)));
      default:
        return element(TAGS[node.type], "", ...renderMarkup(node.children));
    }
  });
}

/** A word of code that is not longer stays on one line, characters: about two thirds of a narrow phone. */
const SHORT_WORD = 22;

/**
 * Code that wraps well: between words, and not after the hyphens of an option. The text stays what it is, space for space.
 * @param {string} text
 */
function codeParts(text) {
  return text.split(/(\s+)/).flatMap((part, index, parts) => {
    if (part === "") return [];
    // One blank between two words may vanish at the end of a line; every other is shown.
    if (/^\s/.test(part))
      return [part === " " && parts[index - 1] && parts[index + 1] ? part : element("span", "spaces", part)];
    const whole = part.length <= SHORT_WORD ? part : (/^-+[\w-]*=?/.exec(part)?.[0] ?? "");
    if (!whole.includes("-") || whole.length > SHORT_WORD) return [part];
    return [element("span", "unbroken", whole), part.slice(whole.length)];
  });
}

/**
 * @param {import("./markup.js").Lines} node
 * @param {(content: (Node | string)[], marker: string) => Node} make
 */
function lines(node, make) {
  return node.lines.map((line) => make(renderMarkup(line.children), line.marker));
}

/** The marker is text, not the browser's own: "007." must not become "7.". @param {string} marker @param {(Node | string)[]} content */
function listItem(marker, content) {
  return element("li", "", element("span", "marker", marker), element("span", "item", ...content));
}

/** A fence usually opens and closes on lines of its own; those two line ends are not part of what is shown. @param {string} text */
function withoutEdgeNewlines(text) {
  return text.replace(/^\n/, "").replace(/\n$/, "");
}
