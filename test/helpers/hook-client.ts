// Posts hook events as Claude Code does: JSON on loopback, one connection each, closed when it wants no answer any more.
import type { ApprovalServer } from "../../src/server/server-contract.ts";

type Server = Pick<ApprovalServer, "localUrl">;

/** The body of a PermissionRequest, as measured with 2.1.329. */
export const PERMISSION_REQUEST = {
  session_id: "9d474c58-b4db-446a-9bb9-efb62da9c029",
  transcript_path: "/tmp/transcript.jsonl",
  cwd: "/code/web-shop",
  prompt_id: "1a90adb1-33be-45c9-983f-b78350885d6e",
  permission_mode: "default",
  hook_event_name: "PermissionRequest",
  tool_name: "Bash",
  tool_input: { command: "ls -la /etc", description: "List system configuration files" },
  permission_suggestions: [{ type: "setMode", mode: "acceptEdits", destination: "session" }],
};

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Posts a body to `/hooks/<event>`. */
export function postHook(
  server: Server,
  event: string,
  body: unknown,
  { headers = {}, signal }: PostOptions = {},
): Promise<Response> {
  return fetch(`${server.localUrl}/hooks/${event}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Asks, and waits for what Claude Code would read. @throws when the answer is not a 200 */
export async function askHook(server: Server, body: unknown = PERMISSION_REQUEST, options: PostOptions = {}) {
  const response = await postHook(server, "permission-request", body, options);
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as unknown;
}

/** Tells of an event of the same session. */
export async function tellHook(
  server: Server,
  event: string,
  fields: Readonly<Record<string, unknown>> = {},
  options: PostOptions = {},
): Promise<unknown> {
  const { session_id, cwd } = PERMISSION_REQUEST;
  return (await postHook(server, event, { session_id, cwd, ...fields }, options)).json();
}

/** The whole body of an answer that decides. */
export function decided(decision: object): object {
  return { hookSpecificOutput: { hookEventName: "PermissionRequest", decision } };
}
