// `npm run policy -- check`: names every problem of a policy file. Changes nothing.
import { resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import { ConfigError } from "../../domain/errors.ts";
import { visibleLine } from "../../domain/visible.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { readPolicyFile } from "../../policy/read-policy-file.ts";
import { policyContext, policyFilePath } from "../../server/guards.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import { createPaint } from "../paint.ts";
import { shortOfPeople } from "./short-of-people.ts";

export async function checkFile(
  config: Config,
  { args, options }: CommandInput,
  context: CommandContext,
): Promise<number> {
  const { path, policy, problems } = readPolicy(config, args[0], context);
  const short = policy === undefined ? undefined : await shortOrWhyUnknown(config, policy, context);
  const warnings = short === undefined ? [] : [short];
  if (options["json"])
    context.out(
      `${JSON.stringify({ ok: policy !== undefined, path, problems, ...(short === undefined ? {} : { warnings }) })}\n`,
    );
  else if (policy === undefined) sayProblems(problems, context, path);
  else context.out(`${createPaint(context.colours.out)("green", "✓")} ${path}: ${countText(policy)}\n`);
  if (!options["json"])
    for (const warning of warnings)
      context.err(`${createPaint(context.colours.err)("red", "!")} ${warning}\n`);
  return policy === undefined ? EXIT.failed : EXIT.ok;
}

/** A good file is good whoever is there: that too few are is said beside it. */
async function shortOrWhyUnknown(
  config: Config,
  policy: CompiledPolicy,
  context: CommandContext,
): Promise<string | undefined> {
  try {
    return await shortOfPeople(config, policy, context);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return `whether enough people are there is not known: ${visibleLine(error.problems.join("; "))}`;
  }
}

interface ReadPolicy {
  readonly path: string;
  /** Absent when the file is wrong or not there. */
  readonly policy?: CompiledPolicy | undefined;
  readonly problems: readonly string[];
}

/** @param file default: the one that the server reads */
export function readPolicy(
  config: Config,
  file: string | undefined,
  { home, current, root }: CommandContext,
): ReadPolicy {
  const path = file === undefined ? policyFilePath(config, home.folder) : resolve(current, file);
  const read = readPolicyFile(path, policyContext(config, { home, root }));
  if (read.kind === "good") return { path, policy: read.policy, problems: [] };
  const isOptional = file === undefined && config.policyPath === undefined;
  const none = `${path} does not exist${isOptional ? ": without one, everything asks" : ""}`;
  return { path, problems: read.kind === "none" ? [none] : read.problems.map(visibleLine) };
}

/** @param path the file that has them; a problem that begins with its name does not get it twice */
export function sayProblems(
  problems: readonly string[],
  { err, colours }: CommandContext,
  path?: string,
): void {
  const cross = createPaint(colours.err)("red", "✗");
  for (const problem of problems)
    err(`${cross} ${path === undefined || problem.startsWith(path) ? "" : `${path}: `}${problem}\n`);
}

/** "3 deny, 1 ask, 4 allow; 50 approvals per session" */
export function countText({ deny, ask, allow, allowCommands, maxApprovals, quorum }: CompiledPolicy): string {
  const counts = `${deny.length} deny, ${ask.length} ask, ${allow.length + allowCommands.length} allow`;
  const cap = maxApprovals === undefined ? [] : [`${maxApprovals} approvals per session`];
  const people = quorum === undefined ? [] : [`${quorum} people for what carries a warning`];
  return [counts, ...cap, ...people].join("; ");
}
