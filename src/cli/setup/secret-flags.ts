// The secrets that setup is given by a file or standard input. Other users of the machine can read the arguments of a running program:
// no secret is one.
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { withDeadline } from "../../core/timing.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";

export interface GivenSecrets {
  readonly authToken?: string | undefined;
  readonly agentKey?: string | undefined;
  readonly botToken?: string | undefined;
}

/** `flag` without `-stdin` or `-file`. */
const SECRETS = [
  { key: "authToken", flag: "auth-token", title: "auth token", short: "token" },
  { key: "agentKey", flag: "agent-key", title: "agent's key", short: "key" },
  { key: "botToken", flag: "bot-token", title: "bot's token", short: "token" },
] as const;

/** A token file holds a token, and nothing that would have to be read for long. Characters. */
const MAX_SECRET_LENGTH = 4_096;
/** A pipe that stays open must not hold a script for ever, ms. */
const READ_LIMIT_MS = 30_000;

/** @param folder where relative paths start @throws UsageError, which never holds what was read */
export async function readSecrets(
  options: CommandInput["options"],
  stdin: CommandContext["stdin"],
  folder: string,
): Promise<GivenSecrets> {
  const fromStdin = SECRETS.filter(({ key }) => options[`${key}Stdin`] === true);
  if (fromStdin.length > 1)
    throw new UsageError(`${fromStdin.map(({ flag }) => `--${flag}-stdin`).join(" and ")}: only one can be.`);
  const found: [string, string][] = [];
  for (const { key, flag, title, short } of SECRETS) {
    const file = options[`${key}File`];
    if (options[`${key}Stdin`] === true) {
      if ("isTTY" in stdin && stdin.isTTY === true) {
        throw new UsageError(
          `--${flag}-stdin reads from a pipe or a file; at a terminal setup asks for the ${short}, unseen.`,
        );
      }
      found.push([key, await readSecret(stdin, "standard input", title)]);
    } else if (typeof file === "string") {
      if (file.trim() === "") throw new UsageError(`--${flag}-file has no value.`);
      const path = resolve(folder, file.trim());
      found.push([key, await readSecret(createReadStream(path, "utf8"), path, title)]);
    }
  }
  return Object.fromEntries(found);
}

/** Its content is never part of an error. */
async function readSecret(stream: Readable, where: string, title: string): Promise<string> {
  const read = () => withDeadline(READ_LIMIT_MS, () => beginning(stream));
  const content = await read().catch((error: NodeJS.ErrnoException) => {
    stream.destroy();
    const why = error.code === "ENOENT" ? "there is no such file" : (error.code ?? "it failed");
    throw new UsageError(`The ${title} cannot be read from ${where} (${why}).`);
  });
  const secret = content.trim();
  const named = title === "auth token" || title === "agent's key" ? `an ${title}` : `a ${title}`;
  if (secret === "") throw new UsageError(`There is no ${title} in ${where}.`);
  if (content.length > MAX_SECRET_LENGTH) throw new UsageError(`${where} is too long for ${named}.`);
  return secret;
}

/** All of it, or enough to know that it is too long. */
async function beginning(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.length > MAX_SECRET_LENGTH) break;
  }
  return text;
}
