// A folder on a share whose server is gone: the file system never answers, the call must still be asked about.
import { describe, expect, it, vi } from "vitest";
import { startFolder } from "../../src/doors/hook/start-folder.ts";
import { realFolder } from "../../src/doors/project.ts";

vi.mock("node:fs/promises", () => ({ realpath: () => new Promise(() => {}) }));

describe("a folder that the file system does not answer for", () => {
  it("stays as it is after a while", async () => {
    expect(await realFolder("/gone/web-shop")).toBe("/gone/web-shop");
  });

  it("is not known as the folder of the start", async () => {
    expect(await startFolder({ "x-approval-project": "/gone/web-shop" }, "/gone/web-shop")).toBeUndefined();
  });
});
