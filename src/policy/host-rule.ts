// `WebFetch(domain:example.com)` and `WebFetch(domain:*.example.com)`, which is every name below it.
import { parsedUrl } from "../domain/parsed-url.ts";
import type { Matcher, Reading } from "./reading.ts";
import { matchesText } from "./wildcard.ts";

const DOMAIN = /^domain:(\*\.)?([a-z0-9*-]+\.)*[a-z0-9*-]+$/i;

/** @returns the matcher, or what is wrong with the rule */
export function hostMatcher(specifier: string, reading: Reading): Matcher | string {
  if (!DOMAIN.test(specifier)) return "is not of the form WebFetch(domain:example.com)";
  const pattern = specifier.slice("domain:".length).toLowerCase();
  return ({ call }) => {
    const { url } = call.input;
    if (call.toolName !== "WebFetch" || typeof url !== "string") return false;
    const text = /^[a-z][a-z0-9+.-]*:/i.test(url.trim()) || reading === "narrow" ? url : `https://${url}`;
    const parsed = parsedUrl(text);
    if (parsed === undefined) return false;
    const { protocol, hostname, port, username, password } = parsed;
    if (reading === "wide") return matchesText(pattern, hostname.replace(/\.$/, ""));
    const isPlain = /^https?:$/.test(protocol) && port === "" && username === "" && password === "";
    return isPlain && text === text.trim() && matchesText(pattern, hostname);
  };
}
