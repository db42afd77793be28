// gateway.json: what is read of it, and every problem in it at once, named by its entry and key and never with a value.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EntryContext } from "../../src/gateway/entry.ts";
import { readGatewayFile } from "../../src/gateway/read-gateway-file.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const SECRET = ["twilio", "auth", "token", "0123456789"].join("-");
const CONTEXT: EntryContext = {
  env: { NAME: "value", TWILIO_AUTH_TOKEN: SECRET, EMPTY: "", COPY: SECRET },
  secretNames: new Set(["TWILIO_AUTH_TOKEN"]),
  ownSecrets: [SECRET],
  ownFolder: "/srv/approvals",
  startFolder: "/home/me",
};

/** As gateway.json writes it. */
const variable = (name: string) => `\${${name}}`;

function read(text: string, mode = 0o600) {
  const path = join(temporaryFolder(), "gateway.json");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return readGatewayFile(path, CONTEXT);
}

it("our own folder by another path is none that a server is started in", () => {
  const folder = temporaryFolder();
  const [own, link, path] = ["own", "link", "gateway.json"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(own);
  symlinkSync(own, link);
  writeFileSync(path, JSON.stringify({ mcpServers: { fs: { command: "x", tools: ["a"], cwd: link } } }), {
    mode: 0o600,
  });
  expect(readGatewayFile(path, { ...CONTEXT, ownFolder: own })).toMatchObject({
    kind: "bad",
    problems: [expect.stringContaining("is the approval server's own folder")],
  });
});

it("that is a link to a file that is not there is refused", () => {
  const path = join(temporaryFolder(), "gateway.json");
  expect(readGatewayFile(path, CONTEXT)).toEqual({ kind: "none" });
  symlinkSync("not-mounted.json", path);
  const problems = ["is a link to a file that is not there"];
  expect(readGatewayFile(path, CONTEXT)).toEqual({ kind: "bad", problems });
});

const file = (mcpServers: unknown) => read(JSON.stringify({ mcpServers }));

function problemsOf(mcpServers: unknown): readonly string[] {
  const found = file(mcpServers);
  if (found.kind !== "bad") throw new Error(`it was read as ${found.kind}`);
  return found.problems;
}

describe("gateway.json", () => {
  it("is read as .mcp.json is, with the tools of each server and limits that it need not name", () => {
    expect(
      file({
        fs: {
          command: "npx",
          args: ["-y", "files", variable("NAME"), variable("NONE:-/data")],
          env: { A: variable("NAME") },
          tools: ["read"],
        },
        web: {
          type: "http",
          url: "https://example.com/mcp",
          headers: { "X-Key": `k-${variable("NAME")}` },
          tools: ["search", "__x"],
          timeoutSeconds: 5,
          maxResultBytes: 2_000,
        },
        here: { type: "http", url: "http://127.0.0.1:9000/mcp", tools: ["a"] },
      }),
    ).toMatchObject({
      kind: "good",
      entries: [
        {
          name: "fs",
          kind: "stdio",
          args: ["-y", "files", "value", "/data"],
          env: { A: "value" },
          cwd: "/home/me",
          timeoutMs: 120_000,
          maxResultBytes: 5_000_000,
        },
        {
          name: "web",
          kind: "http",
          headers: { "X-Key": "k-value" },
          timeoutMs: 5_000,
          maxResultBytes: 2_000,
        },
        { name: "here", kind: "http" },
      ],
    });
    expect(read('\uFEFF{"mcpServers":{}}')).toEqual({ kind: "good", entries: [] });
    expect(readGatewayFile("/nowhere/gateway.json", CONTEXT)).toEqual({ kind: "none" });
  });

  it.each([
    ["a wildcard", { tools: ["*"] }, /fs\.tools\[0\]: "\*": a wildcard is not taken/],
    ["part of a wildcard", { tools: ["read_*"] }, /fs\.tools\[0\].*wildcard/],
    ["no tools", { tools: undefined }, /^mcpServers\.fs\.tools: must list the tools/],
    ["an empty list", { tools: [] }, /^mcpServers\.fs\.tools: must list/],
    ["a tool twice", { tools: ["a", "a"] }, /fs\.tools\[1\].*twice/],
    ["a tool that Claude cannot name", { tools: ["a.b"] }, /fs\.tools\[0\].*Claude takes no other/],
    ["a tool whose name is too long", { tools: ["x".repeat(60)] }, /86 characters, and Claude takes 64/],
    ["an unknown key", { autoApprove: ["a"] }, /^mcpServers\.fs: "autoApprove" is not known/],
    ["a limit out of range", { timeoutSeconds: 0 }, /fs\.timeoutSeconds: must be at least 1/],
    ["a text as a limit", { timeoutSeconds: "5" }, /fs\.timeoutSeconds: must be a number/],
    ["arguments that are no list", { args: "x" }, /fs\.args: must be a list of texts/],
    ["a variable that is not set", { args: [variable("NONE")] }, /fs\.args\[0\]: \$\{NONE\} is not set/],
    ["a variable that is empty", { args: [variable("EMPTY")] }, /\$\{EMPTY\} is not set/],
    ["what is no variable", { args: [variable("1 + 1")] }, /fs\.args\[0\].*not the name of a variable/],
    [
      "a secret of ours by name",
      { env: { T: variable("TWILIO_AUTH_TOKEN") } },
      /fs\.env\.T: TWILIO_AUTH_TOKEN is a secret/,
    ],
    [
      "a secret of ours under another name",
      { env: { T: variable("COPY") } },
      /fs\.env\.T: it holds a secret/,
    ],
    ["a secret of ours as it is", { args: [`--token=${SECRET}`] }, /fs\.args\[0\]: it holds a secret/],
    ["our own folder", { cwd: "/srv/approvals/" }, /fs\.cwd: is the approval server's own folder/],
    ["a relative folder", { cwd: "x" }, /fs\.cwd: must be an absolute path/],
    ["no command", { command: undefined }, /fs\.command: must be a text/],
    [
      "the transport of 2024",
      { type: "sse", url: "https://a.example" },
      /fs\.type: sse is the transport of 2024/,
    ],
    [
      "a url without its type",
      { command: undefined, url: "https://a.example" },
      /fs\.type: is missing: "http"/,
    ],
  ])("is refused with %s", (_, change, says) => {
    const problems = problemsOf({ fs: { command: "x", tools: ["a"], ...change } });
    expect(problems).toEqual([expect.stringMatching(says)]);
    expect(problems.join()).not.toContain(SECRET);
  });

  it.each([
    ["http://example.com/mcp", /must begin with https/],
    ["http://127.0.0.1.example.com/mcp", /must begin with https/],
    ["https://me:pass@example.com/mcp", /must not hold a password/],
    ["file:///etc/passwd", /must begin with https/],
    ["example.com", /must be an address/],
  ])("is refused with the address %s", (url, says) => {
    expect(problemsOf({ web: { type: "http", url, tools: ["a"] } })).toEqual([
      expect.stringMatching(new RegExp(`^mcpServers\\.web\\.url: ${says.source}`)),
    ]);
  });

  it.each(["a__b", "_a", "a_", "a b", "", "a.b", "permissions", "Scripts", "agent", "approval-server"])(
    "is refused with a server named %j",
    (name) => {
      expect(problemsOf({ [name]: { command: "x", tools: ["c"] } })).toHaveLength(1);
    },
  );

  it("offers no two tools under one name, whatever they are called", () => {
    // a__b + c and a + b__c would both be a__b__c.
    expect(
      problemsOf({ a__b: { command: "x", tools: ["c"] }, a: { command: "x", tools: ["b__c"] } }),
    ).toEqual([expect.stringMatching(/^mcpServers\.a__b: .*could be read in two ways/)]);
    expect(problemsOf({ fs: { command: "x", tools: ["a"] }, FS: { command: "x", tools: ["a"] } })).toEqual([
      expect.stringMatching(/^mcpServers\.FS: the name differs from fs by its case only/),
    ]);
  });

  it("names every problem at once", () => {
    const problems = problemsOf({
      a: { command: "x", tools: ["*"], timeoutSeconds: 0 },
      b: { command: "", tools: ["t"] },
      c_: { command: "x", tools: ["t"] },
    });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "mcpServers.a.timeoutSeconds",
      "mcpServers.b.command",
      "mcpServers.c_",
    ]);
  });

  it("is refused with a key twice, and with what is no JSON, without a word of it", () => {
    expect(read('{"mcpServers":{"a":{"command":"x","tools":["a"],"tools":["b"]}}}')).toEqual({
      kind: "bad",
      problems: [expect.stringContaining('has the key "tools" twice')],
    });
    expect(read(`{"token": variable("SECRET") oops`)).toEqual({
      kind: "bad",
      problems: ["is not valid JSON"],
    });
    expect(read("[]").kind).toBe("bad");
    expect(read('{"servers":{}}').kind).toBe("bad");
  });

  it("is refused where others can write it, and told where they can read it", () => {
    expect(read('{"mcpServers":{}}', 0o622)).toMatchObject({
      kind: "bad",
      problems: [expect.stringContaining("can be written by others")],
    });
    expect(read('{"mcpServers":{}}', 0o644)).toMatchObject({ kind: "good", openMode: 0o644 });
  });
});
