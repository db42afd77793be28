// Where the person reads what `pair` says: a terminal, or the code is not made at all.
import type { PairedChannel } from "../../domain/channel.ts";
import type { CommandContext } from "../command.ts";
import { ServerError } from "../local-client.ts";

interface Screen {
  /** Lines that a person reads as they come. */
  say(line: string): void;
}

/** What is to be bound. */
export interface WantedPair {
  readonly channel: PairedChannel;
  /** As it was named; undefined: whoever goes without saying. */
  readonly person: string | undefined;
  readonly screen: Screen;
}

/** @throws ServerError where nobody reads it: what a program reads ends up in a file, or with whoever has started it */
export function screenOf({ stdout, isTerminal, out, err }: CommandContext, isJson: boolean): Screen {
  const isRead = isJson ? isTerminal : "isTTY" in stdout && stdout.isTTY === true;
  if (!isRead)
    throw new ServerError(
      "The code is shown on a terminal only, and this is none. Nobody was asked.",
      "Run it by hand in a terminal, without a pipe.",
    );
  const write = isJson ? err : out;
  return { say: (line) => write(`${line}\n`) };
}
