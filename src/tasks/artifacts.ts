// What a task leaves for its caller. It writes into a folder of its own that is gone afterwards; the server copies from there what
// is a plain file and fits, and never follows a link: what it copies as itself must not be somebody else's.
import { constants } from "node:fs";
import { mkdir, open, readdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { TaskArtifact } from "../core/ports/task-store.ts";

/** Of one session, together. */
const MAX_ARTIFACT_BYTES = 20 * 1024 * 1024;
const MAX_FILES = 100;
const MAX_DEPTH = 5;
/** What a message and a list can show as it is. */
const PLAIN_NAME = /^[\p{L}\p{N}._/ -]{1,200}$/u;

/** @param from what the task has written @param to the session's folder; made when it is needed */
export async function keepArtifacts(
  from: string,
  to: string,
): Promise<{ readonly artifacts: readonly TaskArtifact[]; readonly warnings: readonly string[] }> {
  const kept = new Map((await listed(to)).map((artifact) => [artifact.name, artifact]));
  const warnings: string[] = [];
  for (const path of await filesIn(from, MAX_DEPTH)) {
    const name = relative(from, path);
    const left = MAX_ARTIFACT_BYTES - [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    const problem = !PLAIN_NAME.test(name)
      ? "an artifact has a name with other characters than letters, digits, spaces and . _ - /"
      : kept.size >= MAX_FILES && !kept.has(name)
        ? `${name} is one artifact too many: ${MAX_FILES} are kept`
        : await copy(path, join(to, name), left + (kept.get(name)?.bytes ?? 0));
    if (typeof problem === "string") warnings.push(`${problem}; it was not kept.`);
    else kept.set(name, { name, path: join(to, name), bytes: problem });
  }
  return { artifacts: [...kept.values()], warnings };
}

/** @returns its size, or why it was not copied */
async function copy(from: string, to: string, maxBytes: number): Promise<number | string> {
  const name = to.split("/").at(-1) ?? to;
  const file = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return `${name} is a link, or cannot be read`;
  try {
    const stats = await file.stat();
    // With a second name it may be any file of this user's.
    if (!stats.isFile() || stats.nlink > 1) return `${name} is no plain file`;
    if (stats.size > maxBytes)
      return `${name} is too large: ${MAX_ARTIFACT_BYTES / 1024 / 1024} MB are kept in all`;
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    const copied = await open(to, flags, 0o600);
    try {
      const content = Buffer.alloc(stats.size);
      const { bytesRead } = await file.read(content, 0, stats.size, 0);
      await copied.writeFile(content.subarray(0, bytesRead));
      return bytesRead;
    } finally {
      await copied.close();
    }
  } finally {
    await file.close();
  }
}

async function listed(folder: string): Promise<TaskArtifact[]> {
  const paths = await filesIn(folder, MAX_DEPTH);
  return Promise.all(
    paths.map(async (path) => ({ name: relative(folder, path), path, bytes: (await stat(path)).size })),
  );
}

/** In the order of their names; links are files here. A folder that is not there has none. */
async function filesIn(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, 10 * MAX_FILES);
  const found: string[] = [];
  for (const entry of sorted) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) found.push(path);
    else if (depth > 1) found.push(...(await filesIn(path, depth - 1)));
  }
  return found.slice(0, 10 * MAX_FILES);
}
