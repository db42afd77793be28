// Hands a POST whose body Express has parsed to the SDK's handler, which speaks the web's Request and Response, and writes what
// comes back. The SDK's own adapter writes the body out once more and makes a Request of it, with a stream and a second signal:
// a waiting call would hold all of that for as long as a person thinks. Everything else goes through that adapter.
import type { IncomingMessage, ServerResponse } from "node:http";
import { ProtocolErrorCode } from "@modelcontextprotocol/server";

/** What the SDK reads of a request whose parsed body it is given. */
type ReadRequest = Pick<Request, "method" | "url" | "signal"> & { readonly headers: Pick<Headers, "get"> };

export interface WebHandler {
  fetch(request: Request, options: { readonly parsedBody: unknown }): Promise<Response>;
}

/** The same for every connection that breaks: an error of its own for each would carry a stack. */
const GONE = new DOMException("The connection has closed.", "AbortError");

/** @param onerror told of what the handler throws; its caller gets HTTP 500 */
export function createParsedHandler(handler: WebHandler, onerror: (error: Error) => void) {
  return async (req: IncomingMessage, res: ServerResponse, parsedBody: unknown): Promise<void> => {
    const gone = new AbortController();
    res.once("close", () => {
      if (!res.writableFinished) gone.abort(GONE);
    });
    if (res.destroyed) gone.abort(GONE);
    try {
      const response = await handler.fetch(readRequest(req, gone.signal) as Request, { parsedBody });
      res.writeHead(response.status, Object.fromEntries(response.headers));
      await writeBody(response.body, res, gone.signal);
      res.end();
    } catch (error) {
      onerror(error instanceof Error ? error : new Error(String(error)));
      if (res.headersSent) res.end();
      else res.writeHead(500, { "content-type": "application/json" }).end(failure(parsedBody));
    }
  };
}

/** In the words in which the SDK says it. */
function failure(body: unknown): string {
  const { id } = (body ?? {}) as { readonly id?: unknown };
  const error = { code: ProtocolErrorCode.InternalError, message: "Internal server error" };
  const isId = typeof id === "string" || typeof id === "number";
  return JSON.stringify({ jsonrpc: "2.0", error, id: isId ? id : null });
}

function readRequest(
  { method = "POST", url = "/", headers }: IncomingMessage,
  signal: AbortSignal,
): ReadRequest {
  const get = (name: string) => {
    const value = headers[name.toLowerCase()];
    return (Array.isArray(value) ? value.join(", ") : value) ?? null;
  };
  return { method, url: `http://${headers.host ?? "localhost"}${url}`, headers: { get }, signal };
}

/** Ends early where the connection has closed: the stream is told. */
async function writeBody(body: Response["body"], res: ServerResponse, gone: AbortSignal): Promise<void> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (gone.aborted) return void (await reader.cancel());
    if (!res.write(value)) await drained(res, gone);
  }
}

/** Resolves once there is room again, or nobody reads any more. */
function drained(res: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off("drain", done);
      gone.removeEventListener("abort", done);
      resolve();
    };
    res.once("drain", done);
    gone.addEventListener("abort", done);
    if (gone.aborted) done();
  });
}
