// What doctor says of the channels that bind by a code: who is bound, and how the running server finds them.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
// Loaded at once: from sources it takes seconds, which would be those of the first test.
import "../../src/cli/doctor/doctor.ts";
import type { Finding } from "../../src/doctor/run-checks.ts";
import { runHere } from "../helpers/command-line.ts";
import { claudeEnvironment } from "../helpers/doctor-stage.ts";
import { BOT_TOKEN, type PairedStage, startPairedStage } from "../helpers/paired-stage.ts";

const ONE = { TELEGRAM_BOT_TOKEN: BOT_TOKEN };

async function channels(
  { server, databasePath }: PairedStage,
  more: Readonly<Record<string, string>> = ONE,
): Promise<readonly Finding[]> {
  const SERVER_PORT = new URL(server.localUrl).port;
  const env = { ...claudeEnvironment(), SERVER_PORT, WEBHOOK_PORT: "0", APPROVAL_DB: databasePath, ...more };
  const { out } = await runHere(["doctor", "--json"], { env, isTerminal: false });
  const { checks } = JSON.parse(out) as { checks: Finding[] };
  return checks.filter(({ description }) => description === "channels");
}

async function paired() {
  const stage = await startPairedStage({ env: ONE });
  const [code = ""] = stage.begin();
  await stage.telegram.write("7001", code);
  return stage;
}

describe("the check of channels", () => {
  it("names one that nobody is bound to, and where a code comes from", async () => {
    const [found] = await channels(await startPairedStage({ env: ONE }));
    expect(found).toMatchObject({
      status: "error",
      detail: "Telegram: nobody is bound, and nobody may approve at all",
      advice: expect.stringMatching(/terminal.*or stop it, and run: npm run pair -- telegram/),
    });
  });

  it("is content with one that somebody is bound to and that the server reaches", async () => {
    expect(await channels(await paired())).toEqual([
      { description: "channels", status: "ok", detail: "Telegram: 1 chat bound, up" },
    ]);
  });

  it.each([
    ["down", "warning"],
    ["refused", "error"],
  ] as const)("says what the running server says of one that is %s", async (state, status) => {
    const stage = await paired();
    stage.telegram.setHealth({ state, problem: "Telegram does not know this token: see @BotFather" });
    const [found] = await channels(stage);
    expect([found?.status, found?.detail]).toEqual([
      status,
      `Telegram: Telegram does not know this token: see @BotFather\nTelegram: 1 chat bound, ${state}`,
    ]);
  });

  it("says why a chat was lost", async () => {
    const stage = await paired();
    await stage.telegram.lose("7001", "it has blocked the bot");
    expect((await channels(stage))[0]?.detail).toContain("Telegram: a chat was lost: it has blocked the bot");
  });

  it("names bindings that another key has made", async () => {
    const stage = await paired();
    await stage.server.close();
    const [found] = await channels(stage, { TELEGRAM_BOT_TOKEN: BOT_TOKEN.replace("t", "u") });
    expect([found?.status, found?.detail]).toEqual([
      "error",
      expect.stringContaining("1 binding in the database counts for nothing"),
    ]);
  });

  it("is not there where no such channel is used", async () => {
    const stage = await startPairedStage({ env: ONE });
    expect(await channels(stage, { TELEGRAM_BOT_TOKEN: "" })).toEqual([]);
  });
});

describe("the checks of Twilio's way", () => {
  it("are not there where Twilio is not used", async () => {
    const { server, databasePath } = await paired();
    // Another program has the webhook's port, which nobody needs here.
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const env = {
      ...claudeEnvironment(),
      ...ONE,
      ...{ SERVER_PORT: new URL(server.localUrl).port, APPROVAL_DB: databasePath, CONTINUE_MINUTES: "5" },
      WEBHOOK_PORT: String((other.address() as AddressInfo).port),
    };
    const { out } = await runHere(["doctor", "--json"], { env, isTerminal: false });
    const { checks } = JSON.parse(out) as { checks: Finding[] };
    const names = checks.map(({ description }) => description);
    for (const name of ["replies", "twilio account", "templates", "public address", "signature", "phones"])
      expect(names).not.toContain(name);
    expect(checks.filter(({ status }) => status === "error")).toEqual([]);
    expect(checks.filter(({ detail }) => /twilio|webhook|sandbox/i.test(detail))).toEqual([]);
  });
});
