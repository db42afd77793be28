// One call of an MCP tool as Claude Code makes it on protocol 2026-07-28: one POST whose answer is a stream. As little work as
// possible: thousands of them share the machine with what they measure.
import { Agent, type ClientRequest, request } from "node:http";

interface CallAnswer {
  /** The text of the result's one block. */
  readonly text: string;
  /** When it was there, by `performance.now()`. */
  readonly at: number;
}

export interface OpenCall {
  /** The first note of progress: the call has been taken. */
  readonly taken: Promise<{ readonly note: string; readonly at: number }>;
  readonly answer: Promise<CallAnswer>;
  /** Hangs up. */
  drop(): void;
}

export interface CallTarget {
  /** `http://127.0.0.1:8000` */
  readonly url: string;
  readonly tool: string;
  readonly token?: string | undefined;
  /** Default: a connection of its own. */
  readonly agent?: Agent | undefined;
}

const PROTOCOL = "2026-07-28";
const alone = new Agent({ keepAlive: false });
let calls = 0;

/** Opens a call. Both promises reject when its connection breaks, or is answered with anything else. */
export function openCall(target: CallTarget, args: Readonly<Record<string, unknown>>): OpenCall {
  calls += 1;
  const id = calls;
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: {
      name: target.tool,
      arguments: args,
      _meta: {
        progressToken: id,
        "io.modelcontextprotocol/protocolVersion": PROTOCOL,
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    },
  });
  let sent: ClientRequest | undefined;
  let take = (_note: { note: string; at: number }) => {};
  let refuse = (_error: unknown) => {};
  const taken = new Promise<{ note: string; at: number }>((resolve, reject) => {
    take = resolve;
    refuse = reject;
  });
  const answer = new Promise<CallAnswer>((resolve, reject) => {
    const fail = (error: unknown) => {
      refuse(error);
      reject(error);
    };
    sent = request(
      `${target.url}/mcp`,
      {
        method: "POST",
        agent: target.agent ?? alone,
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": PROTOCOL,
          "mcp-method": "tools/call",
          "mcp-name": target.tool,
          "content-length": Buffer.byteLength(body),
          ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
        },
      },
      (response) => {
        let rest = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          const at = performance.now();
          const events = (rest + chunk).split("\n\n");
          rest = events.pop() ?? "";
          for (const event of events) {
            if (event.includes('"result"')) {
              const text = textOf(event);
              resolve({ text, at });
              refuse(new Error(`answered without having waited: ${text}`));
            }
            if (event.includes('"notifications/progress"')) take({ note: noteOf(event), at });
            else if (event.includes('"error"')) fail(new Error(event));
          }
        });
        response.on("error", fail);
        response.on("end", () =>
          fail(new Error(`the stream ended without an answer (HTTP ${response.statusCode}): ${rest}`)),
        );
      },
    );
    sent.on("error", fail);
    sent.end(body);
  });
  // Whoever waits for one of them need not wait for the other.
  taken.catch(() => {});
  answer.catch(() => {});
  return { taken, answer, drop: () => sent?.destroy() };
}

function dataOf(event: string): unknown {
  return JSON.parse(event.slice(event.indexOf("data: ") + "data: ".length));
}

function textOf(event: string): string {
  const { result } = dataOf(event) as { result: { content: { text: string }[] } };
  return result.content[0]?.text ?? "";
}

function noteOf(event: string): string {
  return (dataOf(event) as { params: { message?: string } }).params.message ?? "";
}
