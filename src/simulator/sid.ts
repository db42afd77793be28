// Twilio's identifiers: two letters for the kind, then 32 hexadecimal digits.
import { randomBytes } from "node:crypto";

/** A new random SID of the given kind. */
export function newSid(prefix: "SM" | "HX" | "XE"): string {
  return `${prefix}${randomBytes(16).toString("hex")}`;
}
