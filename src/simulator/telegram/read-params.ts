// The parameters of a call: JSON, or a form with a file in it.
import type { IncomingMessage } from "node:http";
import type { Params } from "./bot-methods.ts";

const MAX_BYTES = 50_000_000;

/** @throws Error for what cannot be read */
export async function readParams(request: IncomingMessage): Promise<Params> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("the call is too large");
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) return readForm(body, type);
  return body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as Params);
}

async function readForm(body: Buffer, type: string): Promise<Params> {
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  const params: Record<string, unknown> = {};
  for (const [name, value] of form)
    params[name] = typeof value === "string" ? jsonOf(value) : { name: value.name, text: await value.text() };
  return params;
}

/** Numbers and lists come as JSON, texts as they are. */
function jsonOf(value: string): unknown {
  if (!/^([[{]|-?\d+$|true$|false$)/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
