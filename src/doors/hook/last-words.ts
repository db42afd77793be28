// What Claude said before a call, as a person may read it beside the request: one line's worth, secrets masked; nothing where
// that could not be checked.
import type { Clock } from "../../core/ports/clock.ts";
import type { Inspector } from "../../core/ports/inspector.ts";
import type { Log } from "../../core/ports/log.ts";
import { createSafeInspection } from "../../core/safe-inspection.ts";
import { pause, withDeadline } from "../../core/timing.ts";
import { FORM_TOOL } from "../../domain/form.ts";
import type { ToolCall } from "../../domain/tool-call.ts";
import type { HookSource } from "./hook-input.ts";
import { saidBefore } from "./transcript.ts";

/** The request waits for it: on a network's disk, or until Claude Code has written what it asks about, ms. */
const LIMIT_MS = 1_000;
const LOOK_AGAIN_MS = 100;
/** Looked through and handed on, characters: more than is shown. */
const MAX_WORDS = 4_000;

export type LastWords = (source: HookSource & { readonly call: ToolCall }) => Promise<string | undefined>;

/** Never rejects. */
export function createLastWords(
  inspector: Inspector,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): LastWords {
  const inspect = createSafeInspection(inspector, clock, log);
  return async ({ transcriptPath, sessionId, agentId, call }) => {
    // A subagent has a transcript of its own, which is not named.
    if (transcriptPath === undefined || sessionId === undefined || agentId !== undefined) return undefined;
    // An MCP server asks, not Claude.
    if (call.toolName === FORM_TOOL) return undefined;
    try {
      const read = async (signal: AbortSignal): Promise<string | undefined> => {
        const { words, isEarly } = await saidBefore(call.toolName, transcriptPath, sessionId);
        if (isEarly === undefined) return words;
        await pause(LOOK_AGAIN_MS, clock, signal);
        return read(signal);
      };
      const words = (await withDeadline(LIMIT_MS, read, { clock }))?.trim().slice(0, MAX_WORDS);
      if (words === undefined) return undefined;
      const { shown, secrets } = await inspect({ toolName: "LastWords", input: { words } });
      const { words: clean } = shown.input;
      return secrets === undefined || typeof clean !== "string" ? undefined : clean;
    } catch {
      return undefined;
    }
  };
}
