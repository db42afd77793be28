// Runs a script that was approved: a private copy of the very bytes, with an argument vector and no shell, in the script's own
// folder, for a limited time. What is left of it is killed with it.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../core/ports/clock.ts";
import type { NoteRun, SendSignal } from "../core/ports/processes.ts";
import { endGroup, signalGroup } from "../core/process-group.ts";
import { waitAtMost } from "../core/timing.ts";
import { removeCopies } from "./copies.ts";
import { type JoinedOutput, openJoinedOutput } from "./joined-output.ts";
import { keepOutput } from "./kept-output.ts";
import { killTree, RUN_MARK } from "./process-tree.ts";
import type { LoadedScript } from "./script-file.ts";
import { trustedPlace } from "./trusted-place.ts";

/** Between the request to end and the end by force, ms. Below the second that the server's stop gives each part. */
const TERM_GRACE_MS = 500;
/** How long what a script has put out may take to arrive after its end, ms. */
const DRAIN_MS = 500;

export type ScriptEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  /** By this server: its time was over, or nobody wanted it any more. */
  | { readonly kind: "timed-out" | "aborted" }
  | { readonly kind: "not-started"; readonly problem: string };

export interface ScriptRun {
  readonly end: ScriptEnd;
  /** Both outputs, in the order in which they came; the server's secrets masked; cut in the middle where it is long. */
  readonly output: string;
}

export interface RunScriptDeps {
  /** A folder of the server's own for the copies, absolute; made where it is missing. */
  readonly copies: string;
  /** The server's user's id: nobody else may have a hand in the copies. */
  readonly user: number;
  readonly send: SendSignal;
  readonly noteRun: NoteRun;
  readonly mask: (text: string) => string;
  readonly clock: Clock;
}

export interface RunRequest {
  readonly script: LoadedScript;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Never rejects. */
export async function runScript(request: RunRequest, deps: RunScriptDeps): Promise<ScriptRun> {
  const { mask } = deps;
  const output = keepOutput();
  let folder: string | undefined;
  try {
    folder = copyFolder(deps);
    const end = await run(request, copyOf(request.script, folder), output.add, deps);
    return { end, output: output.text(mask) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { end: { kind: "not-started", problem }, output: output.text(mask) };
  } finally {
    if (folder !== undefined) removeCopies(folder);
  }
}

function copyFolder({ copies, user }: RunScriptDeps): string {
  mkdirSync(copies, { recursive: true, mode: 0o700 });
  const place = trustedPlace(mkdtempSync(join(copies, "run-")), user);
  if (!place.ok) throw new Error(place.problem);
  return place.path;
}

/** In one step with closing it, so that no program that starts meanwhile holds it open for writing. */
function copyOf({ file, text }: LoadedScript, folder: string): string {
  const path = join(folder, file);
  writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  chmodSync(path, 0o500);
  return path;
}

async function run(
  { script, words, env, signal }: RunRequest,
  copy: string,
  onOutput: (chunk: Buffer) => void,
  { send, noteRun, clock }: RunScriptDeps,
): Promise<ScriptEnd> {
  const { from, to } = await openJoinedOutput();
  // A reader that is gone is no reason to fail: what came is kept.
  for (const socket of [from, to]) socket.on("error", () => {});
  const drained = new Promise<void>((resolve) => from.once("close", resolve));
  from.on("data", onOutput);
  if (signal.aborted) {
    for (const socket of [from, to]) socket.destroy();
    return { kind: "aborted" };
  }
  const mark = randomBytes(16).toString("hex");
  const over = noteRun(`${RUN_MARK}=${mark}`);
  const child = start(script, [copy, ...words], { ...env, [RUN_MARK]: mark }, { from, to });
  const { pid } = child;
  let why: "timed-out" | "aborted" | undefined;
  let cancelKill = () => {};
  const kill = () => pid !== undefined && killTree(pid, mark, send);
  const stop = (reason: typeof why) => {
    if (why !== undefined || pid === undefined) return;
    why = reason;
    cancelKill = endGroup(pid, TERM_GRACE_MS, { send, clock, kill });
  };
  const cancelLimit = clock.after(script.settings.timeoutMs, () => stop("timed-out"));
  const onAbort = () => stop("aborted");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const end = await endOf(child);
    // What it has left in the background ends with it: nobody watches over it any more.
    if (why !== undefined) kill();
    else if (pid !== undefined) signalGroup(pid, "SIGKILL", send);
    await waitAtMost(DRAIN_MS, drained, clock);
    return why === undefined ? end : { kind: why };
  } finally {
    cancelLimit();
    cancelKill();
    signal.removeEventListener("abort", onAbort);
    from.destroy();
    over();
  }
}

function start(
  { interpreter, folder }: LoadedScript,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  { from, to }: JoinedOutput,
): ChildProcess {
  const [program = "", ...args] = interpreter === undefined ? words : [interpreter, ...words];
  try {
    // In a process group of its own, so that it can be ended with its children.
    return spawn(program, args, { cwd: folder, env, stdio: ["ignore", to, to], detached: true });
  } catch (error) {
    from.destroy();
    throw error;
  } finally {
    to.destroy();
  }
}

/** The program's own end; its children may hold the outputs for longer. */
function endOf(child: ChildProcess): Promise<ScriptEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ kind: "not-started", problem: error.message }));
    child.once("exit", (code, signal) =>
      resolve(code === null ? { kind: "killed", signal: signal ?? "a signal" } : { kind: "exited", code }),
    );
  });
}
