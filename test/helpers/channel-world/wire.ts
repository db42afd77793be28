// The wire between the server and a platform, in the test's hands: a small proxy on loopback that can hang, break, hold, repeat and be down.
// It knows of a call only whether it sends something, asks for news, or neither.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type CallKind = "send" | "poll" | "other";

/**
 * What becomes of one call. `done`: the platform carries it out all the same.
 * - `hang`: never answered. - `break`: the connection ends without an answer, or in the middle of it. - `hold`: carried out at once,
 *   answered when the promise resolves.
 */
export type WireFault =
  | { readonly kind: "hang" | "break"; readonly done?: boolean }
  | { readonly kind: "hold"; readonly until: Promise<unknown> };

export interface Wire {
  /** The origin in place of the platform's. */
  readonly url: string;
  /** The next calls of a kind, one fault each. */
  next(kind: CallKind, ...faults: readonly WireFault[]): void;
  /** Every call of a kind, until it is taken back. @returns takes it back */
  every(kind: CallKind, fault: WireFault): () => void;
  /** No news gets through, also none that is asked for already. @returns lets all of it through at once, changed as it says */
  holdNews(): (change?: (body: string) => string) => void;
  /** The next news is brought once more by the call after it. */
  repeatNews(): void;
  /**
   * Nothing listens any more: every connection ends, and no new one is made. What is on its way is answered first: a message that the
   * platform has and the server knows nothing of is what `break` makes.
   */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Calls that came so far. */
  calls(kind: CallKind): number;
  /** Calls on their way: one that asks for news and is held back is none, nor is one that hangs. */
  underWay(): number;
  close(): Promise<void>;
}

export interface WireOptions {
  readonly target: string;
  readonly kindOf: (method: string, path: string) => CallKind;
  /** Whether an answer to a poll brings anything. */
  readonly isNews: (body: string) => boolean;
}

interface CarriedCall {
  readonly call: IncomingMessage;
  readonly response: ServerResponse;
  readonly kind: CallKind;
  readonly fault: WireFault | undefined;
  /** It is no longer on its way. */
  over(): void;
}

interface PlatformAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export async function createWire({ target, kindOf, isNews }: WireOptions): Promise<Wire> {
  const queued = new Map<CallKind, WireFault[]>();
  const standing = new Map<CallKind, WireFault>();
  const counts = new Map<CallKind, number>();
  let heldBack: Promise<(body: string) => string> | undefined;
  let [isToRepeat, repeated]: [boolean, PlatformAnswer | undefined] = [false, undefined];
  let underWay = 0;
  const waiting: (() => void)[] = [];

  const server = createServer((call, response) => {
    const kind = kindOf(call.method ?? "", call.url ?? "");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const fault = queued.get(kind)?.shift() ?? standing.get(kind);
    let isOver = kind === "poll";
    if (!isOver) underWay += 1;
    const over = () => {
      if (!isOver) underWay -= 1;
      isOver = true;
      if (underWay === 0) for (const tell of waiting.splice(0)) tell();
    };
    response.once("close", over);
    carry({ call, response, kind, fault, over }).catch(() => response.destroy());
  });

  async function carry({ call, response, kind, fault, over }: CarriedCall): Promise<void> {
    const body = await bytesOf(call);
    if (fault === undefined)
      return give(
        response,
        kind === "poll" ? await news(call, body, response) : await pass(call, body, response),
      );
    if (fault.kind === "hold") {
      const answer = await pass(call, body, response);
      over();
      await fault.until;
      return give(response, answer);
    }
    const answer = fault.done === true ? await pass(call, body, response) : undefined;
    if (fault.kind === "hang") over();
    else breakOff(response, answer);
  }

  async function news(
    call: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<PlatformAnswer> {
    if (repeated !== undefined) {
      const again = repeated;
      repeated = undefined;
      return again;
    }
    let answer = await pass(call, body, response);
    if (heldBack !== undefined) {
      const change = await heldBack;
      const { body: brought, ...rest } = await pass(call, body, response);
      answer = { ...rest, body: Buffer.from(change(brought.toString())) };
    }
    if (isToRepeat && isNews(answer.body.toString())) [isToRepeat, repeated] = [false, answer];
    return answer;
  }

  function pass(call: IncomingMessage, body: Buffer, response: ServerResponse): Promise<PlatformAnswer> {
    return new Promise((resolve, reject) => {
      const { method, url = "/", headers } = call;
      const onward = request(new URL(url, target), { method, headers, agent: false }, (answer) => {
        bytesOf(answer).then((bytes) => {
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: bytes });
        }, reject);
      });
      onward.once("error", reject);
      // Whoever gives up takes the call back from the platform as well.
      response.once("close", () => onward.destroy());
      onward.end(body);
    });
  }

  let port = 0;
  await listen(server, port);
  port = (server.address() as AddressInfo).port;

  async function down(): Promise<void> {
    if (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    await close();
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  return {
    url: `http://127.0.0.1:${port}`,
    next(kind, ...faults) {
      queued.set(kind, [...(queued.get(kind) ?? []), ...faults]);
    },
    every(kind, fault) {
      standing.set(kind, fault);
      return () => void standing.delete(kind);
    },
    holdNews() {
      let letThrough: (change: (body: string) => string) => void = () => {};
      heldBack = new Promise((resolve) => {
        letThrough = resolve;
      });
      return (change = (body) => body) => {
        heldBack = undefined;
        letThrough(change);
      };
    },
    repeatNews() {
      isToRepeat = true;
    },
    down,
    up: () => listen(server, port),
    calls: (kind) => counts.get(kind) ?? 0,
    underWay: () => underWay,
    close,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function give(response: ServerResponse, { status, headers, body }: PlatformAnswer): void {
  if (response.destroyed) return;
  const { "transfer-encoding": _, connection: __, "keep-alive": ___, ...kept } = headers;
  response.writeHead(status, { ...kept, "content-length": body.length }).end(body);
}

/** In the middle of the answer, where there is one. */
function breakOff(response: ServerResponse, answer: PlatformAnswer | undefined): void {
  if (answer === undefined) return void response.destroy();
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "content-length": answer.body.length,
  });
  response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => response.destroy());
}
