// How a script on this machine reaches the running server, and what to say when it cannot.
import type { Config } from "./config.ts";
import { ConfigError } from "./domain/errors.ts";

export interface LocalAddress {
  /** `http://127.0.0.1:8000` */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

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

/** A host as it stands in an address: IPv6 in brackets. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** What to do about an error of a call to the server, in one line. */
export function explainLocalError(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.join("\n");
  const text = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
  if (/ECONNREFUSED|fetch failed/.test(text))
    return "The approval server is not running. Start it with: npm start";
  if (/401|unauthorized/i.test(text)) {
    return "The approval server wants its token: set APPROVAL_TOKEN as the server has it.";
  }
  return `The call failed: ${text.trim()}`;
}
