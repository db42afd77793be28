// The phone page's renderer of WhatsApp markup: nothing is lost, nothing is invented, hostile text stays text.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMarkup } from "../../public/phone/markup.js";
import { cpuTimeOf, SOON_MS } from "../helpers/cpu-time.ts";

type Node = ReturnType<typeof parseMarkup>[number];
const MARKERS = { bold: "*", italic: "_", strike: "~" };

/** The text that a node came from: what it shows plus the markers that the renderer takes away. */
function source(node: Node): string {
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return `\`${node.text}\``;
    case "fence":
      return `\`\`\`${node.text}\`\`\`${node.end}`;
    case "bold":
    case "italic":
    case "strike":
      return MARKERS[node.type] + node.children.map(source).join("") + MARKERS[node.type];
    case "quote":
    case "bullets":
    case "numbers":
      return node.lines.map((line) => line.marker + line.children.map(source).join("") + line.end).join("");
  }
}

/** A short notation for expectations: `b(…)`, `i(…)`, `s(…)`, `code(…)`, `fence(…)`, `quote(…|…)`. */
function show(nodes: readonly Node[]): string {
  const name = { bold: "b", italic: "i", strike: "s" };
  const one = (node: Node): string => {
    if (node.type === "text") return node.text;
    if ("lines" in node) return `${node.type}(${node.lines.map((line) => show(line.children)).join("|")})`;
    if ("children" in node) return `${name[node.type]}(${show(node.children)})`;
    return `${node.type}(${node.text})`;
  };
  return nodes.map(one).join("");
}

const markupish = fc
  .array(
    fc.constantFrom(
      ..."*_~`",
      "```",
      "\n",
      " ",
      "> ",
      "- ",
      "* ",
      "12. ",
      "a",
      "Ü9",
      "<img src=x onerror=alert(1)>",
      "\u202e",
      "🔔",
      "\ud800",
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

describe("parseMarkup", () => {
  it("loses no character: shown text plus markers is the input", () => {
    const roundTrips = (text: string) => {
      expect(parseMarkup(text).map(source).join("")).toBe(text);
    };
    fc.assert(fc.property(markupish, roundTrips), { numRuns: 2000 });
    fc.assert(fc.property(fc.string({ unit: "binary" }), roundTrips));
  });

  it("pairs emphasis on one line only", () => {
    const crossesLines = (node: Node): boolean =>
      "children" in node && (source(node).includes("\n") || node.children.some(crossesLines));
    fc.assert(fc.property(markupish, (text) => !parseMarkup(text).some(crossesLines)));
  });

  it.each([
    ["🔔 *Approval Request*", "🔔 b(Approval Request)"],
    ["Execute command: `ls -la /etc`", "Execute command: code(ls -la /etc)"],
    ["*Tool:* WebFetch", "b(Tool:) WebFetch"],
    ["*a _b ~c~_*", "b(a i(b s(c)))"],
    ['(*a*), "_b_"', '(b(a)), "i(b)"'],
    ["*a _b* c_", "b(a _b) c_"],
    ["*two words* and *more*", "b(two words) and b(more)"],
    ["*a `*` b*", "b(a code(*) b)"],
  ])("renders %j", (text, expected) => expect(show(parseMarkup(text))).toBe(expected));

  it.each([
    "2*3*4",
    "snake_case_name",
    "so * not bold*",
    "*not bold *",
    "*a\nb*",
    "`a\nb`",
    "rm ~/a ~/b",
    "**",
    "____",
    "``````",
    "``` ```",
    "ünder_ü_",
    ">no space",
    "-no space",
    "1.no space",
    "  • url: https://example.com",
    "> ",
    "- \n- ",
    "a > b",
  ])("leaves %j as it is", (text) => expect(show(parseMarkup(text))).toBe(text));

  it("interprets nothing inside of code", () => {
    expect(show(parseMarkup("`*a* _b_ <b>`"))).toBe("code(*a* _b_ <b>)");
    expect(show(parseMarkup("```\n> *a*\n- `b`\n```"))).toBe("fence(\n> *a*\n- `b`\n)");
    expect(show(parseMarkup("see ```*a*``` here"))).toBe("see fence(*a*) here");
  });

  it("marks a fence that stands alone as a block and takes its newline along", () => {
    const alone = { type: "fence", text: "a\nb", block: true, end: "\n" };
    expect(parseMarkup("x\n```a\nb```\ny")).toEqual([
      { type: "text", text: "x\n" },
      alone,
      { type: "text", text: "y" },
    ]);
    expect(parseMarkup("x ```a```")[1]).toMatchObject({ block: false, end: "" });
  });

  it("groups quotes, bullets and numbers by neighbouring lines and keeps the numbers as typed", () => {
    expect(show(parseMarkup("> *a*\n> b\nc"))).toBe("quote(b(a)|b)c");
    expect(show(parseMarkup("- a\n* b\n\n- c"))).toBe("bullets(a|b)\nbullets(c)");
    const numbers = parseMarkup("7. a\n007. b")[0];
    expect(numbers).toMatchObject({ type: "numbers", lines: [{ marker: "7. " }, { marker: "007. " }] });
  });

  it("stays fast on a body made to slow it down", () => {
    for (const part of ["*a", "`*", "``` ", "*_~", "> *a ", "\n- "]) {
      const body = part.repeat(4096 / part.length);
      expect(cpuTimeOf(() => parseMarkup(body))).toBeLessThan(SOON_MS);
    }
  });
});
