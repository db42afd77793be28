// Setup run again to add a channel: whoever may approve is asked first, by the server that runs with the new settings.
import { parse } from "dotenv";
import { describe, expect, it } from "vitest";
import { codesIn } from "../helpers/paired-stage.ts";
import { freePorts } from "../helpers/server-process.ts";
import {
  AGENT_KEY,
  AGENT_USER,
  answerTests,
  type SetupChannelStage,
  setSetupChannelStage,
  willing,
} from "../helpers/setup-channel-stage.ts";
import { createPerson, type PersonPlan } from "../helpers/setup-stage.ts";

const NO_OFFERS = ["--no-hooks", "--no-mcp", "--no-service"];
const plain = (text: string) => text.replace(/\s+/g, " ");

/** Telegram is set up, and somebody is bound there. @param word what they answer to each request */
async function withTelegram(word: "approve" | "deny" = "approve") {
  const [serverPort] = await freePorts(1);
  const stage = await setSetupChannelStage({ env: { SERVER_PORT: String(serverPort) } });
  await stage.run(NO_OFFERS, { asker: willing(stage, "telegram", {}, word) });
  expect(stage.written()).toContain("TELEGRAM_BOT_TOKEN");
  return stage;
}

const adding = (stage: SetupChannelStage, plan: PersonPlan = {}) =>
  createPerson({
    channel: "whatsapp-agent",
    answers: { "agent-key": [AGENT_KEY] },
    choices: [[/Was that you/, true]],
    onWait: (line) => {
      if (line.includes("the server with the new settings")) void stage.serve();
    },
    ...plan,
  });

/** Nobody starts one, and it is not waited for. */
const WITHOUT_SERVER: PersonPlan = { skips: /server with the new/, onWait: () => {} };

const written = (stage: SetupChannelStage) => parse(stage.written() ?? "");

describe("setup of a second channel", () => {
  it("has the first one asked, opens the code after the tap, and binds the same person", async () => {
    const stage = await withTelegram();
    const person = adding(stage);
    const running = stage.run(NO_OFFERS, { asker: person });
    await expect.poll(() => stage.code()).not.toBe("none");
    // The bound chat has tapped on this very request.
    expect(stage.telegram.chat().some(({ text }) => text.includes("lets one more chat decide"))).toBe(true);
    stage.agent.write(stage.code());
    const { code, out } = await running;
    expect({ code, out }).toMatchObject({ code: 0 });
    expect(written(stage)).toMatchObject({
      WHATSAPP_AGENT_KEY: AGENT_KEY,
      CHANNELS: "telegram,whatsapp-agent",
    });
    expect(await stage.listed()).toMatch(
      new RegExp(`owner may approve: telegram:\\d+, whatsapp-agent:${AGENT_USER}`),
    );
    expect(plain(out)).toContain("Asked in this order: Telegram, then WhatsApp (agent) (CHANNELS).");
    // The server asks on the first channel: the person is not sent to the one that was added.
    expect(plain(out)).toContain(
      "is on its way: Telegram, then WhatsApp (agent). Approve it where it comes.",
    );
    expect(plain(out)).toMatch(
      /You approved it \d+ s after it was asked\. It works\..*Done: you approved it/,
    );
    expect(plain(out)).not.toContain("start it again.");
    expect(plain(out)).toContain("Is it somebody else's? Stop, and give their name with --as");
    expect(person.asked).toContain("Is that right? It is written now.");
  });

  it("binds another person's chat with --as and their name: two people from then on", async () => {
    const stage = await withTelegram();
    const running = stage.run(["--as", "Bob", ...NO_OFFERS], { asker: adding(stage) });
    await expect.poll(() => stage.code()).not.toBe("none");
    stage.agent.write(stage.code());
    const { code, out } = await running;
    expect({ code, out }).toMatchObject({ code: 0 });
    expect(plain(out)).not.toContain("Is it somebody else's?");
    const listed = await stage.listed();
    expect(listed).toMatch(/owner may approve: telegram:\d+\n/);
    expect(listed).toContain(`Bob may approve: whatsapp-agent:${AGENT_USER}`);
  });

  it("opens no code after a denial: the settings are written, and nobody is bound", async () => {
    const stage = await withTelegram("deny");
    const { code, out } = await stage.run(NO_OFFERS, { asker: adding(stage) });
    expect(code).toBe(1);
    expect(plain(out)).toContain("Nobody was bound.");
    expect(plain(out)).toContain(`The settings in ${stage.envFile} are written.`);
    expect(codesIn(plain(out))).toEqual([]);
    expect(await stage.listed()).not.toContain("whatsapp-agent");
  });

  it("changes nothing when it is not agreed to", async () => {
    const stage = await withTelegram();
    const before = stage.written();
    const { code, out } = await stage.run(NO_OFFERS, {
      asker: adding(stage, { choices: [[/Is that right/, false]] }),
    });
    expect(code).toBe(130);
    expect(plain(out)).toContain("Nothing was written");
    expect(stage.written()).toBe(before);
  });

  it("asks the new one first where the person wants that", async () => {
    const stage = await withTelegram();
    const order = "whatsapp-agent,telegram";
    await stage.run(NO_OFFERS, {
      asker: adding(stage, { choices: [[/In which order/, order]], ...WITHOUT_SERVER }),
    });
    expect(written(stage)).toMatchObject({ CHANNELS: order });
  });

  it("goes on where it was left once the server runs with the new settings", async () => {
    const stage = await withTelegram();
    const left = await stage.run(NO_OFFERS, { asker: adding(stage, WITHOUT_SERVER) });
    expect(left.code).toBe(1);
    expect(plain(left.out)).toContain("nobody is bound in WhatsApp (agent) yet: no server runs with them");
    const { server } = await stage.serve();
    const running = stage.run(["--channel", "whatsapp-agent", ...NO_OFFERS], { asker: adding(stage) });
    await expect.poll(() => stage.code()).not.toBe("none");
    stage.agent.write(stage.code());
    expect((await running).code).toBe(0);
    // The platform was not asked beside the server, which would have lost its poll by that.
    const health = (await (await fetch(`${server.localUrl}/health`)).json()) as {
      channels: { state: string }[];
    };
    expect(health.channels.map(({ state }) => state)).toEqual(["up", "up"]);
  });
});

describe("setup beside a running server", () => {
  it("sends its test through that one, whose channel goes on", async () => {
    const stage = await withTelegram();
    const { server } = await stage.serve();
    answerTests(stage);
    const { code, out } = await stage.run(["--yes", ...NO_OFFERS]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("You tapped Approve") });
    const listed = (await (await fetch(`${server.localUrl}/v1/approvals`)).json()) as { approvals: object[] };
    expect(listed.approvals).toEqual([expect.objectContaining({ status: "approved" })]);
    const health = (await (await fetch(`${server.localUrl}/health`)).json()) as {
      channels: { state: string }[];
    };
    expect(health.channels.map(({ state }) => state)).toEqual(["up"]);
  });
});
