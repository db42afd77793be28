// What happens in one round of a scenario, and what is known of it afterwards: who asked what, what the caller was answered, what
// has run. The server may be gone at any moment: then the round is over.
import { setMaxListeners } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { callTool } from "../helpers/server-stage.ts";
import { linesOf, PATIENCE_MS, type World } from "./world.ts";

/** What a caller read: a broken connection is a denial for Claude Code. */
export type Answer = "allow" | "deny" | "broken";

/** One call that somebody made. */
interface Call {
  /** Stands in its input, and in nothing else. */
  readonly mark: string;
  answer: Answer;
}

export interface Act {
  readonly world: World;
  /** All of them, in their order. */
  readonly calls: readonly Call[];
  /** The messages whose buttons were tapped, and how many messages the phone had then. */
  readonly tapped: readonly { readonly sid: string; readonly at: number }[];
  /** What was typed, and how many messages the phone had then. */
  readonly typed: readonly { readonly text: string; readonly at: number; readonly isQuote: boolean }[];
  /** How many messages the phone had before. */
  readonly first: number;
  /** A new word that no other call has. */
  mark(): string;
  /** A call that the phone itself asks for: nobody waits for its answer. */
  note(mark: string): void;
  /** Follows a call: `read` says what it was answered. Never rejects. */
  call(mark: string, read: (signal: AbortSignal) => Promise<Answer>): Promise<Answer>;
  /** A Bash call of `claude -p`. */
  permission(mark: string, id?: string, command?: string): Promise<Answer>;
  /** The message with the buttons of a call. Rejects when the server ends. */
  prompt(mark: string, but?: SimMessage): Promise<SimMessage>;
  /** An MCP tool that the server runs itself. `allow` where it ran. */
  tool(mark: string, name: string, args: Record<string, unknown>): Promise<Answer>;
  /** A message without buttons after `prompt`, to the phone, with these words. */
  told(words: string | RegExp): Promise<SimMessage>;
  tap(message: SimMessage, button: string): Promise<void>;
  type(text: string, quote?: SimMessage): Promise<void>;
  idOf(prompt: SimMessage): string;
  /** Waits until the script of this call has begun, and lets it go on. */
  ran(mark: string): Promise<void>;
  letGo(mark: string): void;
  /** Waits until a tool is in the list. */
  offered(name: string): Promise<void>;
  /** Stops the server as a service manager does. */
  stop(): Promise<void>;
  /** Rejects when the server ends, else is the same. */
  alive<T>(work: Promise<T>): Promise<T>;
  /** Resolves when every caller has its answer, or knows that there is none. */
  settled(): Promise<void>;
}

/** How long an answer that was written before the end may still be read, ms. */
const READ_ON_MS = 200;
let marks = 0;

export function createAct(world: World): Act {
  const { server, phone } = world;
  const calls: Call[] = [];
  const reads: Promise<unknown>[] = [];
  const tapped: { sid: string; at: number }[] = [];
  const typed: { text: string; at: number; isQuote: boolean }[] = [];
  const first = phone.messages().length;
  const isNew = (message: SimMessage) => phone.messages().indexOf(message) >= first;
  /** Until a little after the server's end. */
  const callers = new AbortController();
  server.ended.addEventListener("abort", () => {
    setTimeout(() => callers.abort(new Error("the connection is broken")), READ_ON_MS);
  });

  /** Until the server's end, or until it is plain that nothing more comes. */
  const over = new AbortController();
  server.ended.addEventListener("abort", () => over.abort(server.ended.reason));
  setTimeout(() => over.abort(new Error(`nothing more comes\n${server.output()}`)), PATIENCE_MS).unref();
  setMaxListeners(0, over.signal);

  const act: Act = {
    world,
    calls,
    tapped,
    typed,
    first,
    mark: () => {
      marks += 1;
      return `mark${String(marks).padStart(5, "0")}x`;
    },
    note: (mark) => void calls.push({ mark, answer: "broken" }),
    async call(mark, read) {
      const call: Call = { mark, answer: "broken" };
      calls.push(call);
      const reading = read(callers.signal).catch(() => "broken" as const);
      reads.push(reading);
      call.answer = await reading;
      return call.answer;
    },
    permission: (mark, id = mark, command = `ls /srv/${mark}`) =>
      act.call(mark, async (signal) => {
        const args = { tool_name: "Bash", input: { command }, tool_use_id: id };
        const headers = { "X-Approval-Project": "/code/web-shop" };
        return (await callTool(server, args, { signal, headers })).behavior;
      }),
    tool: (mark, name, args) => act.call(mark, (signal) => callOnce(server.localUrl, name, args, signal)),
    prompt: (mark, but) =>
      phone.waitForMessage(
        (message) =>
          message.buttons.length > 0 &&
          message.body.includes(mark) &&
          isNew(message) &&
          message.sid !== but?.sid,
        over.signal,
      ),
    told: (words) =>
      phone.waitForMessage(
        (message) =>
          message.direction === "to-phone" &&
          message.buttons.length === 0 &&
          isNew(message) &&
          message.body.search(words) >= 0,
        over.signal,
      ),
    async tap(message, button) {
      tapped.push({ sid: message.sid, at: phone.messages().length });
      await act.alive(phone.tap(message.sid, button));
    },
    async type(text, quote) {
      typed.push({ text, at: phone.messages().length + 1, isQuote: quote !== undefined });
      await act.alive(phone.type(text, quote === undefined ? {} : { quote: quote.sid }));
    },
    idOf: ({ buttons }) => buttons[0]?.id.split(":")[1] ?? "",
    async ran(mark) {
      while (runsOf(join(world.dir, "ran"), mark) === 0) await act.alive(sleep(10));
      // One that was killed meanwhile does not let it go on: the next start must end it.
      await act.alive(server.quiet());
    },
    letGo: (mark) => writeFileSync(join(world.dir, `go-${mark}`), ""),
    async offered(name) {
      const body = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
      const headers = { accept: "application/json, text/event-stream" };
      for (;;) {
        const asked = { method: "POST", body, headers, signal: over.signal };
        const response = await act.alive(fetchText(`${server.localUrl}/mcp`, asked));
        if (response.includes(`"${name}"`) && !response.includes("is being started")) return;
        await act.alive(sleep(20));
      }
    },
    stop: () => server.end("SIGTERM"),
    alive: (work) =>
      new Promise((resolve, reject) => {
        if (over.signal.aborted) reject(over.signal.reason);
        over.signal.addEventListener("abort", () => reject(over.signal.reason), { once: true });
        work.then(resolve, reject);
      }),
    settled: async () => void (await Promise.all(reads)),
  };
  return act;
}

async function fetchText(
  url: string,
  { body, headers, signal }: { body: object; headers: Record<string, string>; signal: AbortSignal },
): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
    signal,
  });
  return response.text();
}

async function callOnce(
  url: string,
  name: string,
  args: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Answer> {
  const client = new Client({ name: "faults", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  try {
    const options = { timeout: PATIENCE_MS, signal, onprogress: () => {} };
    const result = await client.callTool({ name, arguments: args }, options);
    return result.isError === true ? "deny" : "allow";
  } finally {
    await client.close().catch(() => {});
  }
}

/** How often a call has run, by the notes that what runs makes. @param notes file with a line a run */
export function runsOf(notes: string, mark: string): number {
  return linesOf(notes).filter((line) => line.includes(mark)).length;
}
