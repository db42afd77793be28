// Where the Agent Platform is, and what a connection to it that failed says of itself.

import { ConfigError } from "../../../domain/errors.ts";
import { LOOPBACK_NAMES } from "../../../domain/loopback.ts";
import { parsedUrl } from "../../../domain/parsed-url.ts";

/** Over an open line the key could be read on the way. @throws ConfigError */
export function originOf(baseUrl: string): string {
  const { origin, protocol, hostname } = parsedUrl(baseUrl) ?? NO_URL;
  if (protocol === "https:" || (protocol === "http:" && LOOPBACK_NAMES.includes(hostname))) return origin;
  throw new ConfigError(["WHATSAPP_AGENT_BASE_URL must begin with https:// (http:// only to this computer)"]);
}

const NO_URL = { origin: "", protocol: "", hostname: "" };

/** Node's code of a connection that failed; never its message, which may quote what was sent. */
export function connectionCode(error: unknown): string {
  for (let each = error, depth = 0; depth < 3; depth += 1) {
    const { code, cause } = (typeof each === "object" && each !== null ? each : {}) as Record<
      string,
      unknown
    >;
    if (typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
    each = cause;
  }
  return "UNKNOWN";
}
