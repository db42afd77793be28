// Parts that are loaded when they are first used: once, and never a part of another version than what runs.
import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { PartError, stampOfCode, watchFiles, whenUsed } from "../../src/server/when-used.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

describe("a part that is loaded when it is first used", () => {
  it("is not loaded before that, and once for all who need it", async () => {
    const load = vi.fn(async () => ({ name: "part" }));
    const part = whenUsed(load);
    expect(load).not.toHaveBeenCalled();
    const [one, other] = await Promise.all([part(), part()]);
    expect(one).toBe(other);
    expect(await part()).toBe(one);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("is not loaded where the program's files have changed since the start, and is once they are the same again", async () => {
    let files = "1";
    const load = vi.fn(async () => "part");
    const part = whenUsed(
      load,
      watchFiles(() => files),
    );
    files = "2";
    await expect(part()).rejects.toThrow(
      new PartError("The files of the approval server have changed since it was started: restart it."),
    );
    expect(load).not.toHaveBeenCalled();
    files = "1";
    expect(await part()).toBe("part");
  });

  it("is not used where they change while it is loaded, whether that fails or not", async () => {
    for (const end of ["comes", "fails"]) {
      let files = "1";
      const part = whenUsed(
        async () => {
          files = "2";
          if (end === "fails") throw new Error("no such file");
        },
        watchFiles(() => files),
      );
      await expect(part()).rejects.toThrow(/have changed since it was started: restart it/);
    }
  });

  it("goes on being used after a change, once it is there", async () => {
    let files = "1";
    const part = whenUsed(
      async () => "part",
      watchFiles(() => files),
    );
    await part();
    files = "2";
    expect(await part()).toBe("part");
  });

  it("says that it could not be loaded, with the cause, and is tried again", async () => {
    const cause = new Error("too many open files");
    const load = vi.fn(async () => "part").mockRejectedValueOnce(cause);
    const part = whenUsed(load);
    await expect(part()).rejects.toMatchObject({
      message: "A part of the approval server could not be loaded: restart it, or install it again.",
      cause,
    });
    expect(await part()).toBe("part");
  });
});

describe("the stamp of the program's code", () => {
  function code() {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "policy"));
    const file = join(folder, "policy", "decide.js");
    writeFileSync(file, "deny()");
    return { folder, file, before: stampOfCode(folder) };
  }

  it("stays while nothing changes, or only what is no code", () => {
    const { folder, before } = code();
    writeFileSync(join(folder, "notes.txt"), "x");
    expect(stampOfCode(folder)).toBe(before);
  });

  it.each<[string, (file: string) => void]>([
    [
      "is written in place, with its size and its time as before",
      (file) => {
        const { atime, mtime } = statSync(file);
        writeFileSync(file, "allow(".slice(0, 6));
        utimesSync(file, atime, mtime);
      },
    ],
    [
      "is replaced",
      (file) => {
        writeFileSync(`${file}.new`, "deny()");
        renameSync(`${file}.new`, file);
      },
    ],
    ["is removed", (file) => rmSync(file)],
    ["goes with its folder", (file) => rmSync(dirname(dirname(file)), { recursive: true })],
    ["gets another beside it", (file) => writeFileSync(`${file}.js`, "")],
  ])("changes when a file of it %s", (_, change) => {
    const { folder, file, before } = code();
    change(file);
    expect(stampOfCode(folder)).not.toBe(before);
  });
});
