// Rules for git: what cannot be brought back by the next commit.
import { type Invocation, operandTexts, optionsOf } from "../invocation.ts";
import type { Options } from "../options.ts";
import type { Rule } from "./rule.ts";

const VALUED = [
  "-C",
  "-c",
  "--git-dir",
  "--work-tree",
  "-o",
  "--push-option",
  "--receive-pack",
  "--exec",
  "-s",
];

export const GIT_RULES: readonly Rule[] = [
  { risk: "rewrite-history", programs: "git", when: losesWork },
  { risk: "rewrite-history", programs: "git-filter-repo bfg" },
  {
    risk: "weaken-protection",
    programs: "git",
    when: (call) =>
      call.args.some(({ text }) =>
        /^(core\.hooksPath|http\.sslVerify)(=(false|0|\/dev\/null))?$/i.test(text),
      ),
  },
];

function losesWork(call: Invocation): boolean {
  const options = optionsOf(call, { valued: VALUED });
  const [subcommand = "", ...operands] = operandTexts(options);
  return LOSING.get(subcommand)?.(options, operands, call) ?? false;
}

type Test = (options: Options, operands: readonly string[], call: Invocation) => boolean;

const LOSING = new Map<string, Test>([
  [
    "push",
    (options, operands) =>
      !options.has("-n", "--dry-run") &&
      (options.has("-f", "--force", "--force-with-lease", "--mirror", "--delete", "-d", "--prune") ||
        operands.some((operand) => /^[+:]./.test(operand))),
  ],
  ["reset", (options) => options.has("--hard")],
  ["filter-branch", () => true],
  ["filter-repo", () => true],
  ["update-ref", () => true],
  ["reflog", (_, operands) => operands[0] === "expire" || operands[0] === "delete"],
  ["gc", ({ has }) => has("--prune")],
  ["stash", (_, operands) => operands[0] === "drop" || operands[0] === "clear"],
  [
    "branch",
    (options) => options.has("-D") || (options.has("-d", "--delete") && options.has("-f", "--force")),
  ],
  [
    "checkout",
    (options, operands, { args }) =>
      options.has("-f", "--force") || operands.includes(".") || args.some(({ text }) => text === "--"),
  ],
  ["switch", (options) => options.has("-f", "--force", "--discard-changes")],
  ["restore", (options) => !options.has("-S", "--staged") || options.has("-W", "--worktree")],
  ["worktree", (options, operands) => operands[0] === "remove" && options.has("-f", "--force")],
]);
