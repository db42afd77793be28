// The Messages API's answer with its content blocks, whole or as the stream of events that Claude Code reads.
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

/** What a model's turn consists of here. */
export type ContentBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object };

/** A complete answer, as the API gives it without streaming. */
export type ModelMessage = ReturnType<typeof modelMessage>;

/** Size of one `input_json_delta`, characters: big inputs arrive in pieces, as from the real API. */
const PIECE_LENGTH = 16_384;

/** Builds a complete answer. */
export function modelMessage(model: string, blocks: readonly ContentBlock[]) {
  return {
    id: `msg_${randomUUID()}`,
    type: "message",
    role: "assistant",
    model,
    content: blocks,
    stop_reason: blocks.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 10 },
  };
}

/** Sends an answer as server-sent events and ends the response. */
export function sendAsEvents(res: ServerResponse, message: ModelMessage): void {
  const { stop_reason, stop_sequence, usage } = message;
  res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  function send(type: string, fields: object): void {
    res.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  }
  send("message_start", { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of message.content.entries()) {
    const empty = block.type === "text" ? { ...block, text: "" } : { ...block, input: {} };
    send("content_block_start", { index, content_block: empty });
    for (const delta of deltasOf(block)) send("content_block_delta", { index, delta });
    send("content_block_stop", { index });
  }
  send("message_delta", { delta: { stop_reason, stop_sequence }, usage });
  send("message_stop", {});
  res.end();
}

function deltasOf(block: ContentBlock): object[] {
  if (block.type === "text") return [{ type: "text_delta", text: block.text }];
  const json = JSON.stringify(block.input);
  const deltas: object[] = [];
  for (let at = 0; at < json.length; at += PIECE_LENGTH) {
    deltas.push({ type: "input_json_delta", partial_json: json.slice(at, at + PIECE_LENGTH) });
  }
  return deltas;
}
