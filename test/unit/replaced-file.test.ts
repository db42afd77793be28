// A Write against the file that it replaces: read only where that is safe, masked as the call is, and never called the same
// where a mask hides that it is not.
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import type { ToolCall } from "../../src/domain/tool-call.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

// Put together here so that no scanner takes the test for a leak.
const token = (end: string) => ["ghp", `R4nd0mLettersAndDigits012345678${end}`].join("_");
const ONE = token("9abcd");
const OTHER = token("9wxyz");

async function shownOf(call: ToolCall, more: { cwd?: string; ownPaths?: string[] } = {}) {
  const inspector = createInspector({ home: "/home/ann", ownPaths: more.ownPaths ?? [], ownPorts: [] });
  const inspection = await inspector.inspect(call, more.cwd);
  const { parts, values } = promptFor({ ...waitingRequest({ call, door: "mcp" }), inspection });
  return { inspection, text: parts.join("\n"), values };
}

const write = (file_path: string, content: string): ToolCall => ({
  toolName: "Write",
  input: { file_path, content },
});

function file(name: string, content: string | Buffer, folder = temporaryFolder()): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe("a write onto a file", () => {
  it("shows what changes in it, named by an absolute path, a relative one, or a link", async () => {
    const folder = temporaryFolder();
    const path = file("a.txt", "one\ntwo\nthree\n", folder);
    symlinkSync(path, join(folder, "link.txt"));
    for (const name of [path, "a.txt", join(folder, "link.txt")]) {
      const { text } = await shownOf(write(name, "one\n2\nthree\n"), { cwd: folder });
      expect(text).toContain("  one\n− two\n+ 2\n  three\n");
      expect(text).toContain("against the file as it was when asked");
    }
  });

  it("of a new file shows the content and claims nothing", async () => {
    const folder = temporaryFolder();
    for (const name of [join(folder, "new.txt"), join(folder, "no", "folder", "new.txt")]) {
      const { inspection, text } = await shownOf(write(name, "one\ntwo\n"));
      expect(inspection.replaces).toBeUndefined();
      expect(text).not.toContain("replaces");
    }
  });

  it("named by a relative path in a folder that nobody knows claims nothing", async () => {
    expect((await shownOf(write("package.json", "{}"))).inspection.replaces).toBeUndefined();
  });

  const SECRET = "which is not read because of where it is";
  it.each<[string, string, () => string]>([
    ["holds secrets by its name", SECRET, () => file(".env", "PASSWORD=hunter2\n")],
    ["is Claude's settings", SECRET, () => file(".claude/settings.json", "{}")],
    ["is the system's", SECRET, () => "/etc/hostname"],
    [
      "is a link to one that holds secrets",
      SECRET,
      () => {
        const folder = temporaryFolder();
        symlinkSync(file(".env", "PASSWORD=hunter2\n"), join(folder, "a.txt"));
        return join(folder, "a.txt");
      },
    ],
    ["is a folder", "which is no regular file", () => temporaryFolder()],
    [
      "is a pipe",
      "which is no regular file",
      () => {
        const path = join(temporaryFolder(), "pipe");
        execFileSync("mkfifo", [path]);
        return path;
      },
    ],
    ["is too large", "which is too large to be compared", () => file("a.txt", "x".repeat(1_000_001))],
    ["is no text", "which is no text", () => file("a.bin", Buffer.from([0xff, 0xfe, 0x41]))],
    ["has a null in it", "which is no text", () => file("a.bin", "a\0b")],
  ])("that %s does not show it, and says why", async (_, unknown, make) => {
    const { inspection, text } = await shownOf(write(make(), "one\ntwo\n"));
    expect(inspection.replaces).toEqual({ unknown });
    expect(text).toContain(`replaces a file that is there, ${unknown}\n`);
    expect(text).toContain("\none\ntwo\n");
    expect(text).not.toContain("hunter2");
  });

  it("of the approval server does not show it", async () => {
    const path = file("server/data.txt", "x\n");
    const { inspection } = await shownOf(write(path, "y\n"), { ownPaths: [path] });
    expect(inspection.replaces).toEqual({ unknown: SECRET });
  });

  it("keeps a byte order mark, which is a change as well", async () => {
    const { text } = await shownOf(write(file("a.txt", "\uFEFFone\n"), "one\n"));
    expect(text).toContain("− ⟨U+FEFF⟩one\n+ one");
  });

  it("masks the secrets of the file in the lines around", async () => {
    const { inspection, text } = await shownOf(write(file("a.txt", `T=${ONE}\nb\n`), `T=${ONE}\nc\n`));
    expect(text).toContain("  T=[secret");
    expect(text).toContain("− b\n+ c");
    expect(JSON.stringify(inspection)).not.toContain(ONE);
  });

  it("that changes a masked secret is not compared: both would look the same", async () => {
    const { inspection, text } = await shownOf(write(file("a.txt", `T=${ONE}\nb\n`), `T=${OTHER}\nc\n`));
    expect(inspection.replaces).toEqual({ unknown: "which cannot be compared because of masked secrets" });
    expect(JSON.stringify([inspection, text])).not.toContain(ONE);
    expect(text).not.toContain("lines the same");
  });

  it("counts the secrets of the call only", async () => {
    const { inspection } = await shownOf(write(file("a.txt", `T=${ONE}\nb\n`), "b\n"));
    expect(inspection.secrets).toBe(0);
    expect(inspection.replaces).toEqual({ text: expect.stringMatching(/^T=\[secret.*\]\nb\n$/) });
  });
});

describe("an edit", () => {
  const edit = (old_string: string, new_string: string): ToolCall => ({
    toolName: "Edit",
    input: { file_path: "/a.txt", old_string, new_string },
  });

  it("that changes a masked secret shows all of old and new, and does not call the line the same", async () => {
    const { text } = await shownOf(edit(`x\nT=${ONE}`, `x\nT=${OTHER}`));
    expect(text).toMatch(/− x\n− T=\[secret[^\n]*\n\+ x\n\+ T=\[secret/);
    expect(text).toContain("old and new in full because of masked secrets");
  });

  it("that leaves a masked secret alone shows it among the lines that stay", async () => {
    const { text } = await shownOf(edit(`x\nT=${ONE}`, `y\nT=${ONE}`));
    expect(text).toMatch(/− x\n\+ y\n {2}T=\[secret/);
  });
});
