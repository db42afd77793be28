// `approval-server pair`: one more chat after an approver's tap, or the first one while the server is stopped.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { pairAlone } from "../../src/cli/pair/alone.ts";
import { parseConfig } from "../../src/config/config.ts";
import { homeIn } from "../../src/config/home.ts";
import { systemClock } from "../../src/server/system.ts";
import { runHere } from "../helpers/command-line.ts";
import { createMadeUpChannel, openMadeUp } from "../helpers/made-up-channel.ts";
import { BOT_TOKEN, codesIn, PAIRED_ENV, startPairedStage } from "../helpers/paired-stage.ts";
import { freePorts } from "../helpers/server-process.ts";
import { type ServerStage, type StageOptions, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { TWILIO_ENV } from "../helpers/test-config.ts";

const ONE = { TELEGRAM_BOT_TOKEN: BOT_TOKEN };

/** A server whose simulated phone may approve, and a made-up Telegram beside it. */
async function stageWithPhone({ env = {}, deps = {} }: StageOptions = {}) {
  const telegram = createMadeUpChannel("telegram");
  const stage = await startStage({
    env: { CHANNELS: "whatsapp,telegram", ...ONE, ...env },
    deps: { openChannel: openMadeUp(telegram), ...deps },
  });
  return { ...stage, telegram };
}

function settingsOf({ server, databasePath }: Pick<ServerStage, "server" | "databasePath">) {
  return {
    CHANNELS: "whatsapp,telegram",
    ...{ ...ONE, ...TWILIO_ENV },
    SERVER_PORT: new URL(server.localUrl).port,
    APPROVAL_DB: databasePath,
  };
}

const terminal = () => Object.assign(new PassThrough(), { isTTY: true });

/** Starts the command on a terminal. */
function pair(env: Readonly<Record<string, string>>, ...words: string[]) {
  const interruption = new AbortController();
  let out = "";
  const ended = runHere(["pair", ...words], {
    env,
    stdout: terminal(),
    out: (part) => {
      out += part;
    },
    signal: interruption.signal,
  });
  return { ended, out: () => out, interrupt: () => interruption.abort() };
}

describe("with the server running", () => {
  it("asks first, shows the code after the tap, and says that it was used", async () => {
    const stage = await stageWithPhone();
    const { telegram, phone, request, told } = stage;
    const command = pair(settingsOf(stage), "telegram", "--as", "ada");
    const { sid, body } = await request();
    expect(body).toContain("lets another chat approve");
    expect(body).toContain("PANIC");
    expect(body).toContain("ada (new: nobody is called so yet)");
    await expect.poll(command.out).toMatch(/request [a-z]{5}\. Approve that one/);
    expect([codesIn(command.out()), telegram.told]).toEqual([[], []]);
    await phone.tap(sid, "approve");
    await expect.poll(() => codesIn(command.out())).toHaveLength(1);
    const [code = ""] = codesIn(command.out());
    expect(await telegram.write("7001", code)).toBe("bound");
    expect((await command.ended).code).toBe(0);
    expect(command.out()).toContain("The code was used: a chat in Telegram is bound");
    expect((await told("A new address may approve from now on: Telegram, for ada")).body).toContain("PANIC");
    expect(telegram.told.map(({ kind }) => kind)).toContain("paired");
    // Neither the log nor the record has it.
    expect(stage.log.text()).not.toContain(code);
    const list = await runHere(["pair", "--list"], { env: settingsOf(stage) });
    expect(list.out).toContain("ada may approve: telegram:7001");
  });

  it("binds the next chat of somebody who is known, and both may be asked", async () => {
    const stage = await stageWithPhone();
    const command = pair(settingsOf(stage), "telegram");
    const { sid, body } = await stage.request();
    expect(body).toContain("person: …0006");
    await stage.phone.tap(sid, "approve");
    await expect.poll(() => codesIn(command.out())).toHaveLength(1);
    await stage.telegram.write("7001", codesIn(command.out())[0] ?? "");
    await command.ended;
    const list = await runHere(["pair", "--list", "--json"], { env: settingsOf(stage) });
    expect(JSON.parse(list.out)).toEqual({
      people: [{ person: "…0006", role: "approve", addresses: ["WhatsApp …0006", "telegram:7001"] }],
      uncounted: 0,
    });
  });

  it("opens no code after a denial", async () => {
    const stage = await stageWithPhone();
    const command = pair(settingsOf(stage), "telegram");
    await stage.phone.tap((await stage.request()).sid, "deny");
    const { code, err } = await command.ended;
    expect([code, codesIn(command.out())]).toEqual([1, []]);
    expect(err).toContain("No code was opened.");
  });

  it("shows no code, and asks nobody, where no terminal reads it", async () => {
    const stage = await stageWithPhone();
    const { code, err } = await runHere(["pair", "telegram"], { env: settingsOf(stage) });
    expect([code, err]).toEqual([1, expect.stringContaining("shown on a terminal only")]);
    expect(stage.server.waiting()).toEqual([]);
  });

  it("prints JSON without the code, which the other stream shows", async () => {
    const stage = await stageWithPhone();
    let err = "";
    const command = runHere(["pair", "telegram", "--json"], {
      env: settingsOf(stage),
      isTerminal: true,
      err: (part) => {
        err += part;
      },
    });
    await stage.phone.tap((await stage.request()).sid, "approve");
    await expect.poll(() => codesIn(err)).toHaveLength(1);
    await stage.telegram.write("7001", codesIn(err)[0] ?? "");
    expect(JSON.parse((await command).out)).toEqual({ channel: "telegram", bound: true, end: "bound" });
  });

  it("takes the request back when it is interrupted, and the code after it", async () => {
    const stage = await stageWithPhone();
    const asked = pair(settingsOf(stage), "telegram");
    await stage.request();
    asked.interrupt();
    expect((await asked.ended).code).toBe(130);
    await expect.poll(() => stage.server.waiting()).toEqual([]);
    const shown = pair(settingsOf(stage), "telegram");
    await stage.phone.tap((await stage.request(1)).sid, "approve");
    await expect.poll(() => codesIn(shown.out())).toHaveLength(1);
    shown.interrupt();
    expect((await shown.ended).code).toBe(130);
    await expect.poll(() => stage.log.text()).toContain("a code for one more address has ended");
    expect(await stage.telegram.write("7001", codesIn(shown.out())[0] ?? "")).toBe("ignored");
  });

  it("ends with PANIC, also after the tap", async () => {
    const stage = await stageWithPhone();
    const command = pair(settingsOf(stage), "telegram");
    await stage.phone.tap((await stage.request()).sid, "approve");
    await expect.poll(() => codesIn(command.out())).toHaveLength(1);
    await stage.phone.type("panic");
    expect((await command.ended).code).toBe(1);
    expect(await stage.telegram.write("7001", codesIn(command.out())[0] ?? "")).toBe("ignored");
  });

  it("refuses where nobody may approve yet, and says what to do", async () => {
    const stage = await startPairedStage({ env: ONE });
    const env = { ...settingsOf(stage), CHANNELS: "telegram" };
    const command = pair(env, "telegram");
    const { code, err } = await command.ended;
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/Nobody may approve yet.*terminal.*stop it, and run/),
    ]);
  });

  it("refuses a channel that is not in use, and a name that is none", async () => {
    const stage = await stageWithPhone();
    const other = await pair(settingsOf(stage), "whatsapp-agent").ended;
    expect([other.code, other.err]).toEqual([
      1,
      expect.stringContaining("WhatsApp (agent) is not in use here"),
    ]);
    const name = await pair(settingsOf(stage), "telegram", "--as", "*ada*\n").ended;
    expect([name.code, name.err]).toEqual([1, expect.stringContaining("cannot be a name")]);
    expect(stage.server.waiting()).toEqual([]);
  });
});

