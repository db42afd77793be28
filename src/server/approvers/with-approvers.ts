// The people of the file that APPROVERS names, put into the configuration. Whoever can write that file makes approvers: one that others
// can write is refused, as policy.json is.
import type { Config } from "../../config/config.ts";
import { withSimulatedPhone } from "../../config/simulation.ts";
import { ConfigError } from "../../domain/errors.ts";
import { readOwnFile } from "../../policy/own-file.ts";
import { type ReadApprovers, readApprovers } from "./read-approvers.ts";

/** Bytes; it is written by hand. */
const MAX_SIZE = 256 * 1024;

/** @returns undefined where there is no such file. Never throws */
export function readApproversFile(
  path: string,
  { channels }: Pick<Config, "channels">,
): ReadApprovers | undefined {
  const file = readOwnFile(path, { maxSize: MAX_SIZE, mend: "chmod go-w" });
  if (file.kind === "none") return undefined;
  return file.kind === "bad" ? { ok: false, problems: [file.problem] } : readApprovers(file.text, channels);
}

/** The same configuration where no file is named. @throws ConfigError with everything that is wrong with the file */
export function withApprovers(config: Config): Config {
  const { approversPath: path } = config;
  if (path === undefined) return config;
  const read = readApproversFile(path, config);
  if (read === undefined) throw new ConfigError([`APPROVERS: ${path} does not exist`]);
  if (!read.ok) throw new ConfigError(read.problems.map((problem) => `APPROVERS: ${path}: ${problem}`));
  const { people: named, userIds } = read;
  const people = withSimulatedPhone(named, config.simulation);
  return { ...config, people, userIds, approvers: named.flatMap(({ addresses }) => addresses) };
}
