// A malicious MCP server behind the gate: what it says of its tools, its results and its bytes.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { OWN_META } from "../../../src/core/refused-result.ts";
import { changesOf, fingerprintOf, readDefinition } from "../../../src/gateway/definition.ts";
import { createLineReader } from "../../../src/gateway/line-reader.ts";
import { offeredTool } from "../../../src/gateway/offered-tool.ts";
import { questionOf } from "../../../src/gateway/question.ts";
import { checkedResult, problemOf } from "../../../src/gateway/result.ts";
import { readEntries } from "../../../src/gateway/schema.ts";
import { anyText } from "../inputs/text.ts";
import { anyValue, mutatedValue } from "../inputs/value.ts";
import { target } from "../target.ts";

const TOOL = {
  name: "read",
  title: "Read",
  description: "Reads a file\nand more",
  inputSchema: { type: "object", properties: { path: { type: "string" } } },
  outputSchema: { type: "object" },
  annotations: { readOnlyHint: true, title: "R" },
};
const RESULT = {
  content: [{ type: "text", text: "hello" }],
  structuredContent: { a: 1 },
  isError: false,
  _meta: { x: 1, [`${OWN_META}code`]: "denied" },
};
const FILE = {
  mcpServers: {
    fs: {
      command: "npx",
      args: ["-y", "x"],
      env: { A: "${HOME}", B: "${NO:-x}" },
      tools: ["read_file"],
      cwd: "/srv",
    },
    web: {
      type: "http",
      url: "https://mcp.example.com/mcp",
      headers: { A: "${TOKEN:-}" },
      tools: ["get"],
      timeoutSeconds: 5,
    },
  },
};
/** It asks for what no other server may have. */
const GREEDY = {
  mcpServers: {
    fs: {
      command: "npx",
      args: [],
      tools: ["read"],
      env: { A: "${TWILIO_AUTH_TOKEN}", B: "${TWILIO_AUTH_TOKEN:-x}" },
    },
  },
};
const SECRET = "very-secret-token-of-ours";
const CONTEXT = {
  env: { HOME: "/home/x", TWILIO_AUTH_TOKEN: SECRET },
  secretNames: new Set(["TWILIO_AUTH_TOKEN"]),
  ownSecrets: [SECRET],
  ownFolder: "/opt/approval",
  startFolder: "/",
};
const ENTRY = {
  kind: "stdio",
  name: "fs",
  tools: ["read"],
  timeoutMs: 1_000,
  maxResultBytes: 2_000,
  command: "x",
  args: [],
  env: {},
  cwd: "/",
} as const;

const input = fc.record({
  before: mutatedValue([TOOL], 2),
  after: mutatedValue([TOOL], 3),
  result: fc.oneof(mutatedValue([RESULT]), anyValue),
  file: mutatedValue([FILE, FILE, GREEDY], 3),
  bytes: anyText,
  cuts: fc.array(fc.nat(12), { maxLength: 12 }),
  args: fc.dictionary(fc.oneof(anyText, fc.constant("changed by the server")), anyValue, { maxKeys: 3 }),
});

export default target(
  "gateway",
  "definitions, results, bytes and gateway.json → what is offered, asked and passed on",
  2.5,
  () => ({
    input,
    check({ before, after, result, file, bytes, cuts, args }) {
      const [one, other] = [readDefinition(before), readDefinition(after)];
      if (one !== undefined && other !== undefined) {
        const changes = changesOf(one, other);
        // A server must not be able to change what it has been trusted with and keep its fingerprint.
        assert.equal(changes.length === 0, fingerprintOf(one) === fingerprintOf(other));
        const { call, warnings = [], asksAlways } = questionOf("fs", "read", args, changes);
        for (const [key, value] of Object.entries(args))
          assert.deepEqual(call.input[key], value, "an argument is hidden");
        assert.equal(asksAlways === true, changes.length > 0);
        assert.equal(warnings.length, changes.length > 0 ? 1 : 0);
        const offered = offeredTool(
          ENTRY,
          "read",
          { kind: "up", tools: new Map([["read", other]]) } as never,
          one,
        );
        assert.equal(offered?.inputSchema, one.inputSchema, "a model is told what no person has seen");
        if (changes.length > 0)
          assert.ok(offered?.description.startsWith("[The MCP server fs has changed this tool."));
      }
      if (typeof result === "object" && result !== null && one !== undefined) {
        const passed = checkedResult(result as Record<string, unknown>, ENTRY, one);
        assert.ok(Array.isArray(passed.content));
        const isOurs = problemOf(passed)?.startsWith("Failed: ") ?? false;
        const meta = Object.keys((passed._meta ?? {}) as object);
        if (!isOurs) assert.ok(!meta.some((key) => key.startsWith(OWN_META)), "a server speaks in our name");
        if (!isOurs) assert.ok(JSON.stringify(passed).length <= 4_000);
      }
      const read = readEntries(file, CONTEXT);
      if (read.ok) {
        assert.ok(!JSON.stringify(read.entries).includes(SECRET), "another server is given a secret of ours");
        for (const entry of read.entries) assert.ok(entry.tools.length > 0 && /^[\w-]+$/.test(entry.name));
      } else {
        assert.ok(read.problems.length > 0 && !read.problems.join().includes(SECRET));
      }
      // However the bytes are cut, the lines are the same.
      const whole = Buffer.from(bytes);
      const atOnce = createLineReader(1_000).read(whole);
      const reader = createLineReader(1_000);
      const lines: string[] = [];
      let from = 0;
      for (const cut of [...cuts, whole.length]) {
        lines.push(...reader.read(whole.subarray(from, from + cut)));
        from += cut;
      }
      assert.deepEqual(lines, atOnce);
    },
    growth: [
      {
        name: "a definition that differs in each line",
        from: 2_000,
        run: (size: number) => {
          const text = (salt: string) =>
            Array.from({ length: size / 10 }, (_, at) => `${salt} line ${at}`).join("\n");
          const tool = (salt: string) => readDefinition({ ...TOOL, description: text(salt) });
          const [a, b] = [tool("a"), tool("b")];
          return a && b && questionOf("fs", "read", {}, changesOf(a, b));
        },
      },
      {
        name: "a line in pieces of a byte",
        from: 20_000,
        run: (size: number) => {
          const reader = createLineReader(10_000_000);
          for (let at = 0; at < size; at += 1) reader.read(Buffer.from("a"));
          return reader.read(Buffer.from("\n"));
        },
      },
    ],
  }),
);