describe("with the server stopped", () => {
  function alone(databasePath: string, env: Readonly<Record<string, string>> = ONE) {
    const telegram = createMadeUpChannel("telegram");
    const screen: string[] = [];
    const home = homeIn(temporaryFolder());
    const config = parseConfig({ APPROVAL_DB: databasePath, ...env }, home);
    const context = {
      home,
      clock: systemClock,
      signal: new AbortController().signal,
      openLog: () => (_text: string, done: (taken: boolean) => void) => done(true),
      isTerminal: true,
      colours: { out: false, err: false },
    };
    const wanted = {
      channel: "telegram" as const,
      person: "ada",
      screen: { say: (line: string) => void screen.push(line) },
    };
    const ended = pairAlone(config, wanted, context as Parameters<typeof pairAlone>[2], openMadeUp(telegram));
    return { telegram, screen, ended };
  }

  it("binds the first chat itself; the next one wants a tap, so it says to start the server", async () => {
    const databasePath = join(temporaryFolder(), "approvals.db");
    const { telegram, screen, ended } = alone(databasePath);
    await expect.poll(() => codesIn(screen.join("\n"))).toHaveLength(1);
    expect(await telegram.write("7001", codesIn(screen.join("\n"))[0] ?? "")).toBe("bound");
    expect([await ended, telegram.told.map(({ kind }) => kind), telegram.isHeard()]).toEqual([
      ...["bound", ["paired"], false],
    ]);
    const again = alone(databasePath);
    await expect(again.ended).rejects.toThrow("Somebody may approve already");
    expect([again.screen, again.telegram.isHeard()]).toEqual([[], false]);
    const next = await startPairedStage({ env: ONE, databasePath });
    expect([next.begin(), await next.approving()]).toEqual([[], 1]);
  });

  it("asks for the server also where a number of the settings may approve", async () => {
    const numbers = { ...ONE, ...TWILIO_ENV, CHANNELS: "whatsapp,telegram" };
    await expect(alone(join(temporaryFolder(), "a.db"), numbers).ended).rejects.toThrow(
      "Somebody may approve",
    );
  });

  it("leaves a database alone that a server has", async () => {
    const { databasePath } = await startPairedStage({ env: ONE });
    await expect(alone(databasePath).ended).rejects.toThrow(/in use|another/i);
  });

  it("is where the command looks then", async () => {
    const [port] = await freePorts(1);
    const env = { ...ONE, SERVER_PORT: String(port), APPROVAL_DB: join(temporaryFolder(), "approvals.db") };
    const numbers = { ...env, ...TWILIO_ENV, CHANNELS: "whatsapp,telegram" };
    const { code, err } = await pair(numbers, "telegram").ended;
    expect([code, err]).toEqual([1, expect.stringContaining("Start it with npm start")]);
  });
});

describe("the list", () => {
  it("says that nobody may approve yet, and which rows count for nothing", async () => {
    const stage = await startPairedStage({ env: ONE });
    const [code = ""] = stage.begin();
    await stage.telegram.write("7001", code);
    await stage.server.close();
    const env = {
      ...PAIRED_ENV,
      TELEGRAM_BOT_TOKEN: BOT_TOKEN.replace("t", "u"),
      APPROVAL_DB: stage.databasePath,
    };
    const { out } = await runHere(["pair", "--list"], { env });
    expect(out).toBe(
      "Nobody may approve yet.\n1 binding in the database counts for nothing: made with another key, or by somebody else.\n",
    );
  });

  it("changes nothing, and makes no database", async () => {
    const path = join(temporaryFolder(), "none.db");
    expect((await runHere(["pair", "--list"], { env: { ...ONE, APPROVAL_DB: path } })).code).toBe(0);
    expect(() => readFileSync(path)).toThrow("ENOENT");
  });
});
