// The approver's hand: drives the simulated phone from another process, over the same HTTP interface that its page
// uses. It only taps and types; it never talks to the server itself.
import { createParser } from "eventsource-parser";
import type { SimMessage, WebhookResult } from "../../src/simulator/contract.ts";
import { PATIENCE_MS } from "./patience.ts";

/** A request as it stands on the phone. */
interface PhoneRequest {
  /** The id that a person types. */
  readonly id: string;
  readonly message: SimMessage;
}

/** The simulated phone, seen from outside. */
export interface Phone {
  /** Every message so far, oldest first, each in its latest state. */
  messages(): readonly SimMessage[];
  /** Resolves with the first message, past or future, that matches. @throws Error after `timeoutMs`, by default `PATIENCE_MS`. */
  waitForMessage(match: (message: SimMessage) => boolean, timeoutMs?: number): Promise<SimMessage>;
  /** Like `waitForMessage`, for messages that offer Approve, once Twilio has answered the server; `match` sees the body. */
  waitForRequest(match?: (body: string) => boolean, timeoutMs?: number): Promise<PhoneRequest>;
  /** Taps a button, e.g. `approve:kqmwa`. */
  tap(messageSid: string, buttonId: string): Promise<void>;
  /** Types a text; `quote` is the sid of the message that it answers. */
  type(text: string, options?: { readonly quote?: string }): Promise<void>;
  close(): void;
}

/** Connects to a simulated phone and follows its chat until `close`. */
export async function openPhone(url: string): Promise<Phone> {
  const messages = new Map<string, SimMessage>();
  const watchers = new Set<() => void>();
  const hangUp = new AbortController();

  function keep(arrived: readonly SimMessage[]): void {
    for (const message of arrived) messages.set(message.sid, message);
    for (const watcher of watchers) watcher();
  }

  const response = await fetch(`${url}/phone/events`, { signal: hangUp.signal });
  if (!response.ok || !response.body) throw new Error(`${url}/phone/events answered ${response.status}`);
  follow(response.body, keep).catch(() => hangUp.abort());

  function waitForMessage(
    match: (message: SimMessage) => boolean,
    timeoutMs = PATIENCE_MS,
  ): Promise<SimMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        watchers.delete(look);
        const chat = [...messages.values()].map((message) => `${message.direction}: ${message.body}`);
        reject(new Error(`No such message came within ${timeoutMs} ms. The chat:\n${chat.join("\n---\n")}`));
      }, timeoutMs);
      function look(): void {
        const found = [...messages.values()].find(match);
        if (!found) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve(found);
      }
      watchers.add(look);
      look();
    });
  }

  return {
    messages: () => [...messages.values()],
    waitForMessage,
    async waitForRequest(match = () => true, timeoutMs = PATIENCE_MS) {
      const message = await waitForMessage(
        (each) => each.status !== "queued" && idOf(each) !== undefined && match(each.body),
        timeoutMs,
      );
      return { id: idOf(message) ?? "", message };
    },
    tap: (messageSid, buttonId) => post(`${url}/phone/tap`, { message: messageSid, button: buttonId }),
    type: (text, options) => post(`${url}/phone/type`, { text, ...options }),
    close: () => hangUp.abort(),
  };
}

function idOf(message: SimMessage): string | undefined {
  const approve = message.buttons.find((button) => button.id.startsWith("approve:"));
  return approve?.id.slice("approve:".length);
}

/** Reads the phone's events: one `state` with the chat so far, then a `message` for each new or changed one. */
async function follow(
  body: ReadableStream<Uint8Array>,
  keep: (messages: readonly SimMessage[]) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === "state") keep((JSON.parse(data) as { messages: SimMessage[] }).messages);
      if (event === "message") keep([JSON.parse(data) as SimMessage]);
    },
  });
  for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
}

/** Taps or types. @throws Error when the phone refuses, or the server does not take the webhook. */
async function post(url: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${answer}`);
  const webhook = JSON.parse(answer) as WebhookResult;
  if (webhook.status >= 300 || webhook.error) throw new Error(`The webhook was not taken: ${answer}`);
}
