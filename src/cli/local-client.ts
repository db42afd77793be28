// How a command on this machine reaches the running server, and what to say when it cannot.

import type { Config } from "../config/config.ts";
import { ConfigError } from "../domain/errors.ts";
import { ownCommand } from "../domain/own-command.ts";
import { cutEnd, visibleLine } from "../domain/visible.ts";
import { urlHost } from "../server/listener.ts";
import { UsageError } from "./command.ts";
import { remoteFailure } from "./remote-failure.ts";

export interface LocalAddress {
  /** `http://127.0.0.1:8000` */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Named by APPROVAL_URL: nothing that is to be said of it is about this machine. */
  readonly isRemote?: boolean | undefined;
}

/** Why a call to the server failed, and what to do. */
export interface LocalFailure {
  readonly message: string;
  readonly advice: string;
}

/** The running server cannot be asked, or refuses. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly advice: string | undefined;
  constructor(message: string, advice?: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}

/** Whatever listens at the port may have written the text: shown, but not at any length. */
const MAX_CAUSE_LENGTH = 300;

export function localAddress({
  host,
  serverPort,
  token,
}: Pick<Config, "host" | "serverPort" | "token">): LocalAddress {
  return {
    url: `http://${urlHost(host)}:${serverPort}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  };
}

/** The header that names the caller's folder; none for a path that no header can hold. */
export function projectHeader(folder: string): Readonly<Record<string, string>> {
  // Header bytes are Latin-1; the path's UTF-8 goes through them, see doors/project.ts.
  return /\p{Cc}/u.test(folder) ? {} : { "X-Approval-Project": Buffer.from(folder).toString("latin1") };
}

/** Like `fetch`, for addresses that get a token: a redirect is an error, so that the token goes nowhere else. */
export const stayingFetch: typeof fetch = (input, init) => fetch(input, { ...init, redirect: "error" });

/** @param address what was called. Default: this machine's server */
export function localFailure(error: unknown, address?: LocalAddress): LocalFailure {
  if (address?.isRemote) return remoteFailure(error, address.url);
  const text = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
  if (/ECONNREFUSED|fetch failed/.test(text)) {
    // Where it was looked for: another SERVER_PORT in another shell is told at once.
    const place = /ECONNREFUSED ([\d.a-f:[\]]+:\d+)/.exec(text)?.[1];
    return {
      message: `The approval server is not running${place === undefined ? "" : ` at ${place}`}.`,
      advice: `Start it with: ${ownCommand("start")}`,
    };
  }
  if (/401|unauthorized/i.test(text)) {
    const advice = "set APPROVAL_TOKEN as the server has it.";
    return { message: "The approval server wants its token:", advice };
  }
  const shown = visibleLine(text.trim());
  const cause = shown.slice(0, cutEnd(shown, MAX_CAUSE_LENGTH));
  return { message: `The call of the approval server failed: ${cause}`, advice: "Look at its log." };
}

/** Calls the server. @throws ServerError that says what to do; what is the caller's own mistake stays what it is */
export async function callServer<T>(work: () => Promise<T>, address?: LocalAddress): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isExplained = [ServerError, ConfigError, UsageError].some((kind) => error instanceof kind);
    if (isExplained) throw error;
    const { message, advice } = localFailure(error, address);
    throw new ServerError(message, advice, { cause: error });
  }
}
