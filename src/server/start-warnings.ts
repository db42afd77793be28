// What is wrong with the settings file and the environment without keeping the server from starting. Never a value.
import { readFile } from "node:fs/promises";
import { closeFileCommand, type EnvFileAccess, envFileAccess } from "../config/env-file-access.ts";
import type { Home } from "../config/home.ts";
import type { Variables } from "../config/read-variables.ts";
import { settingFindingText } from "../config/setting-findings.ts";
import { findingsInEnvironment, findingsInFile, namesInFile } from "../config/setting-names.ts";

/** More would hide the rest of what the start says. */
const MAX_FINDINGS = 10;

/** Misspelt and misplaced settings, one sentence each. @param env the real environment, before the file was added to it */
export async function settingWarnings({ envFile }: Pick<Home, "envFile">, env: Variables): Promise<string[]> {
  const text = await readFile(envFile, "utf8").catch(() => "");
  const found = [...findingsInFile(text), ...findingsInEnvironment(env, namesInFile(text))];
  const shown = found.slice(0, MAX_FINDINGS).map((finding) => settingFindingText(finding, envFile));
  return found.length > shown.length
    ? [...shown, `${found.length - shown.length} more of the kind in ${envFile}`]
    : shown;
}

/** Who else may come by the file. Never rejects. */
export async function accessWarnings({ envFile }: Pick<Home, "envFile">, env: Variables): Promise<string[]> {
  const access = await envFileAccess(envFile, env).catch(() => undefined);
  return access === undefined ? [] : [...openText(envFile, access), ...gitText(envFile, access)];
}

function openText(envFile: string, { openMode }: EnvFileAccess): string[] {
  if (openMode === undefined) return [];
  const what = (openMode & 0o022) === 0 ? "can be read by" : "can be changed by";
  return [`${envFile} ${what} other users of this machine: ${closeFileCommand(envFile)}`];
}

function gitText(envFile: string, { git }: EnvFileAccess): string[] {
  if (git === "not-ignored") return [`${envFile} is not ignored by git: add it to .gitignore`];
  if (git !== "tracked") return [];
  return [`${envFile} is in the git repository: take it out (git rm --cached), and replace its secrets`];
}
