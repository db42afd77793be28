// A folder on a share whose server is gone: the file system never answers, the call must still be asked about.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startFolder } from "../../src/doors/hook/start-folder.ts";
import { realFolder } from "../../src/doors/project.ts";

vi.mock("node:fs/promises", () => ({ realpath: () => new Promise(() => {}) }));

/** Far above the time that a folder is waited for, ms. */
const LONG_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function afterLong<T>(work: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(LONG_MS);
  return work;
}

describe("a folder that the file system does not answer for", () => {
  it("stays as it is after a while", async () => {
    expect(await afterLong(realFolder("/gone/web-shop"))).toBe("/gone/web-shop");
  });

  it("is not known as the folder of the start", async () => {
    const folder = startFolder({ "x-approval-project": "/gone/web-shop" }, "/gone/web-shop");
    expect(await afterLong(folder)).toBeUndefined();
  });
});
