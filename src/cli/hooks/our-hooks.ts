// Our hooks in Claude Code's settings, as values: what they are, how they get in, how they get out. Everything else in the
// settings stays as it is, in its order. Never holds a token: Claude Code fills it in from its own environment.

import { ConfigError } from "../../domain/errors.ts";
import { TOLD_NOTIFICATIONS } from "../../doors/hook/done-messages.ts";
import { HOOKS_PATH } from "../../doors/hook/hook-door.ts";

/** As mcp-servers.json writes it. */
const PROJECT_HEADER_NAME = "X-Approval-Project";
/** Above the longest request and the longest grace (3600 s and 300 s): the server's deadline decides, not this. */
const ASK_TIMEOUT_SECONDS = 3_960;
/** The others are answered at once. */
const TELL_TIMEOUT_SECONDS = 5;

export type ClaudeSettings = Readonly<Record<string, unknown>>;

/** An event's name in the settings, its matcher where it has one, and its entries of ours. */
type Wanted = ReadonlyMap<string, object>;

export interface HookOptions {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  /** Whether what is for somebody who is away is wanted too: notifications, refusals of auto mode, MCP servers' forms. */
  readonly doneMessages: boolean;
}

/** The hooks as they stand in a settings file. */
export function ourHooks({ origin, doneMessages }: HookOptions): Readonly<Record<string, readonly object[]>> {
  return Object.fromEntries([...wantedHooks(origin, doneMessages)].map(([event, entry]) => [event, [entry]]));
}

function wantedHooks(origin: string, doneMessages: boolean): Wanted {
  const entry = (path: string, timeout: number, matcher: object) => ({
    ...matcher,
    hooks: [
      {
        type: "http",
        url: `${origin}${HOOKS_PATH}${path}`,
        timeout,
        // Only what allowedEnvVars names is filled in, and nothing where it is not set (measured with 2.1.329).
        headers: { Authorization: "Bearer $APPROVAL_TOKEN", [PROJECT_HEADER_NAME]: "$PWD" },
        allowedEnvVars: ["APPROVAL_TOKEN", "PWD"],
      },
    ],
  });
  const every = { matcher: "*" };
  const tell = (path: string, matcher: object = {}) => entry(path, TELL_TIMEOUT_SECONDS, matcher);
  return new Map([
    ["PermissionRequest", entry("permission-request", ASK_TIMEOUT_SECONDS, every)],
    ["PostToolUse", tell("post-tool-use", every)],
    ["PostToolUseFailure", tell("post-tool-use-failure", every)],
    ["UserPromptSubmit", tell("user-prompt-submit")],
    ["Stop", tell("stop")],
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
 * Puts our hooks in; what is there already stays where it is.
 * @throws ConfigError when the settings have another form than Claude Code's
 */
export function withOurHooks(settings: ClaudeSettings, options: HookOptions): ClaudeSettings {
  const wanted = wantedHooks(options.origin, options.doneMessages);
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
  const hooks = entry.hooks.filter((hook) => !isOurs(hook, origin));
  return hooks.length === 0 ? [] : [{ ...entry, hooks }];
}

function hasOurs(entry: unknown, origin: string): entry is HookEntry {
  return (
    isObject(entry) && Array.isArray(entry["hooks"]) && entry["hooks"].some((hook) => isOurs(hook, origin))
  );
}

/** Recognised by where it posts to; at another port than now by our header as well. */
function isOurs(hook: unknown, origin: string): boolean {
  if (!isObject(hook) || typeof hook["url"] !== "string" || !URL.canParse(hook["url"])) return false;
  if (hook["url"].startsWith(origin + HOOKS_PATH)) return true;
  const { headers } = hook;
  const hasHeader = isObject(headers) && PROJECT_HEADER_NAME in headers;
  return hasHeader && new URL(hook["url"]).pathname.startsWith(HOOKS_PATH);
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
