// Where the person's own files live, and that no project's folder can become that place unasked.
import { writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { findHome, type HomeSearch, ownOrPackaged } from "../../src/config/home.ts";
import { packageRoot } from "../../src/server/system.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const PLATFORM = {
  config: "/home/me/.config/approval-server",
  data: "/home/me/.local/share/approval-server",
};
const find = (search: Partial<HomeSearch> = {}) =>
  findHome({
    env: {},
    current: "/work/shop",
    clone: "/src/approval",
    installation: "installed",
    platform: PLATFORM,
    ...search,
  });

describe("the home", () => {
  it("is a folder, or nothing yet: a file is refused, by the name of what has named it", () => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "");
    for (const path of [file, join(file, "x")]) {
      expect(() => find({ dir: path })).toThrow(`--dir: ${path} is not a folder`);
      expect(() => find({ env: { APPROVAL_HOME: path } })).toThrow(`APPROVAL_HOME: ${path} is not a folder`);
    }
    expect(find({ dir: join(folder, "later") }).folder).toBe(join(folder, "later"));
  });

  it("of a clone is its folder", () => {
    expect(find({ installation: "clone" })).toEqual({
      kind: "clone",
      folder: "/src/approval",
      envFile: "/src/approval/.env",
      dataFolder: "/src/approval/data",
    });
  });

  it("of an installed command are the platform's folders", () => {
    expect(find()).toEqual({
      kind: "installed",
      folder: PLATFORM.config,
      envFile: `${PLATFORM.config}/.env`,
      dataFolder: PLATFORM.data,
    });
  });

  it("of an installed command has the program's bare name on this platform", () => {
    const { folder, dataFolder } = findHome({
      env: {},
      current: "/",
      clone: "/",
      installation: "installed",
    });
    expect(folder).toMatch(/[\\/]approval-server([\\/]Config)?$/);
    expect(dataFolder).toMatch(/[\\/]approval-server([\\/]Data)?$/);
  });

  it.each(["clone", "installed"] as const)("of any kind (%s) is the one that was chosen", (installation) => {
    const chosen = { kind: "chosen", folder: "/srv/a", envFile: "/srv/a/.env", dataFolder: "/srv/a/data" };
    const env = { APPROVAL_HOME: " /srv/a " };
    expect(find({ installation, env })).toEqual(chosen);
    expect(find({ installation, dir: "/srv/a", env: { APPROVAL_HOME: "/other" } })).toEqual(chosen);
  });

  it.each([
    ["state", "/work/shop/state"],
    [".", "/work/shop"],
    ["/srv/a/../b/", "/srv/b"],
    ["~", homedir()],
    ["~/approval", join(homedir(), "approval")],
    ["~other", "/work/shop/~other"],
  ])("is read from --dir %s as the person means it", (dir, folder) => {
    expect(find({ dir })).toMatchObject({ kind: "chosen", folder });
  });

  it("is not chosen by an empty APPROVAL_HOME", () => {
    expect(find({ env: { APPROVAL_HOME: "  " } }).kind).toBe("installed");
  });

  it.each([
    [{ dir: "" }, "--dir"],
    [{ dir: " " }, "--dir"],
    [{ env: { APPROVAL_HOME: "state" } }, "APPROVAL_HOME: must be an absolute path"],
    [{ env: { APPROVAL_HOME: "." } }, "APPROVAL_HOME: must be an absolute path"],
    [{ platform: { ...PLATFORM, config: ".config/approval-server" } }, "XDG_CONFIG_HOME"],
    [{ platform: { ...PLATFORM, data: "approval-server" } }, "XDG_DATA_HOME"],
  ])("is refused where it would hang on the folder that a command is called in: %j", (search, problem) => {
    expect(() => find(search)).toThrow(problem);
  });
});

describe("the files in it", () => {
  const placesOf = (env: Record<string, string>, search: Partial<HomeSearch> = {}) => {
    const { databasePath, policyPath } = parseConfig(env, find(search));
    return { databasePath, policyPath };
  };

  it("are where the home says", () => {
    expect(placesOf({})).toEqual({ databasePath: `${PLATFORM.data}/approvals.db`, policyPath: undefined });
    expect(placesOf({}, { installation: "clone" }).databasePath).toBe("/src/approval/data/approvals.db");
    expect(placesOf({}, { dir: "/srv/a" }).databasePath).toBe("/srv/a/data/approvals.db");
  });

  it("start at the home when a setting names them relatively, and not at the caller's folder", () => {
    const env = { APPROVAL_DB: "db/x.db", APPROVAL_POLICY: "../policy.json" };
    expect(placesOf(env)).toEqual({
      databasePath: `${PLATFORM.config}/db/x.db`,
      policyPath: "/home/me/.config/policy.json",
    });
    expect(placesOf({ APPROVAL_DB: "/var/x.db" }).databasePath).toBe("/var/x.db");
  });

  it("may be the person's own in place of the package's", () => {
    const folder = temporaryFolder();
    const name = "template_config.json";
    expect(ownOrPackaged({ folder }, packageRoot(), name)).toBe(join(packageRoot(), name));
    writeFileSync(join(folder, name), "[]");
    expect(ownOrPackaged({ folder }, packageRoot(), name)).toBe(join(folder, name));
  });
});
