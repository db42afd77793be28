// The settings of a command: the real environment, and .env where that says nothing. Never those of another folder.
import { type Config, parseConfig } from "../config/config.ts";
import { readEnvFile } from "../config/env-file.ts";
import type { Variables } from "../config/read-variables.ts";
import { ConfigError } from "../domain/errors.ts";
import type { CommandContext } from "./command.ts";

type Source = Pick<CommandContext, "env" | "envFile">;

/** @throws ConfigError when there is a .env that cannot be read */
export async function readSettings({ env, envFile }: Source): Promise<Variables> {
  try {
    return { ...(await readEnvFile(envFile)), ...env };
  } catch (error) {
    throw new ConfigError([
      `${envFile} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

/** For commands that call the server: whoever may not read its .env can set what is needed in the environment. */
export async function readClientSettings(source: Source): Promise<Variables> {
  return readSettings(source).catch(() => source.env);
}

/** For the same commands, read whole: the database is the one of the settings' folder. @throws ConfigError with everything that is wrong */
export async function readClientConfig(source: Source & Pick<CommandContext, "home">): Promise<Config> {
  return parseConfig(await readClientSettings(source), source.home);
}

/** @throws ConfigError with everything that is wrong */
export async function readConfig(source: Source & Pick<CommandContext, "home">): Promise<Config> {
  return parseConfig(await readSettings(source), source.home);
}
