// Settings about other machines: what is taken, and what never is.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/domain/errors.ts";

const APPROVAL_TOKEN = "o".repeat(40);

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("ALLOWED_ORIGINS", () => {
  it("are exact origins, and none by default", () => {
    expect(parseConfig({}).allowedOrigins).toEqual([]);
    const ALLOWED_ORIGINS = "https://app.example.com, http://localhost:5173,https://x.example:8443";
    expect(parseConfig({ APPROVAL_TOKEN, ALLOWED_ORIGINS }).allowedOrigins).toEqual([
      "https://app.example.com",
      "http://localhost:5173",
      "https://x.example:8443",
    ]);
  });

  it.each([
    "*",
    "null",
    "https://*.example.com",
    "https://app.example.com/",
    "https://app.example.com/path",
    "https://app.example.com:443",
    "https://APP.example.com",
    "https://user@app.example.com",
    "http://app.example.com",
    "http://192.168.1.5",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "app.example.com",
    "file://",
    "chrome-extension://abcdefgh",
    "javascript:alert(1)",
    "https://a.example,,https://b.example",
    "https://a.example https://b.example",
  ])("never holds %s", (ALLOWED_ORIGINS) => {
    const [problem, ...more] = problemsOf({ APPROVAL_TOKEN, ALLOWED_ORIGINS });
    expect(problem).toMatch(/^ALLOWED_ORIGINS: must be origins/);
    expect(more).toEqual([]);
  });
});

describe("ALLOWED_HOSTS", () => {
  it("are names as they stand in an address, whatever the case", () => {
    const ALLOWED_HOSTS = "Approvals.example.com, box";
    expect(parseConfig({ APPROVAL_TOKEN, ALLOWED_HOSTS }).allowedHosts).toEqual([
      "approvals.example.com",
      "box",
    ]);
  });

  it.each(["*", "*.example.com", "https://a.example", "a.example:443", "a.example/x", "a..b", "-a", "a b"])(
    "never holds %s",
    (ALLOWED_HOSTS) => {
      expect(problemsOf({ APPROVAL_TOKEN, ALLOWED_HOSTS })[0]).toMatch(/^ALLOWED_HOSTS: must be host names/);
    },
  );
});

describe.each(["ALLOWED_ORIGINS", "ALLOWED_HOSTS"])("%s", (name) => {
  it("wants a token, named tokens or not", () => {
    const value = name === "ALLOWED_HOSTS" ? "a.example" : "https://a.example";
    const [problem] = problemsOf({ [name]: value });
    expect(problem).toContain(`APPROVAL_TOKEN: is required because ${name} is set`);
    expect(problemsOf({ [name]: value, APPROVAL_TOKEN })).toEqual([]);
  });
});

describe("APPROVAL_URL", () => {
  it.each([
    ["https://approvals.example.com", "https://approvals.example.com"],
    ["https://approvals.example.com/", "https://approvals.example.com"],
    ["https://approvals.example.com:8443/mcp", "https://approvals.example.com:8443"],
    ["https://example.com/approvals/", "https://example.com/approvals"],
    ["http://127.0.0.1:9000", "http://127.0.0.1:9000"],
    ["http://[::1]:9000", "http://[::1]:9000"],
    ["http://localhost:9000/sse", "http://localhost:9000"],
  ])("%s is %s", (APPROVAL_URL, expected) => {
    expect(parseConfig({ APPROVAL_TOKEN, APPROVAL_URL }).serverUrl).toBe(expected);
  });

  it.each([
    "http://approvals.example.com",
    "http://192.168.1.5:8000",
    "http://0.0.0.0:8000",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://127.0.0.1@evil.example",
    "https://user:pass@approvals.example.com",
    "https://approvals.example.com/?x=1",
    "https://approvals.example.com/#x",
    "https://approvals.example.com:0",
    "ftp://approvals.example.com",
    "approvals.example.com",
    "//approvals.example.com",
  ])("is never %s", (APPROVAL_URL) => {
    const problems = problemsOf({ APPROVAL_TOKEN, APPROVAL_URL });
    expect(problems).toEqual([expect.stringMatching(/^APPROVAL_URL: must be https/)]);
    expect(problems.join("")).not.toContain("evil");
  });

  it("wants a token for a server on another machine", () => {
    expect(problemsOf({ APPROVAL_URL: "https://a.example" })[0]).toContain("APPROVAL_TOKEN: is missing");
    expect(problemsOf({ APPROVAL_URL: "http://127.0.0.1:9000" })).toEqual([]);
  });
});
