// The folder that a caller's address names: as Claude Code writes it, as programs write it, and as nobody should.
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { placeOf, projectPaths } from "../../src/doors/project-in-url.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** As Claude Code does it: the variable is filled in, and the whole is parsed as a URL (measured with 2.1.329). */
function asClaudeCode(path: string): string {
  const { pathname, search } = new URL(`http://127.0.0.1:8000/mcp?project=${path}`);
  return pathname + search;
}

const unset = `\${PWD}`;

describe("a folder in the address", () => {
  it.each([
    "проект",
    "日本語",
    "🚀",
    "café",
    "cafe\u0301",
    "a b",
    "x&y",
    "50%",
    "a#b",
    "a+b",
    "q?r",
    "%41",
    "a%20b",
    "x=y",
    "a'b",
    'a"b',
    "<a>",
    "c$x",
    "&project=x",
    "..a",
  ])("called %j arrives whole", async (name) => {
    const folder = join(temporaryFolder(), name);
    mkdirSync(folder);
    expect(await placeOf(projectPaths(asClaudeCode(folder)))).toEqual({ project: name, folder });
  });

  it.each([
    ["encoded in full", `/mcp?project=${encodeURIComponent("/code/50% & 日本語")}`, "50% & 日本語"],
    ["in a form's way, with more after it", "/mcp?project=%2Fcode%2Fmy+shop&x=1", "my shop"],
    ["after another parameter", "/mcp?x=1&project=/code/shop", "shop"],
    ["of another machine", "/mcp?project=/srv/nowhere/web%20shop/", "web shop"],
    ["of Windows", "/mcp?project=C:\\Users\\me\\web-shop", "web-shop"],
    ["that is only a name", "/mcp?project=web-shop", "web-shop"],
    ["that goes up", "/mcp?project=/code/web-shop/../other", "other"],
    ["that goes up at its end", "/mcp?project=/code/web-shop/src/..", "web-shop"],
    ["with bytes that are no text", "/mcp?project=/code/a%FFb", "a%FFb"],
    ["with a line break, which the message shows", "/mcp?project=/code/a%0Ab", "a\nb"],
    ["with a null", "/mcp?project=/code/a%00b", "a\0b"],
  ])("%s is read", async (_, url, project) => {
    expect(await placeOf(projectPaths(url))).toMatchObject({ project });
  });

  it.each([
    ["no parameter", "/mcp"],
    ["another one", "/mcp?projects=/code/web-shop"],
    ["an empty one", "/mcp?project="],
    ["blanks", "/mcp?project=%20"],
    ["an unset variable", asClaudeCode(unset)],
    ["an unset variable, encoded", `/mcp?project=${encodeURIComponent(unset)}`],
    ["an unset variable inside", asClaudeCode(`${unset}/shop`)],
    ["nothing at all", undefined],
  ])("is absent with %s", async (_, url) => {
    expect(projectPaths(url)).toEqual([]);
    expect(await placeOf([])).toEqual({ project: undefined, folder: undefined });
  });

  it("that is a link keeps its name, and is the folder that it leads to", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "real"));
    symlinkSync(join(root, "real"), join(root, "проект"));
    expect(await placeOf(projectPaths(asClaudeCode(join(root, "проект"))))).toEqual({
      project: "проект",
      folder: join(root, "real"),
    });
  });

  it("whose name was cut at a # stays cut where it could be one of two", async () => {
    const root = temporaryFolder();
    for (const name of ["a#b", "a#c"]) mkdirSync(join(root, name));
    expect(await placeOf(projectPaths(asClaudeCode(join(root, "a#b"))))).toEqual({
      project: "a",
      folder: join(root, "a"),
    });
  });

  it("of 10,000 characters is read, as far as there is one", async () => {
    const { project } = await placeOf(projectPaths(`/mcp?project=/code/${"x".repeat(10_000)}`));
    expect(project).toHaveLength(10_000);
  });
});
