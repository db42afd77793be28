// Setup for the channels that bind by a code, against simulated platforms: from an empty folder to an answered test, and everything that
// can be wrong on the way.
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { parse } from "dotenv";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { homeIn } from "../../src/config/home.ts";
import { startServer } from "../../src/server/create-server.ts";
import { codesIn, otherCode } from "../helpers/paired-stage.ts";
import { freePorts } from "../helpers/server-process.ts";
import {
  ADA,
  AGENT_KEY,
  AGENT_USER,
  answerTests,
  BOT_TOKEN,
  SECRETS,
  type SetupChannelStage,
  STRANGER,
  setSetupChannelStage,
  willing,
  writeCode,
} from "../helpers/setup-channel-stage.ts";
import { createPerson } from "../helpers/setup-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const NO_OFFERS = ["--no-hooks", "--no-mcp", "--no-service"];
const plain = (text: string) => text.replace(/\s+/g, " ");
const terminal = () => Object.assign(new PassThrough(), { isTTY: true });

const WAYS = [
  ["telegram", "TELEGRAM_BOT_TOKEN", "You tapped Approve", `telegram:${ADA}`],
  ["whatsapp-agent", "WHATSAPP_AGENT_KEY", "You answered yes", `whatsapp-agent:${AGENT_USER}`],
] as const;

/** What the bot has written to somebody. */
const fromBot = ({ telegram }: SetupChannelStage, user = ADA) =>
  telegram.chat(user).flatMap(({ author, text }) => (author === "bot" ? [text] : []));

