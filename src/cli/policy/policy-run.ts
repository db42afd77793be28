// `npm run policy`: checks a policy file, and says what it decides of a call. Changes nothing and asks nobody. Reads only
// what it is given.

import { readFileSync } from "node:fs";
import { basename, isAbsolute, resolve } from "node:path";
import { parseArgs, styleText } from "node:util";
import { z } from "zod";
import { parseConfig } from "../../config/config.ts";
import { needsPerson } from "../../core/policy.ts";
import type { Inspector, PolicyDecision } from "../../core/ports.ts";
import type { Submission } from "../../core/record.ts";
import { ConfigError } from "../../domain/errors.ts";
import { visibleLine } from "../../domain/visible.ts";
import { createInspector } from "../../inspection/inspector.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { decideByRules } from "../../policy/decide.ts";
import { readPolicyFile } from "../../policy/read-policy-file.ts";
import { policyContext, policyFilePath } from "../../server/guards.ts";
import type { CommandDeps } from "../command-deps.ts";

export interface PolicyRunDeps extends CommandDeps {
  /** Folder of package.json. */
  readonly root: string;
}

const HELP = `Usage: npm run policy -- check [file]
       npm run policy -- test '{"tool_name":"Bash","input":{"command":"npm test"}}' [options]

check   names every problem of a policy file; without a file, of the one that the server reads
test    says what the policy decides of a call, and by which rule; asks nobody

  --file <file>      another policy file, for test
  --project <path>   where the call comes from: a folder, or a project's name
  --door <door>      mcp (default), hook or rest
  --help             shows this text

Exits with 0 when the file is good, with 1 when it is wrong, with 2 when the command is.
`;

const DOORS = ["mcp", "hook", "rest"] as const;
const callSchema = z.looseObject({
  tool_name: z.string().min(1),
  input: z.record(z.string(), z.unknown()).default({}),
});

/** The command itself is wrong. */
class UsageError extends Error {}

/** Runs the command. @returns the exit code: 0 good, 1 a wrong file, 2 a wrong command. */
export async function runPolicy(deps: PolicyRunDeps): Promise<number> {
  try {
    return await run(deps);
  } catch (error) {
    if (error instanceof ConfigError) deps.err(`${error.problems.join("\n")}\n`);
    else if (error instanceof UsageError || error instanceof TypeError)
      deps.err(`${error.message}\n\n${HELP}`);
    else throw error;
    return 2;
  }
}

async function run(deps: PolicyRunDeps): Promise<number> {
  const { values, positionals } = readArguments(deps.argv);
  const [command, operand, ...others] = positionals;
  if (values.help) {
    deps.out(HELP);
    return 0;
  }
  if (others.length > 0) throw new UsageError(`too much: ${others.join(" ")}`);
  if (command === "check") return check(deps, operand) === undefined ? 1 : 0;
  if (command !== "test")
    throw new UsageError(command === undefined ? "check or test?" : `not a command: ${command}`);
  const submission = readSubmission(deps, operand, values);
  const policy = check(deps, values.file, true);
  if (policy === undefined) return 1;
  deps.out(`${await verdict(deps, policy, submission)}\n`);
  return 0;
}

function readArguments(argv: readonly string[]) {
  const text = { type: "string" } as const;
  const options = { file: text, project: text, door: text, help: { type: "boolean", short: "h" } } as const;
  return parseArgs({ args: [...argv], options, allowPositionals: true });
}

/** Reads the file and says what is wrong with it. @param quiet says nothing of a good one */
function check(deps: PolicyRunDeps, file: string | undefined, quiet = false): CompiledPolicy | undefined {
  const config = parseConfig(deps.env);
  const path = file === undefined ? policyFilePath(config, deps.folder) : resolve(deps.folder, file);
  const read = readPolicyFile(path, policyContext(config, deps));
  const paint = (style: "red" | "green", text: string) =>
    deps.colour ? styleText(style, text, { validateStream: false }) : text;
  switch (read.kind) {
    case "none":
      deps.err(`${paint("red", "✗")} ${path} does not exist\n`);
      return undefined;
    case "bad":
      for (const problem of read.problems) deps.err(`${paint("red", "✗")} ${visibleLine(problem)}\n`);
      return undefined;
    case "good":
      if (!quiet) deps.out(`${paint("green", "✓")} ${path}: ${countText(read.policy)}\n`);
      return read.policy;
  }
}

/** "3 deny, 1 ask, 4 allow; 50 approvals per session" */
export function countText({ deny, ask, allow, allowCommands, maxApprovals }: CompiledPolicy): string {
  const counts = `${deny.length} deny, ${ask.length} ask, ${allow.length + allowCommands.length} allow`;
  return maxApprovals === undefined ? counts : `${counts}; ${maxApprovals} approvals per session`;
}

function readSubmission(
  { folder }: PolicyRunDeps,
  text: string | undefined,
  { project, door = "mcp" }: { readonly project?: string | undefined; readonly door?: string | undefined },
): Submission {
  const isDoor = DOORS.find((each) => each === door);
  if (isDoor === undefined) throw new UsageError(`not a door: ${door}`);
  const place = project ?? folder;
  return {
    call: readCall(text),
    door: isDoor,
    project: basename(place),
    ...(isAbsolute(place) ? { cwd: resolve(place) } : {}),
  };
}

function readCall(text: string | undefined): Submission["call"] {
  if (text === undefined) throw new UsageError("which call?");
  let json: unknown;
  try {
    json = JSON.parse(text === "-" ? readFileSync(0, "utf8") : text);
  } catch {
    throw new UsageError("the call is not valid JSON");
  }
  const parsed = callSchema.safeParse(json);
  if (!parsed.success) throw new UsageError('the call must be {"tool_name":"…","input":{…}}');
  return { toolName: parsed.data.tool_name, input: parsed.data.input };
}

async function verdict(deps: PolicyRunDeps, policy: CompiledPolicy, submission: Submission): Promise<string> {
  const context = policyContext(parseConfig(deps.env), deps);
  const inspector: Inspector = createInspector({ ...context, ownPorts: [] });
  const inspection = await inspector.inspect(submission.call, submission.cwd);
  const decision: PolicyDecision & { readonly rule?: string } = decideByRules(policy, submission);
  const { kind, rule = "no rule is about it" } = decision;
  if (kind === "allow" && needsPerson(submission.call, inspection)) {
    const why =
      inspection.warnings.length > 0 ? `it ${inspection.warnings.join(", ")}` : "it is one for a person";
    return `ask: ${visibleLine(rule)} would allow it, but ${why}`;
  }
  const message = decision.kind === "deny" && decision.message !== undefined ? `\n${decision.message}` : "";
  return `${kind}: ${visibleLine(rule)}${message}`;
}
