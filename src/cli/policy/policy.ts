// `npm run policy`: writes a policy file, checks one, or says what it decides about a call.
import type { CommandContext, CommandInput } from "../command.ts";
import { readConfig } from "../settings.ts";
import { checkFile } from "./check.ts";
import { initFile } from "./init.ts";
import { testCall } from "./test.ts";

export async function policy(input: CommandInput, context: CommandContext): Promise<number> {
  const config = await readConfig(context);
  if (input.verb === "init") return initFile(config, input, context);
  return input.verb === "check" ? checkFile(config, input, context) : testCall(config, input, context);
}
