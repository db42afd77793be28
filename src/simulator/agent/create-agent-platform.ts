// Starts a simulated Agent Platform on a loopback port, true to what is known of the real one, with its faults to be switched on. It is
// something to try things with, no security boundary.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type {
  AgentPlatform,
  PlatformCall,
  PlatformEndpoint,
  PlatformFault,
  PlatformOptions,
  PlatformSwitches,
} from "./contract.ts";
import { createPlatformChat } from "./messages.ts";
import { PlatformRefusal, refusals } from "./refusal.ts";
import { createHeldUpdates } from "./updates.ts";

const AGENT_ID = "700000001";
const USER = "user:111222333";
/** 2^53 + 1. */
const FIRST_OFFSET = 9_007_199_254_740_993n;
const MINUTE_MS = 60_000;
const LIMITS: Readonly<Record<PlatformEndpoint, number>> = {
  messages: 12,
  statuses: 12,
  updates: 15,
  media: 12,
};
const METHODS: Readonly<Record<PlatformEndpoint, string>> = {
  messages: "POST",
  statuses: "POST",
  updates: "GET",
  media: "POST",
};

const SWITCHES: PlatformSwitches = {
  forgetsRead: true,
  retryAfterSeconds: undefined,
  idleStatus: 204,
  foreignRead: 403,
  contacts: "named",
  receipts: "delivered",
  hasLimits: true,
};

/** Starts listening on 127.0.0.1. @throws Error when the port is taken */
export async function createAgentPlatform(options: PlatformOptions): Promise<AgentPlatform> {
  const { clock, port = 0, user = USER, firstOffset = FIRST_OFFSET } = options;
  const switches = { ...SWITCHES, ...options.switches };
  const updates = createHeldUpdates({ clock, switches, agentId: AGENT_ID, firstOffset });
  const chat = createPlatformChat({
    ...{ updates, switches, now: clock.now, agentId: AGENT_ID, creator: user },
    idsFrom: options.idsFrom ?? 0,
  });
  const calls: PlatformCall[] = [];
  const faults = new Map<PlatformEndpoint, PlatformFault[]>();
  let { key } = options;
  let [sending, mostSending] = [0, 0];

  function assertKey({ authorization }: IncomingMessage["headers"]): void {
    const [, given] = /^Bearer (\S+)$/.exec(authorization ?? "") ?? [];
    if (given === undefined) throw refusals.noKey();
    if (given !== key) throw refusals.wrongKey();
  }

  function assertLimit(endpoint: PlatformEndpoint): void {
    const recent = calls.filter((each) => each.endpoint === endpoint && each.at > clock.now() - MINUTE_MS);
    if (switches.hasLimits && recent.length > LIMITS[endpoint])
      throw refusals.rate(endpoint, switches.retryAfterSeconds);
  }

  async function work(endpoint: PlatformEndpoint, url: URL, request: Request, gone: AbortSignal) {
    if (endpoint === "updates") return updates.poll(url.searchParams, gone);
    if (endpoint === "media") return answered(await chat.upload(await request.formData()));
    const body = (await request.json()) as Readonly<Record<string, unknown>>;
    if (body["messaging_product"] !== "whatsapp") throw refusals.field("messaging_product is missing");
    return answered(endpoint === "messages" ? chat.take(body) : chat.mark(body));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const endpoint = endpointOf(url.pathname, request.method);
    if (endpoint === undefined) throw refusals.unknownPath();
    assertKey(request.headers);
    const body = await bodyOf(request);
    calls.push({ endpoint, at: clock.now(), query: url.search, body: body.toString() });
    assertLimit(endpoint);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const asked = new Request(url, {
      method: "POST",
      headers: { "content-type": request.headers["content-type"] ?? "" },
      body,
    });
    const fault = faults.get(endpoint)?.shift();
    if (fault !== undefined && fault.isNone !== true) {
      if (fault.isTaken === true) await work(endpoint, url, asked, gone.signal);
      return spoil(response, fault);
    }
    const { status, body: text } = await work(endpoint, url, asked, gone.signal);
    answer(response, status, text);
  }

  function spoil(response: ServerResponse, { hangs, status, code = 2, body, headers }: PlatformFault): void {
    if (hangs === true) return;
    if (status === undefined) return void response.destroy();
    answer(response, status, body ?? new PlatformRefusal(status, code, `(#${code}) simulated`).body, headers);
  }

  function answer(response: ServerResponse, status: number, text: string, headers: object = {}): void {
    const date = new Date(clock.now()).toUTCString();
    response.writeHead(status, { date, "content-type": "application/json", ...headers });
    response.end(text);
  }

  const server = createServer((request, response) => {
    const isSending = request.url === "/agent/v1/messages";
    if (isSending) sending += 1;
    mostSending = Math.max(mostSending, sending);
    void handle(request, response)
      .catch((error: unknown) => {
        const refusal = error instanceof PlatformRefusal ? error : refusals.field("it cannot be read");
        answer(response, refusal.status, refusal.body, refusal.headers);
      })
      .finally(() => {
        if (isSending) sending -= 1;
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

  return {
    ...chat,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switches,
    fail(endpoint, ...more) {
      faults.set(endpoint, [...(faults.get(endpoint) ?? []), ...more]);
    },
    rotateKey(next) {
      key = next;
    },
    calls: (endpoint) => calls.filter((each) => endpoint === undefined || each.endpoint === endpoint),
    mostAtOnce: () => mostSending,
    openPolls: updates.open,
    close: () =>
      new Promise((resolve) => {
        updates.close();
        // Closing a second time is no error.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const answered = (value: object) => ({ status: 200, body: JSON.stringify(value) });

function endpointOf(path: string, method: string | undefined): PlatformEndpoint | undefined {
  const name = path.replace(/^\/agent\/v1\//, "") as PlatformEndpoint;
  return METHODS[name] !== undefined && METHODS[name] === method ? name : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
