// The settings as the service will have them: those of .env. What is set in this shell does not reach it.
import { type Config, parseConfig } from "../../config/config.ts";
import { VARIABLE_NAMES } from "../../config/environment.ts";
import { ConfigError } from "../../domain/errors.ts";
import type { CommandContext } from "../command.ts";
import { readSettings } from "../settings.ts";

type ServiceSource = Pick<CommandContext, "env" | "envFile" | "home">;

/** @throws ConfigError with everything that is wrong: such a service would end at once */
export async function serviceConfig({ envFile, home }: ServiceSource): Promise<Config> {
  const config = parseConfig(await readSettings({ env: {}, envFile }), home);
  if (config.serverPort === 0) throw new ConfigError(["SERVER_PORT: must be a fixed port for the service"]);
  return config;
}

/** Names of settings that hold in this shell and not for the service. */
export async function shellOnly({ env, envFile }: ServiceSource): Promise<readonly string[]> {
  const inFile = await readSettings({ env: {}, envFile });
  return VARIABLE_NAMES.filter((name) => {
    const value = env[name]?.trim();
    return value !== undefined && value !== "" && value !== inFile[name]?.trim();
  });
}
