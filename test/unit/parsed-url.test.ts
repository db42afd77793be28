// An address is one however often one was looked at: compiled code of Node 20 read letters beyond ASCII wrongly.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hostMatcher } from "../../src/policy/host-rule.ts";

it("a rule about a host finds a name beyond ASCII, also after many looks", () => {
  const matches = hostMatcher("domain:xn--mnchen-3ya.de", "wide");
  if (typeof matches === "string") throw new Error(matches);
  const call = { toolName: "WebFetch", input: { url: "https://münchen.de/" } };
  let missed = 0;
  for (let look = 0; look < 30_000; look += 1) if (!matches({ call } as never)) missed += 1;
  expect(missed).toBe(0);
});

it("nothing asks URL.canParse", () => {
  const src = join(import.meta.dirname, "..", "..", "src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  expect(files.length).toBeGreaterThan(500);
  expect(files.filter((file) => /URL\.canParse\(/.test(readFileSync(join(src, file), "utf8")))).toEqual([]);
});
