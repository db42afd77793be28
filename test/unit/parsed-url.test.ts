// An address is one however often one was looked at: compiled code of Node 20 read letters beyond ASCII wrongly.
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
