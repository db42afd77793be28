// Files that a person writes, or that something else has written into: policy.json, a script's settings.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { compilePolicy } from "../../../src/policy/compile.ts";
import { decideByRules } from "../../../src/policy/decide.ts";
import { argumentVector } from "../../../src/script-tools/argument-vector.ts";
import { readScriptSettings } from "../../../src/script-tools/script-settings.ts";
import { script } from "../inputs/script.ts";
import { anyText, mutated } from "../inputs/text.ts";
import { anyValue, mutatedValue } from "../inputs/value.ts";
import { target } from "../target.ts";

const POLICY = {
  version: 1,
  deny: ["Bash(rm *)", { rule: "Bash(git push *)", message: "no" }],
  ask: ["Bash(npm publish*)"],
  allow: ["Bash(git status)", "Bash(ls *)", "Read(/srv/**)", "WebFetch(domain:example.com)"],
};
const SETTINGS = {
  description: "Deploys",
  inputSchema: {
    type: "object",
    properties: {
      to: { type: "string", pattern: "^[a-z]+$" },
      n: { type: "integer" },
      all: { type: "array", items: { type: "string" } },
    },
  },
  positional: ["all"],
  timeoutSeconds: 5,
  env: ["PATH"],
};
const CONTEXT = { home: "/home/x", ownPaths: ["/opt/approval"], realPath: (path: string) => path };
const SUBMISSION = { door: "mcp", project: "/srv" } as const;

const input = fc.record({
  policy: fc.oneof(
    { weight: 3, arbitrary: mutatedValue([POLICY], 2).map((value) => JSON.stringify(value) ?? "") },
    { weight: 1, arbitrary: mutated([JSON.stringify(POLICY)], 2) },
  ),
  command: script,
  settings: fc.oneof(
    mutatedValue([SETTINGS], 2).map((value) => JSON.stringify(value) ?? ""),
    mutated([JSON.stringify(SETTINGS)], 2),
  ),
  given: fc.dictionary(
    fc.oneof(fc.constantFrom("to", "n", "all"), anyText),
    fc.oneof(anyValue, fc.constantFrom("--force", "-x")),
    { maxKeys: 3 },
  ),
});

export default target("files", "policy.json, a script's settings", 0.3, () => ({
  input,
  check({ policy, command, settings, given }) {
    const compiled = compilePolicy(policy, CONTEXT);
    if (compiled.ok) {
      const decided = decideByRules(compiled.policy, {
        ...SUBMISSION,
        call: { toolName: "Bash", input: { command } },
      } as never);
      if (decided.kind === "allow")
        assert.ok(decided.rule !== undefined && decided.rule !== "", "an allow names its rule");
    } else assert.ok(compiled.problems.length > 0);
    const read = readScriptSettings(settings);
    if (read.ok) {
      const vector = argumentVector(given, read.settings.form);
      if (vector.ok) for (const word of vector.words) assert.ok(!word.includes("\0"), "a word has a NUL");
      read.settings.check(given);
    } else assert.ok(read.problem.length > 0);
  },
  growth: [
    {
      name: "a policy of one key",
      from: 20_000,
      run: (size: number) => compilePolicy(`{"${"a".repeat(size)}":1}`, CONTEXT),
    },
    {
      name: "a policy of lists",
      from: 2_000,
      run: (size: number) => compilePolicy("[".repeat(size), CONTEXT),
    },
  ],
}));
