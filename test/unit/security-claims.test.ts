// docs/security.md and docs/security-claims.md: a claim that holds names tests, and each is there, has the title that is named, and is
// not left out. Ids stay and are used once; what is referred to is somewhere.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGES = ["docs/security.md", "docs/security-claims.md"];
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const ID = /\b[SN]-[A-Z]+-\d+\b/g;
/** A test's file, and where it is named what it is called: `test/unit/x.test.ts` › "is called so". */
const TEST = /`(test\/[^`]+)`(?: › "([^"]+)")?/g;

interface Claim {
  readonly id: string;
  readonly text: string;
  readonly tests: readonly { readonly file: string; readonly title: string | undefined }[];
}

/** Items of lists that begin with an id, each on one line. */
function claimsIn(page: string): Claim[] {
  const items = page.replaceAll(/\n {2,}(?=\S)/g, " ").matchAll(/^- \*\*([SN]-[A-Z]+-\d+)\*\* (.+)$/gm);
  return [...items].map(([, id = "", text = ""]) => ({ id, text, tests: testsIn(text) }));
}

function testsIn(text: string): Claim["tests"] {
  return [...text.matchAll(TEST)].map(([, file = "", title]) => ({ file, title }));
}

/** What is wrong with a claim's tests; nothing where all is well. @param source undefined where there is no such file */
function problemsOf({ id, tests }: Claim, source: (file: string) => string | undefined): string[] {
  if (id.startsWith("S-") && tests.length === 0) return [`${id} names no test`];
  return tests.flatMap(({ file, title }) => {
    const text = source(file);
    if (!/\.test\.ts$/.test(file) || text === undefined) return [`${id}: ${file} is no test that is there`];
    if (title !== undefined && !text.includes(title)) return [`${id}: ${file} has no test "${title}"`];
    return leftOut(text).map((how) => `${id}: ${file} leaves tests out: ${how}`);
  });
}

/** On some systems a test cannot be; these conditions say on which. Anything else would leave it out everywhere. */
const CONDITIONS =
  /^(?:skipIf|runIf)\((?:process\.platform [!=]== "\w+"|!?existsSync\("\/[\w/]+"\)(?: \|\| process\.platform !== "linux")?|isRoot|!hasSystemd)\)$/;

function leftOut(text: string): string[] {
  const marks = text.matchAll(
    /\b(?:it|test|describe)(?:\.\w+)*\.(skip|todo|only|fails|(?:skipIf|runIf)\((?:[^()]|\([^()]*\))*\))(?=[.(\s])/g,
  );
  return [...marks].map(([, mark = ""]) => mark).filter((mark) => !CONDITIONS.test(mark));
}

const claims = PAGES.flatMap((page) => claimsIn(read(page)));
const source = (file: string) => (existsSync(join(ROOT, file)) ? read(file) : undefined);

describe("the claims", () => {
  it("are there, each under an id of its own", () => {
    const ids = claims.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith("S-")).length).toBeGreaterThan(170);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it("that hold name tests that are there, have those titles, and are not left out", () => {
    expect(claims.flatMap((claim) => problemsOf(claim, source))).toEqual([]);
  });

  it("that are referred to are somewhere", () => {
    const ids = new Set(claims.map(({ id }) => id));
    const named = [...PAGES, "docs/harden.md"].flatMap((page) => read(page).match(ID) ?? []);
    expect(named.length).toBeGreaterThan(claims.length);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });

  it("are the only places on these pages that name tests, but for the one that judges them", () => {
    for (const page of PAGES) {
      const inClaims = claimsIn(read(page)).flatMap(({ tests }) => tests.map(({ file }) => file)).length;
      const all = testsIn(read(page)).filter(
        ({ file }) => file !== "test/unit/security-claims.test.ts",
      ).length;
      expect(all, page).toBe(inClaims);
    }
  });
});

describe("a page that is wrong is noticed", () => {
  const files = new Map([
    ["test/unit/a.test.ts", 'it("holds", () => {});'],
    ["test/unit/skipped.test.ts", 'it.skip("holds", () => {});'],
    ["test/unit/conditional.test.ts", 'describe.skipIf(true)("x", () => {});'],
    ["test/unit/linux.test.ts", 'it.skipIf(process.platform !== "linux")("holds", () => {});'],
  ]);
  const judge = (line: string) =>
    claimsIn(line).flatMap((claim) => problemsOf(claim, (file) => files.get(file)));

  it.each([
    ["no test", "- **S-A-1** It holds.", /names no test/],
    ["a test that is not there", "- **S-A-1** It holds (`test/unit/b.test.ts`).", /no test that is there/],
    ["no test's file", "- **S-A-1** It holds (`test/unit/a`).", /no test that is there/],
    ["another title", '- **S-A-1** It holds (`test/unit/a.test.ts` › "does not").', /has no test "does not"/],
    [
      "a test that is skipped",
      "- **S-A-1** It holds (`test/unit/skipped.test.ts`).",
      /leaves tests out: skip/,
    ],
    [
      "one that is skipped always",
      "- **S-A-1** It holds (`test/unit/conditional.test.ts`).",
      /leaves tests out/,
    ],
    [
      "a limit with a test that is not there",
      "- **N-A-1** It does not\n  hold (`test/unit/b.test.ts`).",
      /no test/,
    ],
  ])("%s", (_, line, problem) => {
    expect(judge(line).join()).toMatch(problem);
  });

  it("one that is right is not", () => {
    const line =
      '- **S-A-1** It holds (`test/unit/a.test.ts` ›\n  "holds", `test/unit/linux.test.ts`).\n- **N-A-1** It does not.';
    expect(claimsIn(line)).toHaveLength(2);
    expect(judge(line)).toEqual([]);
  });
});
