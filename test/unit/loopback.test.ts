// What our own check of names says of any header, beside what the MCP SDK's validation says: it must never be the milder one.
import { validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostProblem, LOOPBACK_NAMES, originProblem } from "../../src/domain/loopback.ts";

const NAMES = [...LOOPBACK_NAMES, "approvals.example.com"];
const name = fc.constantFrom(
  ...NAMES,
  "LOCALHOST",
  "127.1",
  "0x7f.1",
  "[::ffff:127.0.0.1]",
  "localhost.",
  "evil.example",
);
const part = fc.oneof(
  name,
  fc.constantFrom(":8000", ":", "@", "/", "\\", "#", "?", "%2e", " ", "\t", "null", "//"),
  fc.string(),
);
const host = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));
const scheme = fc.constantFrom("http://", "https://", "file://", "moz-extension://", "data:", "HTTP://", "");

describe("the name that a server is called by", () => {
  it("is judged as the MCP SDK judges it", () => {
    const check = (text: string) => {
      const said = validateHostHeader(text, NAMES);
      const isName = !/[/?#@\\\s]/.test(text);
      if (isName) expect(hostProblem(text, NAMES)).toBe(said.ok ? undefined : said.message);
      else expect(hostProblem(text, NAMES)).toBe(`Invalid Host header: ${text}`);
    };
    fc.assert(fc.property(host, check), { numRuns: 2_000 });
  });

  it.each([
    "127.0.0.1/evil.example",
    "127.0.0.1#evil.example",
    "localhost?x",
    "evil.example@localhost",
    "localhost\\x",
  ])("is nothing but a name: %s", (text) => {
    expect(hostProblem(text, NAMES)).toBe(`Invalid Host header: ${text}`);
  });

  it("must be there", () => {
    expect(hostProblem(undefined, NAMES)).toBe("Missing Host header");
    expect(hostProblem("", NAMES)).toBe("Missing Host header");
  });
});

describe("the page that calls", () => {
  it("is judged as the MCP SDK judges it", () => {
    const check = (from: string, text: string) => {
      const said = validateOriginHeader(`${from}${text}`, NAMES);
      expect(originProblem(`${from}${text}`, NAMES)).toBe(said.ok ? undefined : said.message);
    };
    fc.assert(fc.property(scheme, host, check), { numRuns: 2_000 });
  });

  it("is none where a program calls, and no page of this machine where it has no origin of its own", () => {
    expect(originProblem(undefined, NAMES)).toBeUndefined();
    expect(originProblem("null", NAMES)).toBe("Invalid Origin header: null");
  });
});
