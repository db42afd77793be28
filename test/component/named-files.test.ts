// Files and folders that a person names, to a command or in a setting: one that is no good is named as it was given, with what is
// wrong with it, and stays as it is.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { runHere } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** A record, and beside it what is none. */
function folderOfFiles(): string {
  const folder = temporaryFolder();
  void createSqliteStore(join(folder, "data", "approvals.db")).close();
  writeFileSync(join(folder, "notes"), "These are my notes, not a database.\n".repeat(200));
  mkdirSync(join(folder, "sub"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  return folder;
}

describe("a database that is named", () => {
  it.each([
    ["none.db", "does not exist."],
    ["sub", "cannot be opened (EISDIR: not a file): it is a folder."],
    ["pipe", "cannot be opened (ENOTFILE: not a file): it is no regular file."],
    ["notes", "cannot be opened (file is not a database): it is not a database of this server."],
  ])("with --file %s is named so", async (name, what) => {
    const folder = folderOfFiles();
    const { code, out, err } = await runHere(["audit", "--file", name], { folder });
    expect({ code, out, err }).toEqual({
      code: 1,
      out: "",
      err: `✗ --file: ${join(folder, name)} ${what}\n`,
    });
  });

  it.each([["audit"], ["purge", "--older-than", "9"], ["backup", "copy.db"]])(
    "by the settings is no folder and no pipe: %s",
    async (...argv) => {
      const folder = folderOfFiles();
      for (const [name, what] of [
        ["sub", "it is a folder. Set APPROVAL_DB to a file in it"],
        ["pipe", "it is no regular file. Set APPROVAL_DB to a regular file"],
      ] as const) {
        const env = { APPROVAL_DB: join(folder, name) };
        const { code, err } = await runHere(argv, { folder, env });
        expect(code).toBe(1);
        expect(err).toContain(`✗ APPROVAL_DB: ${join(folder, name)} cannot be opened (`);
        expect(err).toContain(what);
      }
    },
  );

  it("and is none stays as it is: its mode, and no lock is left beside it", () => {
    const folder = folderOfFiles();
    const path = join(folder, "notes");
    chmodSync(path, 0o644);
    const before = readdirSync(folder);
    expect(() => createSqliteStore(path, { isServer: true })).toThrow(
      /not a database of this server.* this one is left as it is/,
    );
    expect((statSync(path).mode & 0o777).toString(8)).toBe("644");
    expect(readdirSync(folder)).toEqual(before);
  });

  it.runIf(process.platform === "linux")(
    "in a folder that cannot be made is refused, not tried for ever",
    () => {
      expect(() => createSqliteStore("/proc/none/data/approvals.db")).toThrow(
        /^APPROVAL_DB: \/proc\/none\/data/,
      );
    },
  );
});

describe("a copy", () => {
  it.each([
    ["none/copy.db", "cannot be written: it leads to a folder that does not exist."],
    ["notes/copy.db", "cannot be written: a part of its path is a file, not a folder."],
    ["sub", "exists already: choose another file."],
  ])("is refused as %s, in words", async (name, what) => {
    const folder = folderOfFiles();
    const { code, err } = await runHere(["backup", name], { folder });
    expect({ code, err }).toEqual({ code: 1, err: `✗ ${join(folder, name)} ${what}\n` });
  });
});

describe("a file of JSON", () => {
  it.each([
    ["notes", ": is not valid JSON: "],
    ["sub", ": is not a file\n"],
    ["none", " does not exist\n"],
  ])("with mistakes is named once: policy check %s", async (name, what) => {
    const folder = folderOfFiles();
    const { code, err } = await runHere(["policy", "check", name], { folder });
    expect(code).toBe(1);
    expect(err).toMatch(/^✗ /);
    expect(err).toContain(`${join(folder, name)}${what}`);
    expect(err.split(folder)).toHaveLength(2);
    const tested = await runHere(["policy", "test", '{"tool_name":"X"}', "--file", name], { folder });
    expect(tested).toMatchObject({ code: 1, err });
  });

  it("that is not there is named once: gateway check", async () => {
    const folder = temporaryFolder();
    const { code, err } = await runHere(["gateway", "check"], { folder });
    expect({ code, err }).toEqual({ code: 1, err: `✗ ${join(folder, "gateway.json")} does not exist\n` });
  });
});

describe("a project's folder", () => {
  it.each(["install", "uninstall", "print"])("that is not there is not made: hooks %s", async (verb) => {
    const folder = folderOfFiles();
    for (const name of ["none", "notes", "notes/x"]) {
      const { code, out, err } = await runHere(["hooks", verb, "--project", name], { folder });
      expect({ code, out }).toEqual({ code: 64, out: "" });
      expect(err).toContain(`--project: ${join(folder, name)} is not a folder. See: `);
    }
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});

describe("a question", () => {
  it.each([
    [["hi", "--timeout", "3"], "--timeout must be at least 10."],
    [["hi", "--timeout", "soon"], "--timeout must be a number."],
    [["hi", "--reason", " "], "--reason is empty."],
    [["x".repeat(1_001)], "the question must have at most 1,000 characters."],
    [[""], "the question is empty."],
    [["", "--action", ""], "--action is empty; the question is empty."],
  ])("that cannot be asked is told what is wrong, once: %j", async (words, problem) => {
    const { code, err } = await runHere(["ask", ...words]);
    expect(code).toBe(64);
    expect(err).toContain(`\n\n${problem} See: `);
  });
});
