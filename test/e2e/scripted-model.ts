// Plays the model for the real CLI: a small server on loopback that speaks the Messages API and follows a script,
// step by step, whatever it is asked. It keeps what the model would have read. It never calls out.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";
import { z } from "zod";
import { type ContentBlock, modelMessage, sendAsEvents } from "./model-message.ts";

/** One turn of the model: a tool call, with words before it where it has some, or a last word. A function makes it from the text of the CLI's request. */
export type Step =
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>>; readonly said?: string }
  | string
  | ((request: string) => Exclude<Step, (request: string) => unknown>);

/** What the model read about one of its tool calls. */
interface ToolResult {
  readonly text: string;
  readonly isError: boolean;
}

/** The model's side of a run. */
export interface ScriptedModel {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** The tool results that the model has received so far, oldest first. */
  results(): readonly ToolResult[];
  close(): Promise<void>;
}

const toolResult = z.looseObject({
  type: z.literal("tool_result"),
  content: z
    .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
    .default(""),
  is_error: z.boolean().default(false),
});

const messagesRequest = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  tools: z.array(z.unknown()).default([]),
  messages: z.array(z.looseObject({ content: z.union([z.string(), z.array(z.unknown())]) })),
});

const LAST_WORD = "Done.";

/**
 * Starts a model that answers with the script's next step while the conversation holds fewer tool results than
 * the script has steps, and with a text from then on. A question without tools (a title, a summary) is a side
 * query of the CLI: it gets a text and moves nothing.
 */
export async function startScriptedModel(script: readonly Step[]): Promise<ScriptedModel> {
  const run = randomUUID().slice(0, 8);
  let read: readonly ToolResult[] = [];

  function nextBlocks(request: z.infer<typeof messagesRequest>): ContentBlock[] {
    if (request.tools.length === 0) return [{ type: "text", text: "ok" }];
    const results = toolResultsOf(request);
    if (results.length >= read.length) read = results;
    const next = script[results.length] ?? LAST_WORD;
    const step = typeof next === "function" ? next(JSON.stringify(request)) : next;
    if (typeof step === "string") return [{ type: "text", text: step }];
    const { tool: name, input, said } = step;
    const id = `toolu_${run}_${results.length + 1}`;
    return [
      ...(said === undefined ? [] : [{ type: "text", text: said } as const]),
      { type: "tool_use", id, name, input },
    ];
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = (req.url ?? "/").split("?")[0];
    if (req.method !== "POST") return sendJson(res, 200, {});
    if (path === "/v1/messages/count_tokens")
      return sendJson(res, 200, { input_tokens: tokensIn(await text(req)) });
    if (path !== "/v1/messages")
      return sendJson(res, 404, { type: "error", error: { type: "not_found_error" } });
    const request = messagesRequest.parse(await json(req));
    const message = modelMessage(request.model, nextBlocks(request));
    if (request.stream) sendAsEvents(res, message);
    else sendJson(res, 200, message);
  }

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      sendJson(res, 400, { type: "error", error: { type: "invalid_request_error", message: String(error) } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    results: () => read,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toolResultsOf(request: z.infer<typeof messagesRequest>): ToolResult[] {
  const blocks = request.messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
  return blocks.flatMap((block) => {
    const { success, data } = toolResult.safeParse(block);
    if (!success) return [];
    const { content } = data;
    const text = typeof content === "string" ? content : content.map((part) => part.text ?? "").join("\n");
    return [{ text, isError: data.is_error }];
  });
}

/**
 * The worst case, a token a character, as in Chinese: Claude Code asks for this before it believes an MCP result
 * of 50,000 characters or more, and refuses the result above 25,000 tokens. A small constant would hide that.
 */
function tokensIn(request: string): number {
  return request.length;
}

function sendJson(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
