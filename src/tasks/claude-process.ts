// Runs one `claude -p` from its start to its end: an argument vector, no shell, the text by stdin, a process group of its own that
// is gone when this is over; where it is stopped, what has left the group as well, as far as the system shows it. Knows nothing
// of tasks: also what resumes a parked call may use it.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { ClaudeEnd, ClaudeOrder } from "../core/ports/claude-process.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { NoteRun, SendSignal } from "../core/ports/processes.ts";
import { endGroup, signalGroup } from "../core/process-group.ts";
import { waitAtMost } from "../core/timing.ts";
import { type ClaudeEvent, readClaudeEvents } from "./claude-events.ts";

/** How long Claude has after a TERM to end its own children, ms: below what a stop of the server may take. */
const TERM_MS = 900;
/** What it may print in all, and in one line, characters. A line can hold the whole of a file that was read. */
const MAX_OUTPUT = 256 * 1024 * 1024;
const MAX_LINE = 32 * 1024 * 1024;
/** What is kept of its error output, characters: the end says why. */
const MAX_STDERR = 4_000;

/** The variable whose value is another one for each run: Claude Code runs its shells outside of its own group. */
const RUN_MARK = "APPROVAL_CLAUDE_RUN";

interface ClaudeProcess extends ClaudeOrder<ClaudeEvent> {
  readonly send: SendSignal;
  /** Kills whatever has this entry, `NAME=value`, in its environment. Never throws. */
  readonly killMarked: (entry: string) => void;
  readonly noteRun: NoteRun;
  readonly clock: Clock;
}

/** Never rejects. When it resolves, no process of the group is left. */
export async function runClaude(options: ClaudeProcess): Promise<ClaudeEnd> {
  const { bin, args, folder, text, limitMs, signal, send, clock } = options;
  if (signal.aborted)
    return { exitCode: null, stopped: { by: "signal", why: "stopped before it began" }, stderr: "" };
  const mark = randomBytes(16).toString("hex");
  const over = options.noteRun(`${RUN_MARK}=${mark}`);
  let child: ChildProcess;
  try {
    child = spawn(bin, [...args], {
      cwd: folder,
      env: { ...options.environment, [RUN_MARK]: mark },
      stdio: ["pipe", "pipe", "pipe"],
      // The leader of a group: what it has started goes with it.
      detached: true,
    });
  } catch (error) {
    over();
    return { exitCode: null, stopped: { by: "start", why: String(error) }, stderr: "" };
  }
  let stopped: ClaudeEnd["stopped"];
  const exit = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
    child.once("error", (error) => {
      stopped ??= { by: "start", why: error.message };
      resolve(null);
    });
  });
  const { pid } = child;
  const signalAll = (name: "SIGTERM" | "SIGKILL") => pid !== undefined && signalGroup(pid, name, send);
  let cancelKill = () => {};
  const stop = (by: NonNullable<ClaudeEnd["stopped"]>["by"], why: string) => {
    if (stopped !== undefined) return;
    stopped = { by, why };
    if (pid !== undefined) cancelKill = endGroup(pid, TERM_MS, { send, clock });
  };
  const onAbort = () => stop("signal", "stopped");
  signal.addEventListener("abort", onAbort, { once: true });
  const cancelLimit = clock.after(limitMs, () =>
    stop("time", `its time of ${Math.round(limitMs / 60_000)} minutes is over`),
  );
  const stderr = keepEnd(child);
  const output = readLines(child, {
    onLine(line) {
      for (const event of readClaudeEvents(line)) {
        if (stopped !== undefined) return;
        const why = options.onEvent(event);
        if (why !== undefined) stop("event", why);
      }
    },
    onTooMuch: () => stop("output", "it printed more than is taken in"),
  });
  // A command that is not there, or that reads nothing, closes its end.
  child.stdin?.on("error", () => {});
  child.stdin?.end(text);

  const exitCode = await exit;
  cancelLimit();
  signal.removeEventListener("abort", onAbort);
  cancelKill();
  // What it has left behind would go on by itself, and hold its output open.
  signalAll("SIGTERM");
  await waitAtMost(TERM_MS, output, clock);
  signalAll("SIGKILL");
  if (stopped !== undefined) options.killMarked(`${RUN_MARK}=${mark}`);
  await waitAtMost(TERM_MS, output, clock);
  child.stdout?.destroy();
  child.stderr?.destroy();
  over();
  return { exitCode, stopped, stderr: stderr() };
}

function keepEnd({ stderr }: ChildProcess): () => string {
  let kept = "";
  stderr?.setEncoding("utf8").on("data", (text: string) => {
    kept = (kept + text).slice(-MAX_STDERR);
  });
  return () => kept.trim();
}

/** @returns resolves when its output has ended */
function readLines(
  { stdout }: ChildProcess,
  { onLine, onTooMuch }: { onLine(line: string): void; onTooMuch(): void },
): Promise<void> {
  return new Promise((resolve) => {
    if (stdout === null) return resolve();
    let total = 0;
    let parts: string[] = [];
    let length = 0;
    stdout.setEncoding("utf8").on("data", (text: string) => {
      total += text.length;
      if (total > MAX_OUTPUT || length > MAX_LINE) {
        parts = [];
        return onTooMuch();
      }
      const [first = "", ...rest] = text.split("\n");
      parts.push(first);
      length += first.length;
      for (const next of rest) {
        onLine(parts.join(""));
        parts = [next];
        length = next.length;
      }
    });
    stdout
      .once("error", () => resolve())
      .once("close", () => {
        onLine(parts.join(""));
        resolve();
      });
  });
}
