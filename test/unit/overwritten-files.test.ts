// A redirection onto a file that is there: the same words are ordinary where the file is new.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createShellInspector } from "../../src/inspection/shell-risk.ts";

const project = realpathSync(mkdtempSync(join(tmpdir(), "overwritten-")));
const root = join(project, "home");
const inspector = createShellInspector({ home: root });
const textsOf = (command: string, cwd?: string) => inspector.inspect(command, cwd).texts;
const OVERWRITES = "overwrites a file that exists";

beforeAll(() => {
  for (const folder of ["sub", "home"]) mkdirSync(join(project, folder));
  for (const name of ["notes.txt", "sub/data.csv", "run.log"]) writeFileSync(join(project, name), "x");
  writeFileSync(join(project, "empty.txt"), "");
  writeFileSync(join(root, "home.txt"), "x");
  symlinkSync(join(project, "notes.txt"), join(project, "link.txt"));
});

afterAll(() => rmSync(project, { recursive: true }));

describe("a file that is there", () => {
  test.each([
    "echo x > notes.txt",
    "echo x >| ./notes.txt",
    "make &> notes.txt",
    "{ date; ls; } > notes.txt",
    "(cd sub; ls > data.csv)",
    "cd sub && sort -o data.csv in",
    "ls | tee notes.txt",
    "cp new notes.txt",
    "mv new.txt notes.txt",
    "curl -s https://example.com -o notes.txt",
    "dd if=in of=notes.txt",
    "echo x > link.txt",
    "echo x > ~/home.txt",
    'echo x > "$HOME/home.txt"',
    "f=notes.txt; echo x > $f",
    "bash -c 'echo x > notes.txt'",
  ])("is named: %s", (command) => {
    expect(textsOf(command, project)).toContain(OVERWRITES);
  });

  test("is found by its whole path", () => {
    expect(textsOf(`echo x > ${project}/notes.txt`, project)).toContain(OVERWRITES);
  });
});

describe("where the command runs elsewhere", () => {
  test("a relative name is another file, and one that is there for a while only is not told", () => {
    expect(textsOf("echo x > notes.txt")).toEqual([]);
    expect(textsOf("echo x > notes.txt", "/")).toEqual([]);
    expect(textsOf("echo x > /dev/stderr", "/")).toEqual([]);
  });
});

describe("nothing is said of", () => {
  test.each([
    "echo x > new.txt",
    "echo x >> notes.txt",
    "echo x > empty.txt",
    "npm test > run.log 2>&1",
    "cat notes.txt > copy.txt",
    "ls | tee -a notes.txt",
    "cp -n new notes.txt",
    "cp notes.txt sub",
    "cp notes.txt sub/data.csv other",
    "mv notes.txt new.txt",
    "cd sub; echo x > notes.txt",
    'cd "$X"; echo x > notes.txt',
    "echo x > /dev/null",
  ])("%s", (command) => {
    expect(textsOf(command, project)).not.toContain(OVERWRITES);
  });
});
