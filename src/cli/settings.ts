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

/**
 * For commands that call the server: whoever may not read its .env can set what is needed in the environment.
 * @throws ConfigError where the token of .env would go to a place that .env does not name: a project may set variables, too
 */
export async function readClientSettings({ env, envFile }: Source): Promise<Variables> {
  const file: Variables = await readEnvFile(envFile).catch(() => ({}));
  const problems = [...placeProblems(env, file, envFile)];
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...file, ...env };
}

/** Where a token goes, and what counts there without a value. */
const PLACES = { HOST: "127.0.0.1", SERVER_PORT: "8000" } as const;
/** The same machine, whichever of its names the server listens on. */
const THIS_MACHINE = /^(localhost|127\.0\.0\.1|0\.0\.0\.0|::1?)$/;

function* placeProblems(env: Variables, file: Variables, envFile: string): Generator<string> {
  if (!file["APPROVAL_TOKEN"]?.trim() || env["APPROVAL_TOKEN"] !== undefined) return;
  for (const [name, otherwise] of Object.entries(PLACES)) {
    const place = (variables: Variables) => {
      const value = variables[name]?.trim() || otherwise;
      return THIS_MACHINE.test(value) ? otherwise : value;
    };
    if (env[name] === undefined || place(env) === place(file)) continue;
    yield `${name}: the environment names another place than ${envFile}, whose token is not shown there; write ${name} into the file, or set APPROVAL_TOKEN beside it`;
  }
}

/** For the same commands, read whole: the database is the one of the settings' folder. @throws ConfigError with everything that is wrong */
export async function readClientConfig(source: Source & Pick<CommandContext, "home">): Promise<Config> {
  return parseConfig(await readClientSettings(source), source.home);
}

/** @throws ConfigError with everything that is wrong */
export async function readConfig(source: Source & Pick<CommandContext, "home">): Promise<Config> {
  return parseConfig(await readSettings(source), source.home);
}
