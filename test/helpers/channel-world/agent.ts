// WhatsApp's Agent Platform: a simulated one with the server's calls on the wire.
import { onTestFinished } from "vitest";
import { addressOn } from "../../../src/domain/channel.ts";
import { createAgentPlatform } from "../../../src/simulator/agent/create-agent-platform.ts";
import type { ChannelTraits, OpenWorld } from "./contract.ts";
import { blocksIn, withoutMarkup } from "./markup.ts";
import { createWire } from "./wire.ts";

const USER = "user:111222333";
const STRANGER = "user:666";
// In two halves: no scanner takes it for a real one.
const KEY = `agent-key-of-a-test-${"x".repeat(16)}`;

const AGENT_TRAITS: ChannelTraits = {
  name: "whatsapp-agent",
  hasButtons: false,
  hasReceipts: true,
  changesMessages: false,
  longText: "document",
  tooLong: "document",
  unknownSend: "given up",
  listens: "poll",
  hasChoices: false,
  canReachStrangers: false,
  shownAs: /WhatsApp \(agent\)/,
};

export const openAgentWorld: OpenWorld = async (clock) => {
  const agent = await createAgentPlatform({ key: KEY, clock, user: USER });
  onTestFinished(() => agent.close());
  const wire = await createWire({
    target: agent.url,
    kindOf: (_, path) =>
      path === "/agent/v1/messages" ? "send" : path.startsWith("/agent/v1/updates") ? "poll" : "other",
    isNews: (body) => body.includes('"messages":[{'),
  });
  onTestFinished(() => wire.close());
  clock.watch(wire.underWay);
  let isToLose = false;
  const lost = new Set<string>();
  agent.onChange(() => {
    const last = agent.chat().at(-1);
    if (!isToLose || last?.by !== "agent" || lost.has(last.id)) return;
    isToLose = false;
    lost.add(last.id);
    agent.switches.receipts = "delivered";
    agent.receipt(last.id, "failed");
  });
  return {
    traits: AGENT_TRAITS,
    wire,
    env: { WHATSAPP_AGENT_KEY: KEY, WHATSAPP_AGENT_BASE_URL: wire.url },
    deps: {},
    address: addressOn("whatsapp-agent", USER),
    secrets: [KEY],
    attach() {},
    chat: () =>
      agent
        .chat()
        .filter(({ by }) => by === "agent")
        .map(({ id, text, file }) => ({
          id,
          text: withoutMarkup(text),
          blocks: blocksIn(text),
          buttons: [],
          file,
        })),
    strangersChat: () =>
      agent
        .calls("messages")
        .map(({ body }) => JSON.parse(body) as { readonly to?: string })
        .flatMap(({ to = "" }) => (to === USER ? [] : [to])),
    tap: noButtons,
    tapLate: noButtons,
    write: async (text, quote) => void agent.write(text, { quote }),
    strangerWrites: async (text) => void agent.write(text, { from: STRANGER }),
    refuse(...refusals) {
      for (const refusal of refusals) {
        if (refusal === "person") agent.changeUser("user:999");
        else if (refusal === "message") agent.fail("messages", { status: 400, code: 131_009 });
        else
          agent.fail("messages", {
            status: 429,
            code: 130_429,
            headers: { "retry-after": String(refusal.waitSeconds) },
          });
      }
    },
    holdReplies() {
      const release = wire.holdNews();
      return async (order) => release(order === "mixed" ? mixed : undefined);
    },
    repeatNext: wire.repeatNews,
    loseNext() {
      isToLose = true;
      agent.switches.receipts = "none";
    },
    close: async () => {
      await wire.close();
      await agent.close();
    },
  };
};

async function noButtons(): Promise<never> {
  throw new Error("the Agent Platform has no buttons");
}

/** The place to read on from is a number of 64 bits: it stays as it is written. */
function mixed(body: string): string {
  return body.replace(/"messages":(\[.*\]),"statuses"/s, (_, messages: string) => {
    const turned = (JSON.parse(messages) as unknown[]).toReversed();
    return `"messages":${JSON.stringify(turned)},"statuses"`;
  });
}
