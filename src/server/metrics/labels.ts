// Error codes as labels: those that the server knows, and one word for each of the rest, so that their number is bounded.
import { ADVICE_BY_CODE } from "../../channels/twilio/error-codes.ts";

/** @returns `none` where the error has no code: the network, a limit of this server */
export function codeLabel(code: number | undefined): string {
  if (code === undefined) return "none";
  return ADVICE_BY_CODE.has(code) ? String(code) : "other";
}
