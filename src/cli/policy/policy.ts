// `npm run policy`: writes a policy file, drafts or checks one, or says what it decides about a call.
import type { CommandContext, CommandInput } from "../command.ts";
import { readConfig } from "../settings.ts";
import { checkFile } from "./check.ts";
import { initFile } from "./init.ts";
import { testCall } from "./test.ts";

export async function policy(input: CommandInput, context: CommandContext): Promise<number> {
  const config = await readConfig(context);
  if (input.verb === "init") return initFile(config, input, context);
  // Loaded only here: the record's driver is large.
  if (input.verb === "propose") return (await import("./propose.ts")).proposeFile(config, input, context);
  return input.verb === "check" ? checkFile(config, input, context) : testCall(config, input, context);
}
