// Where a command that asks finds its server: this machine's, or the one that APPROVAL_URL names. The token goes nowhere that
// its own place has not named: a project that sets APPROVAL_URL for its programs must get neither the token of .env nor,
// where .env names a server, another server's approvals.
import type { Config } from "../config/config.ts";
import { readEnvFile } from "../config/env-file.ts";
import type { Variables } from "../config/read-variables.ts";
import { ConfigError } from "../domain/errors.ts";
import type { CommandContext } from "./command.ts";
import { type LocalAddress, localAddress } from "./local-client.ts";

const URL_NAME = "APPROVAL_URL";
const TOKEN_NAME = "APPROVAL_TOKEN";
/** Node.js checks no certificate then. */
const UNCHECKED = "NODE_TLS_REJECT_UNAUTHORIZED";

type AddressSource = Pick<CommandContext, "env" | "envFile">;

/** @throws ConfigError where the settings would hand a token, or a decision, to a server that their owner has not named */
export async function serverAddress(
  config: Pick<Config, "host" | "serverPort" | "token" | "serverUrl">,
  { env, envFile }: AddressSource,
): Promise<LocalAddress> {
  // Whoever may not read it cannot have its token either.
  const file = await readEnvFile(envFile).catch(() => ({}));
  const problems = [...sourceProblems(env, file, envFile)];
  if (problems.length > 0) throw new ConfigError(problems);
  const { serverUrl } = config;
  if (serverUrl === undefined) return localAddress(config);
  if (serverUrl.startsWith("https:") && env[UNCHECKED] === "0") {
    throw new ConfigError([
      `${UNCHECKED}: is 0, so that any server could pass for the one of ${URL_NAME}; unset it, and name your own authority's certificate with NODE_EXTRA_CA_CERTS`,
    ]);
  }
  return { url: serverUrl, headers: localAddress(config).headers, isRemote: true };
}

function* sourceProblems(env: Variables, file: Variables, envFile: string): Generator<string> {
  const [given, own] = [env[URL_NAME]?.trim(), file[URL_NAME]?.trim()];
  if (given === undefined) return;
  if (own && given !== own) {
    yield `${URL_NAME}: the environment names another server than ${envFile}; unset it, or change the file`;
  } else if (given !== "" && !own && file[TOKEN_NAME]?.trim() && env[TOKEN_NAME] === undefined) {
    yield `${URL_NAME}: comes from the environment, but the token from ${envFile}, which is not shown to a server that the file does not name; write ${URL_NAME} into the file, or set ${TOKEN_NAME} beside it`;
  }
}
