import { execFileSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { closeFileCommand, envFileAccess } from "../../src/config/env-file-access.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

let folder: string;
let file: string;
const git = (...words: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: folder });
const env = process.env;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, ".env");
  await writeFile(file, "A=1\n", { mode: 0o600 });
});

describe("who may read the settings file", () => {
  it("has nothing to say where there is none", async () => {
    expect(await envFileAccess(join(folder, "other"), env)).toBeUndefined();
    expect(await envFileAccess(join(file, "below"), env)).toBeUndefined();
  });

  it.each([
    [0o600, undefined],
    [0o400, undefined],
    [0o644, 0o644],
    [0o640, 0o640],
    [0o602, 0o602],
  ])("with mode %o: %o", async (mode, openMode) => {
    await chmod(file, mode);
    expect((await envFileAccess(file, env, "linux"))?.openMode).toBe(openMode);
  });

  it("does not judge modes on Windows, where they say nothing", async () => {
    await chmod(file, 0o644);
    expect((await envFileAccess(file, env, "win32"))?.openMode).toBeUndefined();
  });

  it("names the command that closes it, quoted where that is needed", () => {
    expect(closeFileCommand("/home/me/.env")).toBe("chmod 600 /home/me/.env");
    expect(closeFileCommand("/home/my files/it's/.env")).toBe("chmod 600 '/home/my files/it'\\''s/.env'");
  });
});

describe("what git would do with it", () => {
  it("is none outside of a work tree", async () => {
    expect((await envFileAccess(file, env))?.git).toBe("none");
  });

  it("is not-ignored, then ignored, then tracked whatever the rules say", async () => {
    git("init", "-q");
    expect((await envFileAccess(file, env))?.git).toBe("not-ignored");
    await writeFile(join(folder, ".gitignore"), ".env\n");
    expect((await envFileAccess(file, env))?.git).toBe("ignored");
    git("add", "-f", ".env");
    expect((await envFileAccess(file, env))?.git).toBe("tracked");
  });

  it("is not misled by the variables of a git hook", async () => {
    const other = join(folder, "other");
    await mkdir(other);
    git("init", "-q", other);
    expect((await envFileAccess(file, { ...env, GIT_DIR: join(other, ".git") }))?.git).toBe("none");
  });

  it("is unknown without git", async () => {
    expect((await envFileAccess(file, { PATH: folder }))?.git).toBe("unknown");
  });
});
