// The form of README and the pages of docs/: short enough, narrow enough, nothing said twice, every page in the index. What they say
// is compared with the code in docs.test.ts; decisions are records of their day, and stay as they are.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const markdownIn = (folder: string) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".md"));

const PAGES = ["README.md", ...markdownIn("docs").map((name) => `docs/${name}`)];
/** Columns that a table has on a page of code without being scrolled or broken. */
const MAX_COLUMNS = 100;
const MAX_README_WORDS = 1_200;
/** Shorter ones are headings, labels and the like. */
const MIN_PARAGRAPH_WORDS = 12;
const FENCE = /^ *(`{3,})(\w*)\n([\s\S]*?)^ *\1$/gm;
const COMMAND_WORDS = [
  ..."approval-server bash brew cat cd chmod claude cp curl docker echo export git launchctl loginctl mkdir".split(
    " ",
  ),
  ..."node npm npx openssl printf rm source sqlite3 sudo systemctl tailscale".split(" "),
];

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");
const withoutBlocks = (text: string) => text.replaceAll(FENCE, "");

/** How wide a terminal shows it: an emoji takes two columns. */
const columnsOf = (line: string) => [...line].length + (line.match(/\p{Emoji_Presentation}/gu)?.length ?? 0);

/** Paragraphs, items of lists and rows of tables, each as one line without its marks. */
function paragraphs(text: string): string[] {
  return withoutBlocks(text)
    .replaceAll(/^ *(?:[-*]|\d+\.) /gm, "\n")
    .replaceAll(/^\|/gm, "\n")
    .replaceAll(/ \|(?= |$)/gm, "")
    .split(/\n\s*\n/)
    .map((paragraph) => wordsOf(paragraph).join(" "))
    .filter((paragraph) => wordsOf(paragraph).length >= MIN_PARAGRAPH_WORDS);
}

it("README is one page", () => {
  expect(wordsOf(read("README.md")).length).toBeLessThan(MAX_README_WORDS);
});

it("no paragraph is on two pages, or twice on one", () => {
  const places = new Map<string, string[]>();
  for (const page of PAGES)
    for (const paragraph of paragraphs(read(page)))
      places.set(paragraph, [...(places.get(paragraph) ?? []), page]);
  expect(places.size).toBeGreaterThan(300);
  expect([...places].filter(([, pages]) => pages.length > 1)).toEqual([]);
});

it("every page and every decision is in the index, and README leads to every page", () => {
  const linksOf = (text: string) => [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link);
  const index = linksOf(read("docs/README.md"));
  const pages = markdownIn("docs").filter((name) => name !== "README.md");
  const decisions = markdownIn("docs/decisions").map((name) => `decisions/${name}`);
  expect([...pages, ...decisions].filter((name) => !index.includes(name))).toEqual([]);
  const links = linksOf(read("README.md"));
  // For those who change the code; written by `npm run docs` for those who have read the page on MCP clients; the claims behind the
  // threat model.
  const elsewhere = [
    "dependencies.md",
    "floods.md",
    "hostile-input.md",
    "licences.md",
    "mcp-reference.md",
    "performance.md",
    "release.md",
    "security-claims.md",
    "telegram-facts.md",
  ];
  expect(pages.filter((name) => !links.includes(`docs/${name}`) && !elsewhere.includes(name))).toEqual([]);
});

describe.each(PAGES)("%s", (page) => {
  const text = read(page);

  it("has no table that is wider than a screen", () => {
    const rows = withoutBlocks(text)
      .split("\n")
      .filter((line) => line.trimStart().startsWith("|"));
    expect(rows.filter((row) => columnsOf(row) > MAX_COLUMNS)).toEqual([]);
  });

  it("marks what is for the shell, so that it is tried", () => {
    const blocks = [...text.matchAll(FENCE)].map(([, , tag, body = ""]) => ({ tag, body }));
    const forShell = blocks.filter(({ body }) => COMMAND_WORDS.includes(wordsOf(body)[0] ?? ""));
    expect(forShell.filter(({ tag }) => tag !== "sh")).toEqual([]);
  });

  it("closes every block", () => {
    expect(withoutBlocks(text)).not.toMatch(/^ *```/m);
  });
});
