// Moves an accepted message through its statuses and reports each one. Never blocks the REST answer, never throws.

import { phoneOf } from "./address.ts";
import type { Chat, ChatEntry } from "./chat.ts";
import type { Phones } from "./phones.ts";
import { statusCallbackParams } from "./status-callback.ts";
import type { WebhookPost } from "./webhook-post.ts";

type ChatStatus = ChatEntry["message"]["status"];
/** A status that a message reaches. */
export interface DeliveryStep {
  readonly status: ChatStatus;
  readonly code?: number | undefined;
}

/** @param usual what would become of the message. @returns what does become of it. */
export type Fate = (entry: ChatEntry, usual: readonly DeliveryStep[]) => readonly DeliveryStep[];

export type Delivery = ReturnType<typeof createDelivery>;

/** @param deps.closing stops every journey at its next step. */
export function createDelivery(deps: {
  readonly accountSid: string;
  readonly chat: Chat;
  readonly phones: Phones;
  readonly post: WebhookPost;
  readonly closing: AbortSignal;
  readonly fate?: Fate | undefined;
}) {
  const { chat, phones, fate = (_entry, usual) => usual } = deps;
  const journeys = new Map<string, Promise<void>>();

  // One message's steps run one after another; different messages do not wait for each other.
  function enqueue(sid: string, task: () => Promise<void>): void {
    const journey = (journeys.get(sid) ?? Promise.resolve()).then(task).finally(() => {
      if (journeys.get(sid) === journey) journeys.delete(sid);
    });
    journeys.set(sid, journey);
  }

  async function take(sid: string, step: DeliveryStep): Promise<void> {
    if (deps.closing.aborted) return;
    const entry = chat.setStatus(sid, step.status, step.code);
    if (entry?.statusCallback === undefined) return;
    await deps.post(entry.statusCallback, statusCallbackParams(deps.accountSid, entry));
  }

  return {
    /** Starts the journey of a message that was accepted. */
    start(sid: string): void {
      enqueue(sid, async () => {
        const entry = chat.find(sid);
        if (entry === undefined) return;
        const steps = fate(entry, planSteps(entry, phones));
        for (const step of steps) await take(sid, step);
      });
    },

    /** A page shows the message: `read`, once it has been delivered. Nobody else reads it. */
    read(sid: string): void {
      enqueue(sid, async () => {
        if (chat.find(sid)?.message.status === "delivered") await take(sid, { status: "read" });
      });
    },

    /** Resolves when no journey is under way. */
    async settled(): Promise<void> {
      await Promise.all(journeys.values());
    },
  };
}

function planSteps(entry: ChatEntry, phones: Phones): readonly DeliveryStep[] {
  const phone = phoneOf(entry.to);
  const sent: DeliveryStep = { status: "sent" };
  if (!phones.exists(phone)) return [sent, { status: "undelivered", code: 63003 }];
  if (!phones.isJoined(phone)) return [{ status: "failed", code: 63015 }];
  if (!phones.inSession(phone) && !entry.approvedTemplate)
    return [sent, { status: "undelivered", code: 63016 }];
  if (entry.contentError !== undefined) return [sent, { status: "undelivered", code: entry.contentError }];
  return [sent, { status: "delivered" }];
}
