// @ts-check
// The markup inside of a line: code, fences, *bold*, _italic_, ~strike~. Markers pair on one line and at word
// boundaries only, with no space just inside; what finds no partner stays as it was typed.

/**
 * @typedef {{ readonly type: "text" | "code", readonly text: string }} Leaf
 * @typedef {{ readonly type: "bold" | "italic" | "strike", readonly children: readonly Inline[] }} Emphasis
 * @typedef {{ readonly type: "fence", readonly text: string, readonly block: boolean, readonly end: string }} Fence
 *   `block`: the fence stands alone on its lines, and `end` is the newline that closes the last of them.
 * @typedef {Leaf | Emphasis | Fence} Inline
 * @typedef {ReadonlyMap<number, { readonly end: number, readonly node: Leaf | Fence }>} Code by where it starts
 */

const FENCE = "```";
/** @type {Readonly<Record<string, Emphasis["type"]>>} */
const EMPHASIS = { "*": "bold", _: "italic", "~": "strike" };

/** Appends, joining neighbouring texts. @param {Inline[]} nodes @param {Inline} node */
function append(nodes, node) {
  const last = nodes.at(-1);
  if (node.type !== "text") nodes.push(node);
  else if (last?.type === "text") nodes[nodes.length - 1] = { type: "text", text: last.text + node.text };
  else if (node.text !== "") nodes.push(node);
}

/**
 * Inline nodes of text[start, stop). Looks at the neighbours outside of the range to find word boundaries.
 * @param {string} text @param {number} start @param {number} stop @param {Code} code
 * @returns {Inline[]}
 */
export function parseInline(text, start, stop, code) {
  /** @type {Inline[]} */
  const nodes = [];
  let at = start;
  while (at < stop) {
    const atom = code.get(at);
    const marker = text.charAt(at);
    const type = EMPHASIS[marker];
    const close = type && opens(text, at, marker) ? closingMarker(text, at, stop, marker, code) : -1;
    if (atom) {
      nodes.push(atom.node);
      at = atom.end;
    } else if (type && close > 0) {
      nodes.push({ type, children: parseInline(text, at + 1, close, code) });
      at = close + 1;
    } else {
      append(nodes, { type: "text", text: marker });
      at += 1;
    }
  }
  return nodes;
}

/**
 * All code of the text. It is looked for first: nothing inside of it is markup.
 * @param {string} text
 * @returns {Code}
 */
export function findCode(text) {
  const code = new Map();
  for (let at = text.indexOf("`"); at >= 0; at = text.indexOf("`", at)) {
    const fenceEnd = text.startsWith(FENCE, at) ? text.indexOf(FENCE, at + 3) : -1;
    const inside = text.slice(at + 3, Math.max(fenceEnd, at + 3));
    const close = opens(text, at, "`") ? closingMarker(text, at, text.length, "`", code) : -1;
    if (inside.trim() !== "") {
      code.set(at, { end: fenceEnd + 3, node: { type: "fence", text: inside, block: false, end: "" } });
      at = fenceEnd + 3;
    } else if (close > 0) {
      code.set(at, { end: close + 1, node: { type: "code", text: text.slice(at + 1, close) } });
      at = close + 1;
    } else at += 1;
  }
  return code;
}

/**
 * A marker opens before a word: nothing wordlike left of it, no space and not itself right of it.
 * @param {string} text @param {number} at @param {string} marker
 */
function opens(text, at, marker) {
  const next = text.charAt(at + 1);
  return !isWord(text.charAt(at - 1)) && next !== "" && next !== marker && !/\s/.test(next);
}

/**
 * The index of the marker that closes the one at `open`, on the same line, or -1.
 * @param {string} text @param {number} open @param {number} stop @param {string} marker @param {Code} code
 */
function closingMarker(text, open, stop, marker, code) {
  let at = open + 1;
  while (at < stop && text.charAt(at) !== "\n") {
    const atom = code.get(at);
    if (atom && text.slice(at, atom.end).includes("\n")) return -1;
    const closes =
      text.charAt(at) === marker && !/\s/.test(text.charAt(at - 1)) && !isWord(text.charAt(at + 1));
    if (closes && !atom) return at;
    at = atom?.end ?? at + 1;
  }
  return -1;
}

/** @param {string} char */
const isWord = (char) => /[\p{L}\p{N}]/u.test(char);
