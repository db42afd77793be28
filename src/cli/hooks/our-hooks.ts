// Our hooks in Claude Code's settings, as values: what they are, how they get in, how they get out. Everything else in the
// settings stays as it is, in its order.

import { ConfigError } from "../../domain/errors.ts";
import { TOLD_NOTIFICATIONS } from "../../doors/hook/done-messages.ts";
import { type HookPlace, hookCommand, isOurHook } from "./hook-command.ts";

/** Above the longest request and the longest grace (3600 s and 300 s): the server's deadline decides, not this. */
const ASK_TIMEOUT_SECONDS = 3_960;
/** Above the longest CONTINUE_MINUTES. */
const WAIT_TIMEOUT_SECONDS = 43_260;
/** The others are answered at once. */
const TELL_TIMEOUT_SECONDS = 5;

/** The tools whose calls can be parked: a process starts ahead of each. */
const PARKABLE = { matcher: "Bash|PowerShell|Write|Edit|MultiEdit|NotebookEdit|WebSearch|mcp__.*" };

export type ClaudeSettings = Readonly<Record<string, unknown>>;

/** An event's name in the settings, its matcher where it has one, and its entries of ours. */
type Wanted = ReadonlyMap<string, object>;

export interface HookOptions extends HookPlace {
  /** Whether what is for somebody who is away is wanted too: notifications, refusals of auto mode, MCP servers' forms. */
  readonly doneMessages: boolean;
  /** Whether a Claude that has finished waits for its person's next words. */
  readonly waitsForReply: boolean;
  /** Whether calls of `claude -p` can be parked: that takes a hook ahead of each of them. */
  readonly parking: boolean;
}

/** The hooks as they stand in a settings file. */
export function ourHooks(options: HookOptions): Readonly<Record<string, readonly object[]>> {
  return Object.fromEntries([...wantedHooks(options)].map(([event, entry]) => [event, [entry]]));
}

function wantedHooks({ doneMessages, waitsForReply, parking, ...place }: HookOptions): Wanted {
  const command = (path: string, timeout: number) => ({
    type: "command",
    command: hookCommand(path, place),
    timeout,
  });
  // A command and not an http hook: that one prints "hook failed" after each tool while no server runs (measured with 2.1.329).
  const entry = (path: string, timeout: number, matcher: object) => ({
    ...matcher,
    hooks: [command(path, timeout)],
  });
  const every = { matcher: "*" };
  const tell = (path: string, matcher: object = {}) => entry(path, TELL_TIMEOUT_SECONDS, matcher);
  return new Map([
    ...(parking ? ([["PreToolUse", entry("pre-tool-use", ASK_TIMEOUT_SECONDS, PARKABLE)]] as const) : []),
    ["PermissionRequest", entry("permission-request", ASK_TIMEOUT_SECONDS, every)],
    ["PostToolUse", tell("post-tool-use", every)],
    ["PostToolUseFailure", tell("post-tool-use-failure", every)],
    ["UserPromptSubmit", tell("user-prompt-submit")],
    [
      "Stop",
      { hooks: [command("stop", TELL_TIMEOUT_SECONDS), ...(waitsForReply ? [waiting(command)] : [])] },
    ],
    ["StopFailure", tell("stop-failure")],
    ["SubagentStop", tell("subagent-stop")],
    ["SessionEnd", tell("session-end")],
    ...(doneMessages
      ? ([
          ["Notification", tell("notification", { matcher: TOLD_NOTIFICATIONS.join("|") })],
          ["PermissionDenied", entry("permission-denied", ASK_TIMEOUT_SECONDS, every)],
          ["Elicitation", entry("elicitation", ASK_TIMEOUT_SECONDS, {})],
        ] as const)
      : []),
  ]);
}

/**
 * Waits beside the session: the terminal stays free, and exit code 2 wakes Claude with the person's words. Print mode waits for it.
 * The last two are what Claude and the terminal read before the words (measured with 2.1.329; a version without them has words of its own).
 */
function waiting(command: (path: string, timeout: number) => object): object {
  return {
    ...command("wait-reply", WAIT_TIMEOUT_SECONDS),
    asyncRewake: true,
    rewakeMessage: "From the approval server's hook:",
    rewakeSummary: "A reply from your phone",
  };
}

/**
 * Puts our hooks in; what is there already stays where it is.
 * @throws ConfigError when the settings have another form than Claude Code's
 */
export function withOurHooks(settings: ClaudeSettings, options: HookOptions): ClaudeSettings {
  const wanted = wantedHooks(options);
  const clean = withoutHooks(settings, options.origin, (event, entry) => same(wanted.get(event), entry));
  const hooks = { ...hooksOf(clean) };
  for (const [event, entry] of wanted) {
    const present = hooks[event] ?? [];
    if (!present.some((each) => same(each, entry))) hooks[event] = [...present, entry];
  }
  return { ...clean, hooks };
}

/** Takes our hooks out, and what is empty without them. @throws ConfigError as withOurHooks does */
export function withoutOurHooks(settings: ClaudeSettings, origin: string): ClaudeSettings {
  return withoutHooks(settings, origin, () => false);
}

function withoutHooks(
  settings: ClaudeSettings,
  origin: string,
  stays: (event: string, entry: unknown) => boolean,
): ClaudeSettings {
  const hooks = hooksOf(settings);
  const kept = Object.entries(hooks).flatMap(([event, entries]) => {
    const left = entries.flatMap((entry) =>
      stays(event, entry) || !hasOurs(entry, origin) ? [entry] : withoutOurs(entry, origin),
    );
    return left.length === 0 && entries.length > 0 ? [] : [[event, left] as const];
  });
  if (kept.length > 0 || Object.keys(hooks).length === 0) {
    return settings["hooks"] === undefined ? settings : { ...settings, hooks: Object.fromEntries(kept) };
  }
  const { hooks: _, ...others } = settings;
  return others;
}

interface HookEntry {
  readonly hooks: readonly unknown[];
}

function withoutOurs(entry: HookEntry, origin: string): HookEntry[] {
  const hooks = entry.hooks.filter((hook) => !isOurHook(hook, origin));
  return hooks.length === 0 ? [] : [{ ...entry, hooks }];
}

function hasOurs(entry: unknown, origin: string): entry is HookEntry {
  return (
    isObject(entry) && Array.isArray(entry["hooks"]) && entry["hooks"].some((hook) => isOurHook(hook, origin))
  );
}

function hooksOf(settings: ClaudeSettings): Record<string, readonly unknown[]> {
  const { hooks = {} } = settings;
  if (!isObject(hooks) || !Object.values(hooks).every(Array.isArray)) {
    throw new ConfigError(['"hooks" in it has another form than Claude Code\'s: a list for each event']);
  }
  return hooks as Record<string, readonly unknown[]>;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Claude Code's name for our plugin where it is switched on, e.g. `approvals@approval-server`: it brings the same hooks. */
export function enabledPlugin(settings: ClaudeSettings): string | undefined {
  const { enabledPlugins } = settings;
  if (!isObject(enabledPlugins)) return undefined;
  return Object.keys(enabledPlugins).find(
    (name) => name.startsWith("approvals@") && enabledPlugins[name] === true,
  );
}
