// What a caller gets of a script: news while it runs, its output and how it ended.
import type { Clock } from "../core/ports/clock.ts";
import type { ToolCaller, ToolResult } from "../core/ports/tool-source.ts";
import type { ScriptEnd, ScriptRun } from "./run-script.ts";
import type { LoadedScript } from "./script-file.ts";

/** ms. Claude Code drops a call that is silent for 300 s. */
const NEWS_INTERVAL_MS = 15_000;

export interface ScriptOutcome {
  readonly result: ToolResult;
  /** How it failed, in words for the record; undefined where it did not. */
  readonly problem?: string | undefined;
}

/** The output, and in the last line how it ended. */
export function runOutcome({ name, settings }: LoadedScript, { end, output }: ScriptRun): ScriptOutcome {
  const gap = output === "" || output.endsWith("\n") ? "" : "\n";
  const how = endText(end, settings.timeoutMs);
  const content = [{ type: "text", text: `${output}${gap}[${name} ${how}]` }];
  if (end.kind === "exited" && end.code === 0) return { result: { content } };
  return { result: { content, isError: true }, problem: how };
}

function endText(end: ScriptEnd, timeoutMs: number): string {
  switch (end.kind) {
    case "exited":
      return `ended with exit code ${end.code}`;
    case "killed":
      return `was ended by ${end.signal}`;
    case "timed-out":
      return `was ended after ${timeoutMs / 1000} s, its time limit`;
    case "aborted":
      return "was stopped before it had ended";
    case "not-started":
      return `could not be started: ${end.problem}`;
  }
}

/** Tells the caller at once, and then every 15 s, that it goes on. @param ahead what runs before it @returns ends that */
export function followRun(
  { name }: LoadedScript,
  ahead: number,
  { onProgress }: ToolCaller,
  clock: Clock,
): () => void {
  if (onProgress === undefined) return () => {};
  const startedAt = clock.elapsed();
  let cancel = () => {};
  const tell = () => {
    const progress = Math.round((clock.elapsed() - startedAt) / 1000);
    const waits = ahead === 0 ? "" : `; ${ahead} came before it`;
    onProgress({ progress, message: `the script ${name} was approved ${progress} s ago${waits}` });
    cancel = clock.after(NEWS_INTERVAL_MS, tell);
  };
  tell();
  return () => cancel();
}
