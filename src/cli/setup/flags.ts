// What setup was told on its command line, and what a script has to tell it. No secret is ever an argument: other users of the
// machine can read those of a running program.
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { withDeadline } from "../../core/timing.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import type { AnswerKey } from "./asker.ts";
import { type Draft, settingOf } from "./draft.ts";
import { GIVEN_BY } from "./script-asker.ts";

export interface SetupFlags {
  readonly yes: boolean;
  readonly json: boolean;
  readonly isTested: boolean;
  readonly accountSid?: string | undefined;
  readonly authToken?: string | undefined;
  readonly from?: string | undefined;
  readonly phone?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly ngrokDomain?: string | undefined;
  readonly joinWords?: string | undefined;
  /** Absent: it is asked. */
  readonly hooks?: boolean | undefined;
  readonly mcp?: boolean | undefined;
  readonly service?: boolean | undefined;
  /** How long to wait for the phone, each time. */
  readonly waitMs: number;
}

const DEFAULT_WAIT_SECONDS = 300;
const MAX_WAIT_SECONDS = 3_600;
/** A token file holds a token, and nothing that would have to be read for long. Characters. */
const MAX_SECRET_LENGTH = 4_096;
/** A pipe that stays open must not hold a script for ever, ms. */
const READ_LIMIT_MS = 30_000;

/** @throws UsageError for a value that cannot be; nothing has been done by then */
export async function readFlags(
  { options }: CommandInput,
  { stdin, current, folder }: Pick<CommandContext, "stdin" | "folder"> & { readonly current?: string },
): Promise<SetupFlags> {
  const word = (name: string) => {
    const value = options[name];
    if (value === undefined) return undefined;
    if (typeof value !== "string" || value.trim() === "")
      throw new UsageError(`--${kebab(name)} has no value.`);
    return value.trim();
  };
  // commander makes --no-hooks the value false of "hooks"; what is not given is not there.
  const choice = (name: string) => {
    const value: unknown = options[name];
    return typeof value === "boolean" ? value : undefined;
  };
  const isStdin = options["authTokenStdin"] === true;
  if (isStdin && "isTTY" in stdin && stdin.isTTY === true) {
    throw new UsageError(
      "--auth-token-stdin reads from a pipe or a file; at a terminal setup asks for the token, unseen.",
    );
  }
  const authToken = isStdin
    ? await readSecret(stdin, "standard input")
    : await readTokenFile(word("authTokenFile"), current ?? folder);
  return {
    yes: options["yes"] === true,
    json: options["json"] === true,
    isTested: choice("test") ?? true,
    accountSid: word("accountSid"),
    authToken,
    from: word("from"),
    phone: word("phone"),
    publicUrl: word("publicUrl"),
    ngrokDomain: word("ngrokDomain"),
    joinWords: word("joinWords"),
    hooks: choice("hooks"),
    mcp: choice("mcp"),
    service: choice("service"),
    waitMs: waitMs(word("wait")),
  };
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function waitMs(given: string | undefined): number {
  const seconds = given === undefined ? DEFAULT_WAIT_SECONDS : Number(given);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_WAIT_SECONDS) return seconds * 1_000;
  throw new UsageError(`--wait must be a whole number of seconds, 1 to ${MAX_WAIT_SECONDS}.`);
}

async function readTokenFile(file: string | undefined, folder: string): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const path = resolve(folder, file);
  return readSecret(createReadStream(path, "utf8"), path);
}

/** Its content is never part of an error. */
async function readSecret(stream: Readable, where: string): Promise<string> {
  const read = () => withDeadline(READ_LIMIT_MS, () => beginning(stream));
  const content = await read().catch((error: NodeJS.ErrnoException) => {
    stream.destroy();
    throw new UsageError(`The auth token cannot be read from ${where} (${error.code ?? "it failed"}).`);
  });
  const token = content.trim();
  if (token === "") throw new UsageError(`There is no auth token in ${where}.`);
  if (content.length > MAX_SECRET_LENGTH) throw new UsageError(`${where} is too long for an auth token.`);
  return token;
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

/** What a script has not given and setup cannot do without, each with how to give it. */
export function missingAnswers(draft: Draft, flags: SetupFlags): string[] {
  const needed: readonly (readonly [key: AnswerKey, name: string, value: string | undefined])[] = [
    ["account-sid", "the account SID", flags.accountSid ?? settingOf(draft, "TWILIO_ACCOUNT_SID")],
    ["auth-token", "the auth token", flags.authToken ?? settingOf(draft, "TWILIO_AUTH_TOKEN")],
    ["phone", "the phone that approves", flags.phone ?? settingOf(draft, "APPROVAL_PHONE")],
    ...(flags.ngrokDomain === undefined
      ? []
      : ([["ngrok-token", "the ngrok authtoken", settingOf(draft, "NGROK_AUTHTOKEN")]] as const)),
  ];
  return needed.flatMap(([key, name, value]) => (value === undefined ? [`${name}: ${GIVEN_BY[key]}`] : []));
}
