// TASK_DIRS: which folders the server may start Claude in.
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { isStillTaskFolder, openTaskFolders, type TaskFolderPlaces } from "../../src/config/task-folders.ts";
import { ConfigError } from "../../src/domain/errors.ts";
import { taskFolderAt } from "../../src/domain/task-folder.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

function stage() {
  const root = temporaryFolder();
  const at = (...names: string[]) => join(root, ...names);
  const folder = (...names: string[]) => {
    mkdirSync(at(...names), { recursive: true, mode: 0o755 });
    return at(...names);
  };
  const places: TaskFolderPlaces = {
    homes: [folder("people", "me")],
    own: [folder("settings"), at("settings", "data", "approvals.db")],
    program: folder("program"),
  };
  const open = (...dirs: string[]) => openTaskFolders(dirs, places);
  const problemsOf = (...dirs: string[]): readonly string[] => {
    try {
      open(...dirs);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  };
  return { at, folder, open, problemsOf };
}

describe("the setting", () => {
  const dirsOf = (TASK_DIRS: string) => parseConfig({ TASK_DIRS }).taskDirs;

  it("is a list of absolute folders, each once", () => {
    expect(dirsOf("/srv/web-shop, /srv/api/ ,/srv//web-shop,/srv/x/../docs")).toEqual([
      "/srv/web-shop",
      "/srv/api",
      "/srv/docs",
    ]);
    expect(parseConfig({}).taskDirs).toEqual([]);
  });

  it.each(["web-shop", "~/web-shop", "/srv/a,,/srv/b", "/srv/a,b"])("refuses %s", (text) => {
    expect(() => dirsOf(text)).toThrow(/^TASK_DIRS: must be absolute folders/);
  });

  it("has the command beside it: a path, or a name", () => {
    expect(parseConfig({ CLAUDE_BIN: "/opt/claude" }).claudeBin).toBe("/opt/claude");
    expect(() => parseConfig({ CLAUDE_BIN: "./claude" })).toThrow(/^CLAUDE_BIN: must be an absolute path/);
  });
});

describe("a folder on the disk", () => {
  it("is named by the last part of its real path", () => {
    const { at, folder, open } = stage();
    const real = folder("srv", "Web Shop");
    symlinkSync(real, at("short"));
    expect(open(at("short"))).toEqual([{ name: "Web Shop", path: real }]);
  });

  it("counts alone: not the one above it, and none below it", () => {
    const { at, folder, open } = stage();
    const folders = open(folder("srv", "shop"));
    folder("srv", "shop", "inner");
    expect(taskFolderAt(folders, at("srv", "shop"))?.name).toBe("shop");
    for (const path of [at("srv"), at("srv", "shop", "inner"), at("srv", "shop2"), "/", "", undefined])
      expect(taskFolderAt(folders, path)).toBeUndefined();
  });

  it("must be there, be a folder, and be nobody else's to write to", () => {
    const { at, folder, problemsOf } = stage();
    writeFileSync(at("file"), "");
    chmodSync(folder("open"), 0o777);
    symlinkSync(at("nowhere"), at("dangling"));
    expect(problemsOf(at("none"), at("file"), at("open"), at("dangling"))).toEqual([
      `TASK_DIRS: ${at("none")} does not exist`,
      `TASK_DIRS: ${at("file")} is no folder`,
      `TASK_DIRS: ${at("open")} can be written by every user of this machine`,
      `TASK_DIRS: ${at("dangling")} does not exist`,
    ]);
  });

  it("is not the whole machine, a home folder, one above it, or the server's own", () => {
    const { at, folder, problemsOf } = stage();
    symlinkSync("/", at("root"));
    folder("settings", "data");
    folder("program", "src");
    for (const dir of ["/", at("root")])
      expect(problemsOf(dir)).toEqual([expect.stringContaining("machine")]);
    for (const dir of [at("people"), at("people", "me")])
      expect(problemsOf(dir)).toEqual([expect.stringContaining("is a home folder")]);
    for (const dir of [at("settings"), at("settings", "data"), at("program"), at("program", "src")])
      expect(problemsOf(dir)).toEqual([expect.stringContaining("server's own files")]);
    expect(problemsOf(folder("people", "me", "shop"))).toEqual([]);
  });

  it("has a name of its own, which a message can show", () => {
    const { folder, problemsOf } = stage();
    expect(problemsOf(folder("a", "shop"), folder("b", "Shop"))).toEqual([
      expect.stringContaining("have the same name"),
    ]);
    expect(problemsOf(folder("a", "shop*"))).toEqual([expect.stringContaining("other characters")]);
    expect(problemsOf(folder("a", "two\nlines"))).toEqual([expect.stringContaining("other characters")]);
  });

  it("named twice by way of a link is said", () => {
    const { at, folder, problemsOf } = stage();
    const shop = folder("shop");
    symlinkSync(shop, at("again"));
    expect(problemsOf(shop, at("again"))).toEqual([`TASK_DIRS: ${shop} is named twice`]);
  });

  it("no longer counts once another one, or a link, has taken its place", () => {
    const { at, folder, open } = stage();
    const [shop = { name: "", path: "" }] = open(folder("shop"));
    expect(isStillTaskFolder(shop)).toBe(true);
    chmodSync(shop.path, 0o777);
    expect(isStillTaskFolder(shop)).toBe(false);
    renameSync(shop.path, at("moved"));
    expect(isStillTaskFolder(shop)).toBe(false);
    symlinkSync(folder("elsewhere"), shop.path);
    expect(isStillTaskFolder(shop)).toBe(false);
  });
});
