// The chat of the simulated agent: what each side has sent, what the platform refuses of it, and the receipts.
import type { AgentPlatform, PlatformMessage, PlatformSwitches, WriteOptions } from "./contract.ts";
import { refusals } from "./refusal.ts";
import type { HeldUpdates } from "./updates.ts";

const MAX_TEXT = 4_096;
const MAX_CAPTION = 1_024;
const MAX_FILE_BYTES = 16_000_000;

type SentCall = Readonly<Record<string, unknown>>;

export interface PlatformChat
  extends Pick<
    AgentPlatform,
    | "write"
    | "deliver"
    | "react"
    | "read"
    | "chat"
    | "onChange"
    | "receipt"
    | "releaseReceipts"
    | "changeUser"
  > {
  /** A message of the agent's. @returns the platform's answer @throws PlatformRefusal */
  take(call: SentCall): object;
  /** A mark as read, with or without typing. @throws PlatformRefusal */
  mark(call: SentCall): object;
  /** @throws PlatformRefusal */
  upload(form: FormData): Promise<object>;
}

interface PlatformChatDeps {
  readonly updates: HeldUpdates;
  readonly switches: PlatformSwitches;
  readonly now: () => number;
  readonly agentId: string;
  readonly creator: string;
  readonly idsFrom: number;
}

export function createPlatformChat({
  updates,
  switches,
  now,
  agentId,
  creator,
  idsFrom,
}: PlatformChatDeps): PlatformChat {
  let messages: readonly PlatformMessage[] = [];
  let user = creator;
  let late: (() => void)[] = [];
  let numbered = idsFrom;
  const files = new Map<string, { readonly name: string; readonly text: string }>();
  const listeners = new Set<() => void>();

  const seconds = (at: number) => String(Math.floor(at / 1000));
  const find = (id: string) => messages.find((each) => each.id === id);

  function newId(side: "IN" | "OUT"): string {
    numbered += 1;
    return `wamid.${side}${numbered}`;
  }

  function change(next: readonly PlatformMessage[]): void {
    messages = next;
    for (const listener of listeners) listener();
  }

  function update(id: string, more: Partial<PlatformMessage>): void {
    change(messages.map((each) => (each.id === id ? { ...each, ...more } : each)));
  }

  function receipt(id: string, status: string, at = now()): void {
    if (status === "delivered" || status === "read") {
      if (find(id)?.state !== "read") update(id, { state: status });
    }
    updates.add("status", { id, status, recipient_id: user, timestamp: seconds(at) });
  }

  function tellReceipts(id: string): void {
    const statuses: Readonly<Record<PlatformSwitches["receipts"], readonly string[]>> = {
      delivered: ["delivered"],
      read: ["delivered", "read"],
      none: [],
      late: ["delivered"],
      twice: ["delivered", "delivered", "read", "read"],
      reversed: ["read", "delivered"],
    };
    const tell = () => {
      for (const status of statuses[switches.receipts]) receipt(id, status);
    };
    if (switches.receipts === "late") late.push(tell);
    else tell();
  }

  function deliver(
    type: string,
    payload: object,
    { quote, from = user, at = now(), context: more }: WriteOptions = {},
  ): string {
    const id = newId("IN");
    const text = textIn(payload);
    if (type !== "reaction")
      change([...messages, { id, by: "person", type, text, quote, state: "delivered", at }]);
    const by = find(quote ?? "")?.by === "person" ? from : `agent:${agentId}`;
    const context = quote === undefined ? more : { id: quote, from: by, ...more };
    updates.add("message", { from, id, timestamp: seconds(at), type, [type]: payload, context });
    return id;
  }

  return {
    deliver,
    write: (text, options) => deliver("text", { body: text }, options),
    react(messageId, emoji, options) {
      update(messageId, { reaction: emoji });
      return deliver("reaction", { message_id: messageId, emoji }, options);
    },
    read(messageId) {
      const unread = messages.filter(
        ({ id, by, state }) =>
          by === "agent" && state !== "read" && (messageId === undefined || id === messageId),
      );
      for (const { id } of unread) receipt(id, "read");
    },
    chat: () => messages,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    receipt,
    releaseReceipts() {
      const tellers = late;
      late = [];
      for (const tell of tellers) tell();
    },
    changeUser(next) {
      user = next;
    },
    take({ to, type, text, document, context }) {
      if (typeof to !== "string" || !to.startsWith("user:")) throw refusals.field("to is no user");
      if (to !== user) throw refusals.notThePerson();
      const quote = idIn(context, "message_id");
      if (quote !== undefined && !quote.startsWith("wamid.")) throw refusals.field("message_id is not one");
      if (quote !== undefined && find(quote) === undefined)
        throw refusals.field("message_id is of another chat");
      const id = newId("OUT");
      const common = { id, by: "agent", quote, state: "taken", at: now() } as const;
      if (type === "text") {
        const body = idIn(text, "body");
        if (body === undefined || body === "") throw refusals.field("text.body is missing");
        if (body.length > MAX_TEXT) throw refusals.tooLong("text.body");
        change([...messages, { ...common, type, text: body }]);
      } else if (type === "document") {
        const file = files.get(idIn(document, "id") ?? "");
        if (file === undefined) throw refusals.field("document.id is not one");
        const caption = idIn(document, "caption") ?? "";
        if (caption.length > MAX_CAPTION) throw refusals.tooLong("caption");
        const name = idIn(document, "filename") ?? file.name;
        change([...messages, { ...common, type, text: caption, file: { ...file, name } }]);
      } else throw refusals.field("this type cannot be sent");
      tellReceipts(id);
      const contacts = [{ input: to, wa_id: to }];
      return { messaging_product: "whatsapp", contacts, messages: [{ id }] };
    },
    mark({ status, message_id: id, typing_indicator: typing }) {
      if (status !== "read") throw refusals.field("status is not read");
      const type = typing === undefined || typing === null ? "text" : idIn(typing, "type");
      if (type !== "text") throw refusals.field("typing_indicator.type is not text");
      if (typeof id !== "string" || find(id)?.by !== "person")
        throw switches.foreignRead === 403
          ? refusals.notThePerson()
          : refusals.field("message_id is foreign");
      update(id, { state: "read", isTyping: typing !== undefined && typing !== null });
      if (switches.forgetsRead) updates.forget(id);
      return { success: true };
    },
    async upload(form) {
      const file = form.get("file");
      if (!(file instanceof Blob)) throw refusals.field("file is missing");
      if (form.get("type") !== "text/plain") throw refusals.upload("this type is not taken here");
      if (file.size > MAX_FILE_BYTES) throw refusals.upload("the file is too large");
      numbered += 1;
      const id = `00000000-0000-4000-8000-${String(numbered).padStart(12, "0").slice(-12)}`;
      // With its byte order mark, which `text` takes away.
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await file.arrayBuffer());
      files.set(id, { name: "name" in file ? String(file.name) : "", text });
      return { id };
    },
  };
}

function idIn(value: unknown, name: string): string | undefined {
  const found = typeof value === "object" && value !== null ? (value as SentCall)[name] : undefined;
  return typeof found === "string" ? found : undefined;
}

function textIn(payload: object): string {
  return idIn(payload, "body") ?? idIn(payload, "caption") ?? "";
}
