// The seal over rows of the database: only this server's, only as it was written.
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { isSealed, sealOf } from "../../src/core/seal.ts";

const TEXT = "kind\n1\nvalue";

test("is the first secret's, and counts under any of the present ones", () => {
  const seal = sealOf(["new", "old"], TEXT);
  expect(seal).toBe(createHmac("sha256", "new").update(TEXT).digest("hex"));
  expect(isSealed(["other", "new"], TEXT, seal)).toBe(true);
  expect(isSealed(["old"], TEXT, seal)).toBe(false);
});

test.each([
  ["another text", ["new"], `${TEXT}2`, sealOf(["new"], TEXT)],
  ["no seal", ["new"], TEXT, ""],
  ["a part of it", ["new"], TEXT, sealOf(["new"], TEXT).slice(0, -1)],
  ["as many letters of two bytes", ["new"], TEXT, "é".repeat(64)],
  ["an empty secret, which everybody knows", [""], TEXT, sealOf([""], TEXT)],
  ["no secret at all", [], TEXT, sealOf([], TEXT)],
])("does not count: %s", (_what, secrets, text, seal) => {
  expect(isSealed(secrets, text, seal)).toBe(false);
});