describe.each(WAYS)("setup of %s", (channel, setting, answered, address) => {
  it("goes from nothing to an answer on the phone, and writes and binds what was proven", async () => {
    const stage = await setSetupChannelStage();
    const person = willing(stage, channel);
    const { code, out, err } = await stage.run([...NO_OFFERS, "--wait", "60"], { asker: person });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(new RegExp(`${answered} \\d+ s after it was asked`));
    expect(parse(stage.written() ?? "")).toMatchObject({ [setting]: SECRETS[channel] });
    expect(parse(stage.written() ?? "")).not.toHaveProperty("CHANNELS");
    expect(statSync(stage.envFile).mode & 0o777).toBe(0o600);
    expect(await stage.listed()).toContain(`owner may approve: ${address}`);
    expect(out + person.asked.join("")).not.toContain(SECRETS[channel]);

    // What was set up runs, and the same words are not heard twice.
    const { server } = await stage.serve();
    const health = (await (await fetch(`${server.localUrl}/health`)).json()) as { channels: object[] };
    expect(health.channels).toEqual([expect.objectContaining({ channel, approving: 1 })]);
    await server.close();
    const own = [
      ...fromBot(stage),
      ...stage.agent.chat().flatMap(({ by, text }) => (by === "agent" ? [text] : [])),
    ];
    expect(own.filter((text) => /may approve from now on/.test(text))).toHaveLength(1);
    expect(own.filter((text) => /nothing waits|no request|not understood/i.test(text))).toEqual([]);
  });

  it("changes nothing when it is stopped at any prompt before it writes, and tells the phone nothing", async () => {
    const all = await setSetupChannelStage();
    const person = willing(all, channel);
    await all.run(NO_OFFERS, { asker: person });
    const before = person.asked.findIndex((message) => /Waiting for your/.test(message)) + 1;
    expect(before).toBeGreaterThan(4);
    const temporary = temporaryFolder();
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    for (let stopAt = 1; stopAt <= before; stopAt += 1) {
      const stage = await setSetupChannelStage();
      writeFileSync(stage.envFile, "# mine\nLOG_LEVEL=warn\n");
      const { code, out } = await stage.run(NO_OFFERS, { asker: willing(stage, channel, { stopAt }) });
      expect({ stopAt, code }).toEqual({ stopAt, code: 130 });
      expect(plain(out)).toContain(`Nothing was written: ${stage.envFile} is as it was.`);
      expect(stage.written()).toBe("# mine\nLOG_LEVEL=warn\n");
      expect(readdirSync(stage.folder)).toEqual([".env"]);
      const told = [...fromBot(stage), ...stage.agent.chat().map(({ text }) => text)];
      expect(told.filter((text) => text.includes("may approve"))).toEqual([]);
    }
    expect(readdirSync(temporary).filter((name) => name.startsWith("approval-setup"))).toEqual([]);
  });

  it("says what the platform says of a wrong key, and writes nothing", async () => {
    const stage = await setSetupChannelStage();
    const wrong =
      channel === "telegram" ? BOT_TOKEN.replace("AAtest", "BBtest") : AGENT_KEY.replace("agent", "other");
    const { code, out, err } = await stage.run(["--yes", "--channel", channel], {
      env: { [setting]: wrong },
    });
    expect(code).toBe(1);
    expect(plain(out)).toMatch(/knows no (bot with this token|agent with this key)\. Copy it once more/);
    expect(out + err).not.toContain(wrong);
    expect(readdirSync(stage.folder)).toEqual([]);
  });

  it("says that the platform cannot be reached, and writes nothing", async () => {
    const [port] = await freePorts(1);
    const away = `http://127.0.0.1:${port}`;
    const stage = await setSetupChannelStage({
      env: { TELEGRAM_BASE_URL: away, WHATSAPP_AGENT_BASE_URL: away, [setting]: SECRETS[channel] },
    });
    const { code, out } = await stage.run(["--yes", "--channel", channel]);
    expect(code).toBe(1);
    expect(plain(out)).toMatch(/could not be reached.*Check this computer's network/);
    expect(readdirSync(stage.folder)).toEqual([]);
  });

  it("binds nobody whose code does not come in time", async () => {
    const stage = await setSetupChannelStage({ env: { [setting]: SECRETS[channel] } });
    const argv = ["--yes", "--channel", channel, "--wait", "1", ...NO_OFFERS];
    const { code, out } = await stage.run(argv, { stdout: terminal() });
    expect(code).toBe(1);
    expect(plain(out)).toMatch(/was not used in time: nobody was bound\. Run setup again/);
    expect(codesIn(plain(out))).toHaveLength(1);
    expect(readdirSync(stage.folder)).toEqual([]);
  });

  it("ends a code with five wrong ones, and makes a new one for who wants it", async () => {
    const stage = await setSetupChannelStage();
    const used: string[] = [];
    const person = willing(stage, channel, {
      onWait(line) {
        if (!line.includes("Waiting for the code")) return;
        used.push(stage.code());
        if (used.length > 1) return writeCode(stage, channel);
        const from = { telegram: { from: STRANGER }, "whatsapp-agent": { from: "user:999" } };
        for (let count = 0; count < 5; count += 1) {
          if (channel === "telegram") stage.telegram.write(otherCode(stage.code()), from.telegram);
          else stage.agent.write(otherCode(stage.code()), from["whatsapp-agent"]);
        }
      },
    });
    const { code, out } = await stage.run(NO_OFFERS, { asker: person });
    expect(code).toBe(0);
    expect(plain(out)).toContain("5 wrong codes were written");
    expect(new Set(used).size).toBe(2);
    expect(await stage.listed()).toContain(`owner may approve: ${address}`);
  });

  it("asks nothing but the way when it is run again, and writes nothing", async () => {
    const stage = await setSetupChannelStage();
    await stage.run(NO_OFFERS, { asker: willing(stage, channel) });
    const before = stage.written();
    const person = createPerson({ channel: "preselected" });
    const { code, out } = await stage.run(NO_OFFERS, { asker: person });
    expect(code).toBe(0);
    expect(plain(out)).toContain("1 chat may approve already");
    expect(plain(out)).toContain("nothing has to be written");
    expect(out).toContain(answered);
    expect(person.asked.filter((message) => !/Waiting for your/.test(message))).toEqual([
      "Which way to your phone?",
    ]);
    expect(stage.written()).toBe(before);
  });
});

describe("the question for the way", () => {
  it("offers the agent, Telegram and Twilio in this order, each with what it needs and costs", async () => {
    const stage = await setSetupChannelStage();
    const { out } = await stage.run([], { asker: createPerson({ channel: "preselected", stopAt: 2 }) });
    const words = plain(out);
    const at = ["by an agent of your own: needs", "by a bot of your own: needs", "through Twilio: needs"].map(
      (each) => words.indexOf(each),
    );
    expect(at.every((index) => index > 0)).toBe(true);
    expect(at).toEqual([...at].sort((one, other) => one - other));
    expect(words).toMatch(/a beta that is not on every phone/);
    // Without anything set up, the first one is offered.
    expect(words).toContain("On your main phone, open WhatsApp");
  });

  it("is not asked where the command line says it", async () => {
    const stage = await setSetupChannelStage();
    const person = willing(stage, "telegram", { stopAt: 2 });
    const { out } = await stage.run(["--channel", "telegram"], { asker: person });
    expect(person.asked[0]).toMatch(/^The bot's token/);
    expect(plain(out)).toContain("@BotFather (https://t.me/BotFather)");
  });
});

describe("a bot's token", () => {
  it("is asked for again until it is one, and is found in what was copied with it", async () => {
    const stage = await setSetupChannelStage();
    const person = willing(stage, "telegram", {
      answers: {
        "bot-token": [
          "@ann_approvals_bot",
          "0123456789abcdef".repeat(2),
          "12345",
          BOT_TOKEN.replace("AAtest", "BBtest"),
          `Use this token: ${BOT_TOKEN}`,
        ],
      },
    });
    const { code, out } = await stage.run(NO_OFFERS, { asker: person });
    const words = plain(out);
    expect(code).toBe(0);
    for (const each of [
      "the bot's name, not its token",
      "an api_hash",
      "digits, a colon and",
      "knows no bot",
    ])
      expect(words).toContain(each);
    expect(words).toContain('it is the bot @simulated_approvals_bot ("Approvals")');
    expect(parse(stage.written() ?? "")["TELEGRAM_BOT_TOKEN"]).toBe(BOT_TOKEN);
    expect(out).not.toContain(BOT_TOKEN.split(":")[1]);
  });

  it("goes no further with a webhook, and says what to do", async () => {
    const stage = await setSetupChannelStage({ env: { TELEGRAM_BOT_TOKEN: BOT_TOKEN } });
    stage.telegram.setWebhook("https://example.org/other");
    const { code, out } = await stage.run(["--yes", "--channel", "telegram"]);
    expect(code).toBe(1);
    expect(plain(out)).toMatch(/A webhook is set for this bot.*deleteWebhook/);
  });

  it("is asked about once more after a failure that passes", async () => {
    const stage = await setSetupChannelStage();
    stage.telegram.fault(
      { kind: "error", code: 500, description: "Internal Server Error" },
      { method: "getMe", times: 1 },
    );
    const { code, out } = await stage.run(NO_OFFERS, { asker: willing(stage, "telegram") });
    expect(code).toBe(0);
    expect(out).toContain("Telegram answered with the error 500.");
  });
});

describe("the code", () => {
  it("is in no link and no file, and the link leads to the bot", async () => {
    const stage = await setSetupChannelStage();
    let code = "";
    const person = willing(stage, "telegram", {
      onWait: () => {
        code = stage.code();
      },
      skips: /code/,
      choices: [[/What now/, "stop"]],
    });
    const { out, ...ended } = await stage.run([], { asker: person });
    expect(ended.code).toBe(1);
    const links = out.match(/https?:\S+/g) ?? [];
    expect(links).toContain("https://t.me/simulated_approvals_bot");
    expect(links.filter((link) => link.toLowerCase().includes(code))).toEqual([]);
    expect(stage.telegram.calls().filter(({ params }) => JSON.stringify(params).includes(code))).toEqual([]);
  });

  it("shows whose chat it came from, and binds nobody who is not the person", async () => {
    const stage = await setSetupChannelStage();
    const person = willing(stage, "telegram", {
      onWait: () => void stage.telegram.write(stage.code(), { from: STRANGER }),
      choices: [
        [/Is that you/, false],
        [/What now/, "stop"],
      ],
    });
    const { code, out } = await stage.run([], { asker: person });
    expect(code).toBe(1);
    expect(plain(out)).toContain(`The code came from "Person" (Telegram ${STRANGER})`);
    expect(plain(out)).toContain("you said that it is not yours. Run setup again");
    expect([stage.written(), existsSync(stage.databasePath)]).toEqual([undefined, false]);
    expect(fromBot(stage, STRANGER)).toEqual([]);
  });

  it("is waited for no longer where another program reads the bot, and that is said", async () => {
    const stage = await setSetupChannelStage();
    const person = willing(stage, "telegram", {
      onWait() {
        const take = async () => {
          await expect.poll(() => stage.telegram.isPolled()).toBe(true);
          await fetch(`${stage.telegram.url}/bot${BOT_TOKEN}/getUpdates?timeout=1`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ timeout: 1 }),
          });
        };
        // The simulator may be gone by the time it would answer.
        take().catch(() => {});
      },
      choices: [[/What now/, "stop"]],
    });
    const { code, out } = await stage.run([], { asker: person });
    expect(code).toBe(1);
    expect(plain(out)).toMatch(/Another program reads the messages of this bot\. Stop the other program/);
    expect(stage.written()).toBeUndefined();
  });

  it("can be left for later: the settings are written, and it says how to bind a chat", async () => {
    const stage = await setSetupChannelStage();
    const person = willing(stage, "telegram", { skips: /code/, choices: [[/What now/, "write"]] });
    const { code, out } = await stage.run(NO_OFFERS, { asker: person });
    expect(code).toBe(0);
    expect(plain(out)).toMatch(/nobody is bound in Telegram yet: npm run pair -- telegram/);
    expect(stage.written()).toContain("TELEGRAM_BOT_TOKEN");
    expect(await stage.listed()).toContain("Nobody may approve yet");
  });
});

