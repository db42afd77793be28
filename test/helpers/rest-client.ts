// A script that uses the REST interface of a server: plain fetch, and the answers as they are.
import type { ApprovalServer } from "../../src/server/server-contract.ts";

export const ASK = {
  action: "kubectl rollout restart deployment/shop",
  summary: "Restart the shop",
  reason: "It leaks memory",
};

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RestCall {
  readonly method?: string;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Calls a path and reads the JSON that comes back; an empty body is `{}`. */
export async function rest(
  { localUrl }: Pick<ApprovalServer, "localUrl">,
  path: string,
  { method = "GET", body, headers = {}, signal }: RestCall = {},
): Promise<RestAnswer> {
  const response = await fetch(localUrl + path, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? {} : (JSON.parse(text) as RestAnswer["body"]),
  };
}

/** Asks. @returns the request's path and id */
export async function ask(
  server: Pick<ApprovalServer, "localUrl">,
  body: object = ASK,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly id: string; readonly path: string }> {
  const answer = await rest(server, "/v1/approvals", { method: "POST", body, headers });
  if (answer.status !== 201) throw new Error(`not asked: ${JSON.stringify(answer.body)}`);
  return { id: String(answer.body["approval_id"]), path: String(answer.headers.get("location")) };
}
