// What rows of the database are sealed with: the auth token of the phone's account, or, for the simulated phone, a key in a file.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Config } from "../config/config.ts";
import { COMPANION } from "../domain/companions.ts";
import { ConfigError } from "../domain/errors.ts";

/** Asked for where a room is opened that keeps sealed rows. @throws ConfigError as `rowSecrets` does */
export type SealSecrets = () => readonly string[];

/**
 * The first one seals. The simulated phone's own account changes with each start, and is no security boundary: for it the key lies
 * beside the database.
 * @param authTokens of the phone's account
 * @param mayMake whether the simulated phone's key is made where there is none
 * @throws ConfigError when that key can neither be read nor made
 */
export function rowSecrets(
  { simulation, databasePath }: Pick<Config, "simulation" | "databasePath">,
  authTokens: readonly string[],
  mayMake = true,
): readonly string[] {
  if (simulation === undefined) return authTokens;
  // Its name since only parked requests were sealed with it.
  const path = databasePath + COMPANION.parkedKey;
  try {
    if (mayMake && !existsSync(path))
      writeFileSync(path, randomBytes(32).toString("hex"), { mode: 0o600, flag: "wx" });
    return existsSync(path) ? [readFileSync(path, "utf8").trim()] : [];
  } catch (error) {
    throw new ConfigError([`APPROVAL_DB: ${path} can neither be read nor made: ${String(error)}`]);
  }
}

/** What the event log's head is sealed with. @returns none with the simulated phone, whose token lasts for one run */
export function sealSecrets({
  phone,
  pairedAccounts,
}: Pick<Config, "phone" | "pairedAccounts">): readonly string[] {
  if (phone.kind === "none") return [...pairedAccounts.values()].map(({ secret }) => secret);
  if (phone.kind !== "twilio") return [];
  const { authToken, authTokenSecondary } = phone.twilio;
  return [authToken, ...(authTokenSecondary === undefined ? [] : [authTokenSecondary])];
}
