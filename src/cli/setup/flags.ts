// What setup was told on its command line.
import type { ChannelName } from "../../domain/channel.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { type GivenSecrets, readSecrets } from "./secret-flags.ts";

export interface SetupFlags extends GivenSecrets {
  readonly yes: boolean;
  readonly json: boolean;
  readonly isTested: boolean;
  readonly channel?: ChannelName | undefined;
  /** Whose chat is bound. */
  readonly as?: string | undefined;
  readonly accountSid?: string | undefined;
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
  return {
    ...(await readSecrets(options, stdin, current ?? folder)),
    yes: options["yes"] === true,
    json: options["json"] === true,
    isTested: choice("test") ?? true,
    // Its choices are checked where the command line is read.
    channel: word("channel") as ChannelName | undefined,
    as: word("as"),
    accountSid: word("accountSid"),
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
