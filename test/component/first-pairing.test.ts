// The first approver: by a code on the server's own terminal, as long as nobody at all may approve.
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { otherCode, PAIRED_ENV, startPairedStage } from "../helpers/paired-stage.ts";
import { BASH_CALL, callTool } from "../helpers/server-stage.ts";

const ONE = { TELEGRAM_BOT_TOKEN: PAIRED_ENV.TELEGRAM_BOT_TOKEN };

describe("the first start in a terminal", () => {
  it("shows where to write the code, binds who writes it, and that person approves", async () => {
    const { server, telegram, screen, begin, approving } = await startPairedStage({ env: ONE });
    const [code = ""] = begin();
    expect(screen.join("")).toBe(
      `Nobody may approve yet. Whoever writes a code first does from then on; it is shown here only.\nWrite this code to your bot in Telegram within 10 minutes: ${code.toUpperCase()}\n`,
    );
    expect(await telegram.write("7001", code)).toBe("bound");
    await expect.poll(() => screen.join("")).toContain("The code was used: a chat in Telegram is bound");
    await expect.poll(() => telegram.told.map(({ kind }) => kind)).toEqual(["paired"]);
    expect(await approving()).toBe(1);
    const answer = callTool(server, BASH_CALL);
    await expect.poll(() => telegram.asked.length).toBe(1);
    await telegram.tap("7001", `approve:${telegram.asked[0]?.request.id}`);
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("shows one for each channel; the first that is used ends the others", async () => {
    const { telegram, agent, screen, begin, approving } = await startPairedStage();
    const [ofAgent = "", ofTelegram = ""] = begin();
    expect(screen.join("")).toMatch(/your agent in WhatsApp .*\n.*your bot in Telegram/);
    const heard = await Promise.all([telegram.write("7001", ofTelegram), agent.write("user:1", ofAgent)]);
    expect([heard, await approving()]).toEqual([["bound", "ignored"], 1]);
    await expect.poll(() => screen.join("")).toContain("Somebody may approve by now");
    expect(screen.join("")).toContain("pair -- whatsapp-agent");
    expect(await agent.write("user:1", ofAgent)).toBe("ignored");
  });

  it("shows them in the order of CHANNELS", async () => {
    for (const CHANNELS of ["telegram,whatsapp-agent", "whatsapp-agent,telegram"]) {
      const { begin, screen } = await startPairedStage({ env: { ...PAIRED_ENV, CHANNELS } });
      expect(begin()).toHaveLength(2);
      const shown = [...screen.join("").matchAll(/your (bot|agent) in/g)].map(([, what]) => what);
      expect(shown).toEqual(CHANNELS.startsWith("telegram") ? ["bot", "agent"] : ["agent", "bot"]);
    }
  });

  it.each([
    ["five wrong ones", "5 wrong codes were written"],
    ["ten minutes", "was not used in time"],
  ])("says that the code was ended by %s, and how to get another", async (how, said) => {
    const clock = createFakeClock();
    const { telegram, screen, begin } = await startPairedStage({ env: ONE, deps: { clock } });
    const [code = ""] = begin();
    if (how === "ten minutes") await clock.advance(10 * 60_000);
    else for (let count = 0; count < 5; count += 1) await telegram.write("7002", otherCode(code));
    await expect.poll(() => screen.join("")).toContain(said);
    expect(screen.join("")).toContain("stop the server and start it again");
    expect(await telegram.write("7001", code)).toBe("ignored");
  });

  it("shows nothing once somebody may approve, on whichever channel", async () => {
    const first = await startPairedStage();
    const [, code = ""] = first.begin();
    await first.telegram.write("7001", code);
    await first.server.close();
    const second = await startPairedStage({ databasePath: first.databasePath });
    expect([second.begin(), second.screen, await second.approving()]).toEqual([[], [], 1]);
    // The simulated phone, and Twilio's numbers, approve as well.
    const numbers = await startPairedStage({ env: { ...ONE, CHANNELS: "whatsapp,telegram" } });
    expect([numbers.begin(), numbers.screen]).toEqual([[], []]);
  });
});

it("without a terminal there is no code, and the log says how to pair", async () => {
  const { server, log, telegram } = await startPairedStage({ env: ONE });
  server.firstPairing.begin(undefined);
  expect(log.text()).toContain(
    "nobody may approve yet: start the server in a terminal, or stop it and run npm run pair -- telegram",
  );
  expect(await telegram.write("7001", "kqmwa")).toBe("ignored");
});

it("an address that its platform refuses for good is said in the log, in /health and to the others", async () => {
  const { server, telegram, agent, begin, log, approving, databasePath } = await startPairedStage();
  const [, code = ""] = begin();
  await telegram.write("7001", code);
  await telegram.lose("7001", "it has blocked the bot");
  await telegram.lose("7001", "it has blocked the bot");
  expect(await approving()).toBe(0);
  expect(log.text()).toContain("an address may no longer approve");
  const { channels } = (await (await fetch(`${server.localUrl}/health`)).json()) as { channels: unknown[] };
  expect(channels).toEqual([
    { channel: "whatsapp-agent", state: "up", bound: 0, approving: 0, lost: [] },
    { channel: "telegram", state: "up", bound: 0, approving: 0, lost: ["it has blocked the bot"] },
  ]);
  expect(agent.told).toEqual([]);
  await server.close();
  // It stays so, and the next start begins anew.
  const next = await startPairedStage({ databasePath });
  const [first = ""] = next.begin();
  expect(await next.agent.write("user:1", first)).toBe("bound");
});
