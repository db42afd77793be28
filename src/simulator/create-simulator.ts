// Starts a simulated Twilio with its phones on a loopback port. It is a phone to try things with, no security boundary.
import { setMaxListeners } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createSimulatorApp } from "./app.ts";
import { createChat } from "./chat.ts";
import { createContentStore } from "./content/content-store.ts";
import { templateSchema } from "./content/template.ts";
import type { Simulator, SimulatorOptions } from "./contract.ts";
import { createDelivery } from "./delivery.ts";
import { createGestures } from "./inbound/gestures.ts";
import { createInbound } from "./inbound/inbound.ts";
import type { Interference } from "./interference.ts";
import { keepChat } from "./kept-chat.ts";
import { createEventStreams } from "./phone/event-stream.ts";
import { createPhones } from "./phones.ts";
import { createSenders } from "./senders.ts";
import { createTyping } from "./typing.ts";
import { createWebhookPost } from "./webhook-post.ts";

/**
 * Starts listening on 127.0.0.1.
 * @throws Error when there is no phone, or the port is taken.
 */
export async function createSimulator(
  options: SimulatorOptions,
  { intercept, fetch, fate, alter }: Interference = {},
): Promise<Simulator> {
  const [defaultPhone] = options.phones;
  if (defaultPhone === undefined) throw new Error("the simulator needs at least one phone");
  const { accountSid, authToken, sender, now = Date.now } = options;
  const closing = new AbortController();
  // Every post under way listens, until it is over; Node would warn of a leak at the eleventh.
  setMaxListeners(0, closing.signal);

  const chat = createChat(now);
  const phones = createPhones(options.phones, now);
  const contents = createContentStore(now);
  const senders = createSenders({ sender, others: options.otherSenders });
  const post = createWebhookPost({ authToken, closing: closing.signal, fetch });
  const delivery = createDelivery({ accountSid, chat, phones, post, closing: closing.signal, fate });
  const inbound = createInbound({
    accountSid,
    sender,
    chat,
    phones,
    delivery,
    post,
    webhookUrl: () => senders.callbackUrl() ?? options.webhookUrl(),
    now,
  });
  const typing = createTyping();
  const gestures = createGestures({ chat, inbound, defaultPhone });
  const streams = createEventStreams();
  const app = createSimulatorApp(options, {
    chat,
    phones,
    contents,
    senders,
    delivery,
    gestures,
    streams,
    typing,
    now,
    intercept,
    alter,
  });
  const server = await listen(app, options.port);
  // Only who has the port has the file.
  const { chatFile, chatKeptMs } = options;
  const since = () => (chatKeptMs === undefined ? 0 : now() - chatKeptMs);
  const kept = chatFile === undefined ? undefined : keepChat(chatFile, chat, phones.exists, since);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    makeContent:
      intercept === undefined && alter === undefined
        ? (template) => contents.create(templateSchema.parse(template)).sid
        : undefined,
    messages: () => chat.all().map((entry) => entry.message),
    onMessage: (listener) => chat.onChange(({ message }) => listener(message)),
    tap: gestures.tap,
    type: gestures.type,
    warnings: inbound.warnings,
    senders: senders.all,
    closeSession: phones.closeSession,
    leaveSandbox: phones.leave,
    close: async () => {
      closing.abort(new Error("the simulator was closed"));
      streams.close();
      await stop(server);
      await delivery.settled();
      await kept?.close();
    },
  };
}

function listen(app: ReturnType<typeof createSimulatorApp>, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, "127.0.0.1", (error?: Error) => {
      if (error === undefined) resolve(server);
      else reject(error);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Closing a second time is no error.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
