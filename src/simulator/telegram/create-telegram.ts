// Starts a simulated Telegram on a loopback port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BotApiError, ERRORS } from "./api-error.ts";
import { createMethods } from "./bot-methods.ts";
import { createChats } from "./chats.ts";
import type {
  Fault,
  FaultOptions,
  SimulatedCall,
  TelegramSimulator,
  TelegramSimulatorOptions,
} from "./contract.ts";
import { createPeople } from "./people.ts";
import { readParams } from "./read-params.ts";
import { createUpdates } from "./updates.ts";

interface SetFault {
  readonly fault: Fault;
  readonly method?: string | undefined;
  left: number;
}

/** Starts listening on 127.0.0.1. @throws Error when the port is taken */
export async function createTelegramSimulator(options: TelegramSimulatorOptions): Promise<TelegramSimulator> {
  const { token, users, now = Date.now, port = 0, holdMs, idsFrom = 0 } = options;
  const botId = Number(token.split(":")[0]);
  const chats = createChats(now, idsFrom);
  const updates = createUpdates();
  const people = createPeople({ users, botId, chats, updates, now, idsFrom });
  let webhook = "";
  const methods = createMethods({ botId, chats, people, updates, webhook: () => webhook, holdMs, now });
  const calls: SimulatedCall[] = [];
  const faults = new Set<SetFault>();

  function faultOf(method: string): Fault | undefined {
    const found = [...faults].find((each) => each.method === undefined || each.method === method);
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) faults.delete(found);
    return found.fault;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, given = "", name = ""] = /^\/bot([^/]*)\/(\w+)/.exec(request.url ?? "") ?? [];
    if (!/^\d+:[\w-]+$/.test(given)) throw ERRORS.notFound();
    if (given !== token) throw ERRORS.unauthorized();
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) throw ERRORS.notFound();
    const params = await readParams(request);
    calls.push({ method: name, params, at: now() });
    const fault = faultOf(name);
    if (fault?.kind === "error") throw new BotApiError(fault.code, fault.description, fault.retryAfter);
    if (fault?.kind === "page") {
      response.writeHead(fault.status, { "content-type": "text/html" }).end("<title>Sign in</title>");
      return;
    }
    const isDone = fault === undefined || fault.kind === "hold" || fault.done === true;
    const result = isDone ? await method(params, goneOf(response)) : undefined;
    if (fault?.kind === "hold") await fault.until;
    if (fault?.kind === "reset") response.destroy();
    else if (fault?.kind !== "hang") send(response, 200, { ok: true, result });
  }

  const server = createServer((request, response) => {
    response.setHeader("date", new Date(now()).toUTCString());
    answer(request, response).catch((error: unknown) => {
      const known = error instanceof BotApiError ? error : new BotApiError(400, "Bad Request: invalid call");
      const { code, message: description, retryAfter } = known;
      const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } };
      send(response, code, { ok: false, error_code: code, description, ...parameters });
    });
  });
  await listen(server, port);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    chat: (user = users[0] ?? 0) => chats.all(user),
    write: people.write,
    tap: people.tap,
    forgeTap: people.forgeTap,
    react: people.react,
    edit: people.edit,
    answerTo: people.answerTo,
    answered: people.answered,
    block: people.block,
    tell(update) {
      for (const [kind, value] of Object.entries(update)) updates.push(kind, value);
    },
    calls: (method) => calls.filter((call) => method === undefined || call.method === method),
    fault(fault, { method, times = Number.POSITIVE_INFINITY }: FaultOptions = {}) {
      const set = { fault, method, left: times };
      faults.add(set);
      return () => void faults.delete(set);
    },
    setWebhook(url) {
      webhook = url;
      if (url !== "") updates.conflict(new BotApiError(409, "Conflict: terminated by setWebhook request"));
    },
    renumber: updates.renumber,
    isPolled: updates.isPolled,
    onChange: chats.onChange,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function goneOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}
