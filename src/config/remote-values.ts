// Settings about other machines: under which names a proxy calls this server, which web pages may, and where a server is that
// is not here. Exact, so that nothing is let in, or shown a token, that nobody has named.

import { z } from "zod";
import { parsedUrl } from "../domain/parsed-url.ts";

const MAX_ENTRIES = 50;
const LABELS =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** What reaches nothing but this machine. @param hostname as `URL` has it */
export function isLoopbackName(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

const list = (text: string) => text.split(",").map((entry) => entry.trim());

export const hostList = z
  .string()
  .transform((text) => list(text.toLowerCase()))
  .refine((names) => names.length <= MAX_ENTRIES && names.every((name) => LABELS.test(name)), {
    error: "must be host names, separated by commas, without scheme, port, path or *: approvals.example.com",
  });

export const originList = z
  .string()
  .transform(list)
  .refine((origins) => origins.length <= MAX_ENTRIES && origins.every(isOrigin), {
    error:
      "must be origins as browsers send them, separated by commas: https://app.example.com, with its port where it has one, no path, no *, not null; http for this machine only (http://localhost:5173)",
  });

function isOrigin(text: string): boolean {
  const url = parsedUrl(text);
  if (url === undefined || url.origin !== text || text.includes("*")) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopbackName(url.hostname));
}

/** Without a slash at its end: a route is put behind it. */
export const serverUrl = z
  .string()
  .refine(isServerUrl, {
    error:
      "must be https://host, with its port where it has one, without user, query or #; http for this machine only: a token would be readable on the way",
  })
  // The address of the MCP endpoint itself is what people copy.
  .transform((text) => new URL(text).href.replace(/\/+(?:mcp\/*|sse\/*)?$/, ""));

function isServerUrl(text: string): boolean {
  const url = parsedUrl(text);
  if (url === undefined || url.port === "0" || /[?#\s\\]/.test(text)) return false;
  if (url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopbackName(url.hostname));
}
