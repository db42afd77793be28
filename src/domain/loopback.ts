// By which name a server on this machine may be called, and from pages of which host: a name that was pointed at this machine
// behind a browser's back (DNS rebinding) is no name of it. Says what the MCP SDK's validation says, by test, but for what is no name
// at all; that one brings the whole SDK, and this is asked of the first request and of each.
import { parsedUrl } from "./parsed-url.ts";

/** The names of this machine, as `URL` writes them. */
export const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

const NO_NAME = /[/?#@\\\s]/;

/** @param host the `Host` header. @param names without ports. @returns what is wrong with it; undefined where it may call */
export function hostProblem(host: string | undefined, names: readonly string[]): string | undefined {
  if (host === undefined || host === "") return "Missing Host header";
  // Of "127.0.0.1/evil.example" a URL takes the first part, and a proxy may take all of it.
  const found = NO_NAME.test(host) ? undefined : hostnameOf(`http://${host}`);
  if (found === undefined) return `Invalid Host header: ${host}`;
  return names.includes(found) ? undefined : `Invalid Host: ${found}`;
}

/**
 * Programs send no `Origin`. A page without one of its own sends `null`, which is none of these.
 * @param origin the `Origin` header. @param names of hosts, without ports
 */
export function originProblem(origin: string | undefined, names: readonly string[]): string | undefined {
  if (origin === undefined || origin === "") return undefined;
  const found = hostnameOf(origin);
  if (found === undefined || found === "") return `Invalid Origin header: ${origin}`;
  return names.includes(found) ? undefined : `Invalid Origin: ${found}`;
}

/** The answer to what is refused: JSON-RPC's form, which MCP clients read. Status 403. */
export function refusedCaller(problem: string): object {
  return { jsonrpc: "2.0", error: { code: -32_000, message: problem }, id: null };
}

function hostnameOf(address: string): string | undefined {
  return parsedUrl(address)?.hostname;
}
