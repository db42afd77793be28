// `npm run policy -- init`: writes one of the ready policies to where the server reads it. What is there already is replaced only
// with --force, and a link never: it may lead to any file of this user.
import { lstat, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Config } from "../../config/config.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { compilePolicy } from "../../policy/compile.ts";
import { READY_POLICIES, type ReadyName } from "../../policy/ready-policies.ts";
import { policyContext, policyFilePath } from "../../server/guards.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import { createPaint } from "../paint.ts";
import { countText, sayProblems } from "./check.ts";

const OWNER_ONLY = 0o600;
const FOLDER_OWNER_ONLY = 0o700;

export async function initFile(
  config: Config,
  { args, options }: CommandInput,
  context: CommandContext,
): Promise<number> {
  // The table of commands lets no other through.
  const { summary, policy } = READY_POLICIES[args[0] as ReadyName];
  const text = `${JSON.stringify(policy, null, 2)}\n`;
  if (options["print"]) {
    context.out(text);
    return EXIT.ok;
  }
  const path = policyFilePath(config, context.home.folder);
  const compiled = compilePolicy(text, policyContext(config, context));
  if (!compiled.ok) {
    sayProblems(compiled.problems, context);
    return EXIT.failed;
  }
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_OWNER_ONLY });
  const problem = await write(path, text, options["force"] === true);
  if (problem !== undefined) {
    sayProblems([`${path} ${problem}: it was not touched`], context);
    return EXIT.failed;
  }
  const mark = createPaint(context.colours.out)("green", "✓");
  context.out(
    `${mark} ${path}: ${countText(compiled.policy)}\n  ${args[0]}: ${summary}.\n  A running server goes by it at once. Read it, and change it: ${ownCommand("policy check")}\n`,
  );
  return EXIT.ok;
}

/** @returns why what is there must stay */
async function write(path: string, text: string, isForced: boolean): Promise<string | undefined> {
  const there = await lstat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) return "is no plain file";
  if (isForced) {
    await writeFileAtomic(path, text, { mode: OWNER_ONLY });
    return undefined;
  }
  try {
    await writeFile(path, text, { flag: "wx", mode: OWNER_ONLY });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return "is there already, and --force was not given";
  }
}
