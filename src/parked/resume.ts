// Starts Claude again for one parked call, and says what came of it. Nothing is allowed from here: the session asks as any other does.
import type { RunClaude } from "../core/ports/claude-process.ts";
import type { ParkedEnd } from "../domain/parked-notice.ts";
import type { Parking } from "../domain/parking.ts";

/** How long a resumed session may go on, ms. */
const RUN_LIMIT_MS = 2 * 60 * 60_000;
const PERMISSION_TOOL = "mcp__approval-server__permissions__approve";
/** Claude Code's hard limit for one call, ms: above the longest request. */
const MCP_TIMEOUT_MS = 3_900_000;
/** What is kept of why it ended, UTF-16 units. */
const MAX_WHY = 300;

export interface ResumeDeps {
  readonly run: RunClaude;
  /** The command: a path, or a name that PATH finds. */
  readonly bin: string;
  /** The local listener: `http://127.0.0.1:8000`. */
  readonly url: () => string;
  /** Claude's, without this server's secrets; the token is the one that the request came with. */
  readonly environment: (folder: string, requester: string | undefined) => Readonly<Record<string, string>>;
}

interface Resumption {
  readonly parking: Parking;
  readonly toolUseId: string;
  readonly requester: string | undefined;
  readonly signal: AbortSignal;
}

interface ResumeResult {
  /** `not-run`: there is no word of the call. */
  readonly end: Extract<
    ParkedEnd,
    "finished" | "ran-then-stopped" | "call-failed" | "not-run" | "not-started"
  >;
  /** Claude's last words, or why. Foreign. */
  readonly words: string;
}

/** Never rejects. */
export type Resume = (resumption: Resumption) => Promise<ResumeResult>;

export function createResume({ run, bin, url, environment }: ResumeDeps): Resume {
  return async ({ parking, toolUseId, requester, signal }) => {
    const { folder, sessionId } = parking;
    let call: "ran" | "failed" | undefined;
    let last: { readonly isError: boolean; readonly text: string } | undefined;
    const ended = await run({
      bin,
      args: argumentsFor(sessionId, mcpConfig(url(), folder)),
      folder,
      environment: environment(folder, requester),
      text: "",
      limitMs: RUN_LIMIT_MS,
      signal,
      onEvent(event) {
        if (event.kind === "tool-result" && event.id === toolUseId) call = event.isError ? "failed" : "ran";
        if (event.kind === "ended") last = { isError: event.isError, text: event.text };
        return undefined;
      },
    });
    const { stopped, stderr, exitCode } = ended;
    const why = (stopped?.why ?? (stderr || `it ended with exit code ${exitCode}`)).slice(0, MAX_WHY);
    if (call === undefined) return { end: stopped?.by === "start" ? "not-started" : "not-run", words: why };
    if (call === "failed") return { end: "call-failed", words: last?.text ?? why };
    if (stopped !== undefined || last === undefined || last.isError)
      return { end: "ran-then-stopped", words: stopped?.why ?? last?.text ?? why };
    return { end: "finished", words: last.text };
  };
}

/** Without a prompt: what was deferred runs, or is asked about, and Claude goes on from there. */
function argumentsFor(sessionId: string, config: string): readonly string[] {
  return [
    ...["-p", "--output-format", "stream-json", "--verbose"],
    ...["--mcp-config", config, "--permission-prompt-tool", PERMISSION_TOOL],
    // Whatever the settings there start with: all else is asked about.
    ...["--permission-mode", "default"],
    `--resume=${sessionId}`,
  ];
}

/** Claude Code puts the token in: arguments can be read by every user of the machine. */
function mcpConfig(url: string, folder: string): string {
  const server = {
    type: "http",
    url: `${url}/mcp?project=${encodeURIComponent(folder)}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Claude Code replaces it
    headers: { Authorization: "Bearer ${APPROVAL_TOKEN:-}" },
    timeout: MCP_TIMEOUT_MS,
  };
  return JSON.stringify({ mcpServers: { "approval-server": server } });
}
