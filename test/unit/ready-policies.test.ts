// The policies that `policy init` writes: the linter takes each, none allows a sample of what is risky, and what they are for
// runs without a question.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { needsPerson } from "../../src/core/policy.ts";
import type { Submission } from "../../src/domain/submission.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { type CompiledPolicy, compilePolicy } from "../../src/policy/compile.ts";
import { decideByRules } from "../../src/policy/decide.ts";
import { READY_POLICIES, type ReadyName } from "../../src/policy/ready-policies.ts";
import { bash, CONTEXT, HOME, PROJECT, problemsOf, submissionOf } from "../helpers/policy-stage.ts";

const NAMES = Object.keys(READY_POLICIES) as ReadyName[];
const textOf = (name: ReadyName) => JSON.stringify(READY_POLICIES[name].policy);

function compiled(text: string): CompiledPolicy {
  const result = compilePolicy(text, CONTEXT);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.policy;
}

const policies = new Map<ReadyName, CompiledPolicy>();
function policyOf(name: ReadyName): CompiledPolicy {
  const policy = policies.get(name) ?? compiled(textOf(name));
  policies.set(name, policy);
  return policy;
}

/** What it allows, without what it denies and asks about: nothing of the latter may be needed to keep a danger out. */
function allowingOnly(name: ReadyName): CompiledPolicy {
  const { policy } = READY_POLICIES[name];
  const rules = policy.rules.filter(({ decision }) => decision === "allow");
  return compiled(JSON.stringify({ ...policy, rules }));
}

/** Commands of the sample files; blank lines, notes and headings are none. */
function samples(kind: "risky" | "harmless"): readonly string[] {
  const folder = new URL(".", import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${kind}.txt`))
    .flatMap((name) => readFileSync(new URL(name, folder), "utf8").split("\n"))
    .filter((line) => line.trim() !== "" && !/^(#|\[)/.test(line))
    .map((line) => line.replaceAll("⏎", "\n"));
}

const inspector = createInspector({ ...CONTEXT, ownPorts: [8000], ownSecrets: [] });

/** As the server would: a rule that allows does not count where a person is needed. */
async function decide(policy: CompiledPolicy, submission: Submission): Promise<string> {
  const { kind } = decideByRules(policy, submission);
  if (kind !== "allow") return kind;
  const inspection = await inspector.inspect(submission.call, submission.cwd);
  return needsPerson(submission.call, inspection) ? "ask" : "allow";
}

describe.each(NAMES)("the ready policy %s", (name) => {
  it("has nothing that the linter refuses, and says what each of its parts is for", () => {
    expect(problemsOf(textOf(name))).toEqual([]);
    for (const { about } of READY_POLICIES[name].policy.rules) expect(about).toMatch(/^[A-Z].+\.$/);
  });

  it("allows not one of the risky samples, wherever the call comes from", () => {
    const policy = allowingOnly(name);
    const risky = samples("risky");
    expect(risky.length).toBeGreaterThan(2_000);
    for (const cwd of [PROJECT, HOME, "/", undefined]) {
      const allowed = risky.filter(
        (command) => decideByRules(policy, bash(command, { cwd })).kind === "allow",
      );
      expect(allowed).toEqual([]);
    }
  });

  it.each([
    "cat .env",
    "ls; cat ~/.ssh/id_ed25519",
    "git log --output=/home/me/.bashrc",
    "git diff --ext-diff",
    "git diff --no-index /dev/null /etc/passwd",
    "git log > .git/hooks/pre-commit",
    "git -c core.pager=sh log",
    "git show HEAD:.env",
    "ls ../other",
    "ls $(touch x)",
    "wc -l /etc/shadow",
    "wc --files0-from=/etc/passwd",
    "FOO=x npm test",
    "npm test -- --config=/tmp/x.js",
    "npm run build -- --x",
    "npm run deploy",
    "npm install left-pad",
    "npx cowsay",
    "sudo ls",
    "cd / && ls",
    "head -c 100 ~/.netrc",
    "head config/credentials.json",
    "tail -n 5 secrets.yaml",
    "file -C -m magic",
    "sqlite3 -readonly a.db '.shell id'",
    "sqlite3 -readonly a.db 'select 1'",
    "duckdb -readonly a.db -c 'select 1'",
    "tail -f /var/log/syslog",
    "curl http://localhost:3000/",
  ])("does not let this through: %s", async (command) => {
    expect(await decide(policyOf(name), bash(command))).not.toBe("allow");
  });

  it.each([
    ["Write", { file_path: `${PROJECT}/src/app.ts`, content: "" }],
    ["Edit", { file_path: `${PROJECT}/package.json`, old_string: "a", new_string: "b" }],
    ["Read", { file_path: `${PROJECT}/.env` }],
    ["Read", { file_path: `${HOME}/.ssh/config` }],
    ["WebFetch", { url: "http://localhost:3000/", prompt: "" }],
    ["WebFetch", { url: "http://169.254.169.254/latest/", prompt: "" }],
    ["WebFetch", { url: "https://nodejs.org.evil.example/", prompt: "" }],
    ["Agent", { subagent_type: "general-purpose", prompt: "x", description: "x" }],
    ["mcp__github__delete_repo", {}],
    ["Grep", { pattern: "SECRET", path: "/" }],
    ["request_approval", { action: "x", summary: "x" }],
    ["ExitPlanMode", { plan: "x" }],
  ])("does not let %s with %j through", async (tool, input) => {
    expect(await decide(policyOf(name), submissionOf(tool, input))).not.toBe("allow");
  });

  it.each([
    "ls",
    "ls -la src",
    "git status",
    "git diff src/app.ts",
    "git log --oneline -5",
    "wc -l src/app.ts",
    "pwd && git status --short",
  ])("runs %s without a question", async (command) => {
    expect(await decide(policyOf(name), bash(command))).toBe("allow");
  });

  it.each(["sudo ls", "rm -rf ~/x", "git push --force origin main", "dd if=x of=/dev/sda"])(
    "denies %s",
    async (command) => {
      expect(await decide(policyOf(name), bash(command))).toBe("deny");
    },
  );
});

describe("what a policy is for", () => {
  it.each<[ReadyName, string]>([
    ["web", "npm test"],
    ["web", "npm run build && npm run lint"],
    ["web", "pnpm run typecheck"],
    ["web", "yarn run test 2>&1"],
    ["data", "sha256sum data/sales.csv"],
    ["data", "du -sh data"],
  ])("%s runs %s without a question, and cautious asks", async (name, command) => {
    expect(await decide(policyOf(name), bash(command))).toBe("allow");
    expect(await decide(policyOf("cautious"), bash(command))).toBe("ask");
  });

  it("is read and fetched without a question", async () => {
    const csv = submissionOf("Read", { file_path: `${PROJECT}/data/sales.csv` });
    expect(await decide(policyOf("data"), csv)).toBe("allow");
    const docs = submissionOf("WebFetch", { url: "https://developer.mozilla.org/en-US/", prompt: "x" });
    expect(await decide(policyOf("web"), docs)).toBe("allow");
  });
});
