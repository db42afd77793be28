// Installs a package on demand into a folder that git ignores: too big or too new to be a dependency.
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Below vitest's hook timeout, so that this error is the one that is read. */
export const INSTALL_TIMEOUT_MS = 570_000;

export function cacheFolder(name: string): string {
  return fileURLToPath(new URL(`../../.cache/${name}`, import.meta.url));
}

/** Runs no install script. @param spec a name with its exact version @throws npm's error */
export async function installInto(folder: string, spec: string): Promise<void> {
  const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
  const tolerance = ["--engine-strict=false", "--include=optional"];
  await mkdir(folder, { recursive: true });
  await promisify(execFile)("npm", ["install", ...flags, ...tolerance, "--prefix", folder, spec], {
    timeout: INSTALL_TIMEOUT_MS,
    maxBuffer: 16 * 1024 * 1024,
  });
}
