// A server that does for the phone page what the simulator does, as far as the page can tell: its files, the event
// stream, and answers to its posts. The test writes the conversation.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, extname, join } from "node:path";
import { json } from "node:stream/consumers";
import type { PhoneState } from "../../src/simulator/phone/event-stream.ts";
import type { PhoneMessage } from "../../src/simulator/phone/phone-app.ts";

const PAGE_DIR = join(import.meta.dirname, "../../public/phone");
const CSP =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'";
const TYPES: Record<string, string> = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };

const SENDER = "whatsapp:+14155238886";
export const PHONE = "+15550001111";
export const OTHER_PHONE = "+15550002222";

const TWILIO = {
  app: "whatsapp",
  apps: [{ app: "whatsapp", title: "WhatsApp" }],
  hasReactions: false,
  sender: SENDER,
} as const;

interface Post {
  readonly path: string;
  /** Which app it is for; null: the first. */
  readonly app: string | null;
  readonly payload: unknown;
}

export interface PhonePageStub {
  readonly url: string;
  readonly posts: readonly Post[];
  /** What the next POSTs get; a WebhookResult with HTTP 200 unless told otherwise. */
  answer: { httpStatus: number; body: object };
  /** Adds or changes a message and tells the open pages. */
  push(message: PhoneMessage): void;
  /** Ends the open streams; `refuse` keeps new ones out until `accept` is called. */
  refuseStreams(): void;
  acceptStreams(): void;
  close(): Promise<void>;
}

const taken = { httpStatus: 200, body: { status: 200, body: "<Response/>", contentType: "text/xml" } };

/** @param phones More than one makes the page offer a choice. */
export async function startPhonePageStub(
  initial: readonly PhoneMessage[] = [],
  phones: readonly string[] = [PHONE],
  app: Partial<Pick<PhoneState, "app" | "apps" | "hasReactions" | "sender">> = {},
): Promise<PhonePageStub> {
  const messages = [...initial];
  const posts: Post[] = [];
  const streams = new Map<ServerResponse, string>();
  let refusing = false;

  function openStream(phone: string, response: ServerResponse): void {
    if (refusing) {
      response.writeHead(503).end();
      return;
    }
    const mine = messages.filter((message) => message.phone === phone);
    const state: PhoneState = { ...TWILIO, ...app, phone, phones, messages: mine };
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
    streams.set(response, phone);
    response.on("close", () => streams.delete(response));
  }

  async function takePost(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = url;
    posts.push({ path, app: searchParams.get("app"), payload: await json(request) });
    if (path === "/phone/read") response.writeHead(204).end();
    else {
      response.writeHead(stub.answer.httpStatus, { "content-type": "application/json" });
      response.end(JSON.stringify(stub.answer.body));
    }
  }

  async function sendFile(path: string, response: ServerResponse): Promise<void> {
    const name = path === "/" ? "index.html" : basename(path);
    const content = await readFile(join(PAGE_DIR, name)).catch(() => undefined);
    const type = TYPES[extname(name)];
    if (content === undefined || type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": type, "content-security-policy": CSP }).end(content);
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST") void takePost(url, request, response);
    else if (url.pathname === "/phone/events")
      openStream(url.searchParams.get("phone") ?? phones[0] ?? "", response);
    else void sendFile(url.pathname, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const stub: PhonePageStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    answer: taken,
    push(message) {
      const index = messages.findIndex(({ sid }) => sid === message.sid);
      if (index < 0) messages.push(message);
      else messages[index] = message;
      for (const [stream, phone] of streams) {
        if (phone === message.phone) stream.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
      }
    },
    refuseStreams() {
      refusing = true;
      for (const stream of streams.keys()) stream.destroy();
    },
    acceptStreams() {
      refusing = false;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return stub;
}
