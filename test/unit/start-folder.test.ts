import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startFolder } from "../../src/doors/hook/start-folder.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

function setFolders() {
  const base = realpathSync(temporaryFolder());
  const shop = join(base, "web-shop");
  mkdirSync(join(shop, "src"), { recursive: true });
  mkdirSync(join(base, "日本"));
  symlinkSync(shop, join(base, "link"));
  return {
    base,
    shop,
    start: (pwd: string, cwd?: string) => startFolder({ "x-approval-project": pwd }, cwd),
  };
}

describe("the folder that Claude Code was started in", () => {
  it("is the header's, where cwd is that folder or one in it", async () => {
    const { base, shop, start } = setFolders();
    expect(await start(shop, shop)).toBe(shop);
    expect(await start(shop, join(shop, "src"))).toBe(shop);
    expect(await start(join(base, "link"), join(shop, "src"))).toBe(shop);
  });

  it("is not known where the header can be wrong", async () => {
    const { base, shop, start } = setFolders();
    // What is left of a name in Japanese is the folder above.
    expect(await start(`${base}/`, join(base, "日本"))).toBeUndefined();
    expect(await start(join(base, "gone"), join(base, "gone"))).toBeUndefined();
    expect(await start(join(shop, "src"), shop)).toBeUndefined();
    expect(await start(join(base, "web"), shop)).toBeUndefined();
    expect(await start("web-shop", shop)).toBeUndefined();
    expect(await start("", shop)).toBeUndefined();
    expect(await start(shop, undefined)).toBeUndefined();
    expect(await startFolder({}, shop)).toBeUndefined();
  });
});
