// A channel in memory: what is written to it is handed on at once, and what is sent over it is kept.
import type { Channel, ChannelHealth, Heard } from "../../src/core/ports/channel.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { addressOn, type PairedChannel } from "../../src/domain/channel.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { noticeLines } from "../../src/domain/notice-lines.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import type { OpenChannel } from "../../src/server/channels.ts";

interface Told {
  readonly to: Phone;
  readonly kind: Notice["kind"];
  readonly text: string;
}

export interface MadeUpChannel {
  readonly channel: Channel;
  readonly told: readonly Told[];
  readonly asked: readonly { readonly to: Phone; readonly request: ApprovalRequest }[];
  /** As a user of the platform. @param at when it was sent. Default: now. @returns what became of a stranger's words */
  write(user: string, text: string, at?: number): Promise<"bound" | "ignored" | "heard">;
  tap(user: string, buttonId: string): Promise<void>;
  /** As the platform does with an address that it refuses for good. */
  lose(user: string, why: string): Promise<void>;
  isHeard(): boolean;
  setHealth(health: Partial<ChannelHealth>): void;
}

export function createMadeUpChannel(name: PairedChannel, now: () => number = Date.now): MadeUpChannel {
  const told: Told[] = [];
  const asked: { to: Phone; request: ApprovalRequest }[] = [];
  let heard: Heard | undefined;
  let state: ChannelHealth = { channel: name, state: "up" };
  let count = 0;
  const nextId = () => `${name}:made-up:${++count}`;

  function listener(): Heard {
    if (heard === undefined) throw new Error("the channel does not listen");
    return heard;
  }

  return {
    told,
    asked,
    isHeard: () => heard !== undefined,
    setHealth(health) {
      state = { ...state, ...health };
    },
    async write(user, text, at = now()) {
      const from = addressOn(name, user);
      if (!listener().isBound(from)) return listener().stranger({ from, text, at });
      await listener().reply({ id: nextId(), from, text, at, verified: true });
      return "heard";
    },
    async tap(user, buttonId) {
      const from = addressOn(name, user);
      await listener().reply({ id: nextId(), from, text: "", buttonId, at: now(), verified: true });
    },
    lose: (user, why) => listener().lost(addressOn(name, user), why),
    channel: {
      name,
      messenger: {
        async ask(request, { to = [], onRendered, onSent }) {
          onRendered({ offersSession: false, hidden: 0 });
          const sent = to.map((address) => ({ messageId: nextId(), to: address, hasButtons: true }));
          for (const message of sent) {
            asked.push({ to: message.to, request });
            onSent(message);
          }
          return sent;
        },
        async tell(to, notice) {
          const text = noticeLines(notice)
            .map((each) =>
              each.text.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(""),
            )
            .join("\n");
          told.push({ to, kind: notice.kind, text });
          return nextId();
        },
        more: async () => 0,
      },
      receipt: { show() {} },
      start(listens) {
        heard = listens;
      },
      changed() {},
      ended() {},
      health: () => state,
      async close() {
        heard = undefined;
      },
    },
  };
}

/** For `openChannel`: each of the channels by its name. */
export function openMadeUp(...channels: readonly MadeUpChannel[]): OpenChannel {
  return async (_account, _config, _deps, name) => {
    const found = channels.find(({ channel }) => channel.name === name);
    if (found === undefined) throw new Error(`there is no made-up channel ${name}`);
    return found.channel;
  };
}