describe("in a script", () => {
  const TOKEN = { TELEGRAM_BOT_TOKEN: BOT_TOKEN };

  it("says what each way needs, where none is named", async () => {
    const stage = await setSetupChannelStage();
    const { code, err } = await stage.run(["--yes"]);
    expect(code).toBe(64);
    for (const words of ["--channel telegram", "--agent-key-stdin", "--bot-token-file", "--account-sid"])
      expect(err).toContain(words);
    const one = await stage.run(["--yes", "--channel", "telegram"]);
    expect(one.code).toBe(64);
    expect(one.err).toContain("--bot-token-stdin");
    expect(one.err).not.toContain("--account-sid");
    expect((await stage.run(["--yes", "--channel", "signal"])).code).toBe(64);
  });

  it("takes the token from standard input or a file, one from standard input at most, and shows the code on a terminal", async () => {
    const stage = await setSetupChannelStage();
    answerTests(stage);
    const argv = ["--yes", "--json", "--bot-token-stdin", ...NO_OFFERS];
    let err = "";
    const running = stage.run(argv, {
      stdin: Readable.from([`${BOT_TOKEN}\n`]),
      isTerminal: true,
      err: (text) => {
        err += text;
      },
    });
    await expect.poll(() => codesIn(plain(err))).toHaveLength(1);
    stage.telegram.write(codesIn(plain(err))[0] ?? "");
    const { code, out } = await running;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, channel: "telegram", test: { outcome: "approved" } });
    expect(out + err).not.toContain(BOT_TOKEN);
    expect(codesIn(plain(out))).toEqual([]);
    const file = join(stage.folder, "empty");
    writeFileSync(file, "\n");
    const empty = await stage.run(["--yes", "--agent-key-file", file]);
    expect(empty).toMatchObject({ code: 64, err: expect.stringContaining("There is no agent's key in") });
    const both = await stage.run(["--yes", "--agent-key-stdin", "--bot-token-stdin"]);
    expect(both).toMatchObject({ code: 64, err: expect.stringContaining("only one can be") });
  });

  it("makes no code where no terminal reads it", async () => {
    const stage = await setSetupChannelStage({ env: TOKEN });
    const { code, out } = await stage.run(["--yes", "--channel", "telegram"]);
    expect(code).toBe(1);
    expect(plain(out)).toMatch(/shown on a terminal only: this is none.*--no-test.*npm run pair/);
    expect([codesIn(plain(out)), readdirSync(stage.folder)]).toEqual([[], []]);
  });

  it("writes without a code and a test where it is told so", async () => {
    const stage = await setSetupChannelStage({ env: TOKEN });
    const { code, out } = await stage.run(["--yes", "--channel", "telegram", "--no-test", ...NO_OFFERS]);
    expect(code).toBe(0);
    expect(plain(out)).toMatch(/nobody is bound in Telegram yet: npm run pair -- telegram/);
    expect(parse(stage.written() ?? "")).toMatchObject(TOKEN);
    expect(stage.telegram.calls().map(({ method }) => method)).toEqual(["getMe", "getWebhookInfo"]);
  });

  it("takes a simulated phone out, which cannot stand beside a real one", async () => {
    const stage = await setSetupChannelStage({ env: TOKEN });
    writeFileSync(stage.envFile, "SIMULATE=telegram\n");
    const { code, out } = await stage.run(["--yes", "--channel", "telegram", "--no-test", ...NO_OFFERS]);
    expect(code).toBe(0);
    expect(plain(out)).toContain("SIMULATE= (taken out)");
    expect(parse(stage.written() ?? "")).toMatchObject({ ...TOKEN, SIMULATE: "" });
  });

  it("says that a platform was not reached, where nothing listens there", async () => {
    const stage = await setSetupChannelStage({ env: TOKEN });
    await stage.telegram.stop();
    const { code, out } = await stage.run(["--yes", "--channel", "telegram", "--no-test", ...NO_OFFERS]);
    expect(code).toBe(1);
    expect(plain(out)).toContain("Telegram could not be reached (ECONNREFUSED). Check this computer");
    expect(stage.written()).toBeUndefined();
  });

  it("says of a file for the token that is not there that there is none", async () => {
    const stage = await setSetupChannelStage();
    const { code, err } = await stage.run(["--yes", "--channel", "telegram", "--bot-token-file", "none.txt"]);
    expect(code).toBe(64);
    expect(err).toMatch(/The bot's token cannot be read from .*none\.txt \(there is no such file\)/);
  });

  it("does nothing while a server has the database, and names it", async () => {
    const stage = await setSetupChannelStage({ env: TOKEN });
    const config = parseConfig(
      { SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0", APPROVAL_DB: stage.databasePath },
      homeIn(stage.folder),
    );
    const server = await startServer(config, { log: createKeptLog(), version: "0.0.0-test" });
    onTestFinished(() => server.close());
    const { code, out } = await stage.run(["--yes", "--channel", "telegram"], { stdout: terminal() });
    expect(code).toBe(1);
    expect(plain(out)).toContain(
      `running with the settings from before, process ${process.pid}. Stop it for now`,
    );
    expect([codesIn(plain(out)), stage.written()]).toEqual([[], undefined]);
  });
});
