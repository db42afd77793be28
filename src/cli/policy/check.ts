// `npm run policy -- check`: names every problem of a policy file. Changes nothing.
import { resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import { visibleLine } from "../../domain/visible.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { readPolicyFile } from "../../policy/read-policy-file.ts";
import { policyContext, policyFilePath } from "../../server/guards.ts";
import type { CommandContext } from "../command.ts";
import { EXIT } from "../exit.ts";
import { createPaint } from "../paint.ts";

export function checkFile(config: Config, file: string | undefined, context: CommandContext): number {
  const read = readPolicy(config, file, context);
  if (read === undefined) return EXIT.failed;
  context.out(`${createPaint(context.colours.out)("green", "✓")} ${read.path}: ${countText(read.policy)}\n`);
  return EXIT.ok;
}

interface ReadPolicy {
  readonly path: string;
  readonly policy: CompiledPolicy;
}

/**
 * Reads a policy file, and says what is wrong with it.
 * @param file default: the one that the server reads
 * @returns undefined when the file is wrong or not there
 */
export function readPolicy(
  config: Config,
  file: string | undefined,
  { home, current, root, err, colours }: CommandContext,
): ReadPolicy | undefined {
  const path = file === undefined ? policyFilePath(config, home.folder) : resolve(current, file);
  const read = readPolicyFile(path, policyContext(config, { home, root }));
  if (read.kind === "good") return { path, policy: read.policy };
  const problems = read.kind === "none" ? [`${path} does not exist`] : read.problems.map(visibleLine);
  const cross = createPaint(colours.err)("red", "✗");
  for (const problem of problems) err(`${cross} ${problem}\n`);
  return undefined;
}

/** "3 deny, 1 ask, 4 allow; 50 approvals per session" */
export function countText({ deny, ask, allow, allowCommands, maxApprovals }: CompiledPolicy): string {
  const counts = `${deny.length} deny, ${ask.length} ask, ${allow.length + allowCommands.length} allow`;
  return maxApprovals === undefined ? counts : `${counts}; ${maxApprovals} approvals per session`;
}
