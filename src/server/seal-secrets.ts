// What the event log's head is sealed with: the account's token, which the simulated phone has none of.
import type { Config } from "../config/config.ts";

/** @returns none with the simulated phone: its token lasts for one run */
export function sealSecrets({ phone }: Pick<Config, "phone">): readonly string[] {
  if (phone.kind !== "twilio") return [];
  const { authToken, authTokenSecondary } = phone.twilio;
  return [authToken, ...(authTokenSecondary === undefined ? [] : [authTokenSecondary])];
}
