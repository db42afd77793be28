// A call that waits at the real gate, its message at the simulated Agent Platform, and the person's words on their way back.
import { describe, expect, it } from "vitest";
import type { Inbound } from "../../src/core/inbound.ts";
import type { Phone, ToolCall } from "../../src/domain/tool-call.ts";
import { type AgentStageOptions, bash, PERSON, startAgent } from "../helpers/agent-stage.ts";
import { SUBMISSION } from "../helpers/gate-stage.ts";
import { DB, questionCall } from "../helpers/questions.ts";
import { createReplyStage } from "../helpers/reply-stage.ts";

async function startWorld(options: AgentStageOptions = {}) {
  let receive = async (_: Inbound): Promise<void> => {};
  let channel: Awaited<ReturnType<typeof startAgent>>["channel"] | undefined;
  const stage = await createReplyStage({
    approvers: [PERSON],
    ask: async (request, signal, question, onSent = () => {}) => {
      if (channel === undefined) throw new Error("the channel is not there");
      const options = { to: [PERSON], signal, question, onSent, onRendered() {}, leftMs: () => 300_000 };
      return channel.messenger.ask(request, options);
    },
  });
  receive = stage.replyHandler.receive;
  const agent = await startAgent({
    world: stage.clock,
    clock: stage.clock,
    heard: { reply: (inbound) => receive(inbound), isBound: (address: Phone) => address === PERSON },
    ...options,
  });
  channel = agent.channel;

  async function ask(call: ToolCall = bash("ls -la /etc")) {
    const messages = agent.platform.chat().length;
    let ended: unknown;
    const answer = stage.gate.request({ ...SUBMISSION, call });
    void answer.then((value) => {
      ended = value;
    });
    await agent.until(() => agent.platform.chat().length > messages);
    return { message: agent.platform.chat().at(-1)?.id ?? "", id: stage.id(), ended: () => ended };
  }
  return { ...agent, stage, ask };
}

describe("a call that waits", () => {
  it.each([
    ["a quoted yes", (_: string) => "yes", true],
    ["the id, typed", (id: string) => `APPROVE ${id}`, false],
    ["the id and a word", (id: string) => `yes ${id}`, false],
  ])("is approved by %s", async (_, words, isQuoted) => {
    const { ask, platform, until } = await startWorld();
    const { message, id, ended } = await ask();
    platform.write(words(id), isQuoted ? { quote: message } : {});
    await until(() => ended() !== undefined);
    expect(ended()).toMatchObject({ outcome: { status: "approved", by: PERSON, via: { proof: "fetched" } } });
  });

  it("is denied by words in reply to it, and Claude reads them", async () => {
    const { ask, platform, until } = await startWorld();
    const { message, ended } = await ask();
    platform.write("use the test database", { quote: message });
    await until(() => ended() !== undefined);
    expect(ended()).toMatchObject({ outcome: { status: "denied", reason: "use the test database" } });
  });

  it.each([
    ["a bare yes", "yes", {}],
    ["a stranger who knows the id", "APPROVE", { from: "user:666" }],
    ["what a button would say", "approve:", {}],
  ])("is not decided by %s", async (_, words, options) => {
    const { ask, platform, pass, stage, until } = await startWorld();
    const { id, ended } = await ask();
    const text = words === "yes" ? words : words === "APPROVE" ? `${words} ${id}` : `${words}${id}`;
    platform.write(text, options);
    const polls = platform.calls("updates").length;
    await until(() => platform.calls("updates").length > polls + 1);
    await pass(2_000);
    expect(ended()).toBeUndefined();
    expect(stage.gate.waiting()).toHaveLength(1);
  });

  it.each([
    ["on", "👍", "approved"],
    ["on", "👎", "denied"],
    ["off", "👍", undefined],
  ] as const)("with reactions %s takes %s as: %s", async (reactions, sign, status) => {
    const { ask, platform, until, pass, stage } = await startWorld({ reactions });
    const { message, ended } = await ask();
    platform.react(message, sign);
    if (status === undefined) await pass(30_000);
    else await until(() => ended() !== undefined);
    if (status === undefined) expect(stage.gate.waiting()).toHaveLength(1);
    else expect(ended()).toMatchObject({ outcome: { status } });
  });

  it("whose message only a receipt has proven is answered by its id, and by no quoted yes", async () => {
    const { ask, platform, until, pass } = await startWorld();
    platform.fail("messages", { status: 500, isTaken: true });
    const { message, id, ended } = await ask();
    await until(() => platform.calls("updates").length > 2);
    platform.write("yes", { quote: message });
    await pass(15_000);
    expect(ended()).toBeUndefined();
    platform.write(`yes ${id}`);
    await until(() => ended() !== undefined);
    expect(ended()).toMatchObject({ outcome: { status: "approved" } });
  });

  it("and asks something is answered by a number in reply", async () => {
    const { ask, platform, until } = await startWorld();
    const { message, ended } = await ask(questionCall(DB));
    platform.write("2", { quote: message });
    await until(() => ended() !== undefined);
    expect(ended()).toMatchObject({ outcome: { status: "approved", answers: [expect.anything()] } });
  });

  it("whose document is quoted is decided as by its message", async () => {
    const { ask, platform, until } = await startWorld();
    const { ended } = await ask(bash("echo long\n".repeat(900)));
    await until(() => platform.chat().length === 2);
    platform.write("no", { quote: platform.chat()[0]?.id });
    await until(() => ended() !== undefined);
    expect(ended()).toMatchObject({ outcome: { status: "denied" } });
  });
});
