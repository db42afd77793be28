// From a fresh home to an approved call of the real Claude Code; and setup itself in a real terminal, by its keys.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createTelegramSimulator } from "../../src/simulator/telegram/create-telegram.ts";
import { COMMAND } from "../helpers/command-line.ts";
import { codesIn } from "../helpers/paired-stage.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { ADA, BOT_TOKEN } from "../helpers/setup-channel-stage.ts";
import { ACCOUNT_SID, AUTH_TOKEN, SETUP_PHONE } from "../helpers/setup-stage.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { expectSetupToClaude, freshHome } from "./setup-to-claude.ts";
import { openScreen } from "./terminal.ts";

describe("a fresh home", () => {
  test("gets from setup to an approved call of claude -p", async () => {
    await expectSetupToClaude(COMMAND, await ensureClaudeCli());
  });
});

describe("setup in a real terminal", () => {
  async function open(size: readonly string[], extra: readonly string[] = []) {
    const world = await freshHome();
    const variables = Object.entries({ ...world.env, LANG: "C.UTF-8", TERM: "xterm-256color" }).map(
      ([name, value]) => `${name}=${value}`,
    );
    const line = `'${process.execPath}' '${COMMAND}' setup --no-mcp; echo "exit code $?"; cat`;
    const terminal = await openScreen({
      socket: join(world.root, "tmux"),
      folder: world.project,
      size,
      command: ["env", "-i", ...variables, ...extra, "sh", "-c", line],
    });
    onTestFinished(() => terminal.close());
    return { ...world, terminal, envFile: join(world.settings, ".env") };
  }

  test("is gone through with keys, from the account to the tap", async () => {
    const { terminal, stage, envFile, home } = await open(["-x", "80", "-y", "100"]);
    await terminal.waitFor(/Which way to your phone\?/);
    // The third one of three.
    await terminal.type("Down", "Down", "Enter");
    await terminal.waitFor(/Account SID/);
    await terminal.type(`SK${"2".repeat(32)}`, "Enter");
    await terminal.waitFor(/SID of an API key/);
    await terminal.type(ACCOUNT_SID, "Enter");
    await terminal.waitFor(/Auth Token \(it is not shown\)/);
    await terminal.type(AUTH_TOKEN, "Enter");
    await terminal.waitFor(/with country code/);
    await terminal.type("00 1 (500) 555-0006", "Enter");
    await terminal.waitFor(/Understood as \+15005550006/);
    await terminal.waitFor(/They are fetched from Twilio/);
    await terminal.type("Enter");
    await terminal.waitFor(/two words after join/);
    await terminal.type("join tidy-otter", "Enter");
    const invited = await terminal.waitFor(/\d:\d\d \(S: skip\) +Waiting for the message from \+15005550006/);
    expect(invited).toContain("https://wa.me/14155238886?text=join%20tidy-otter");
    expect(invited).toMatch(/[█▀▄]{6}/);
    expect(existsSync(envFile)).toBe(false);
    await stage.twilio.type("join tidy-otter");
    const summary = await terminal.waitFor(/Is that right\?/);
    expect(summary).toContain("TWILIO_AUTH_TOKEN=••••••••");
    expect(existsSync(envFile)).toBe(false);
    stage.answers("approve");
    await terminal.type("Enter");
    await terminal.waitFor(/You tapped Approve \d+ s after it was asked/);
    await terminal.waitFor(/ask\s+(│\s+)?your phone too/);
    await terminal.type("n");
    const end = await terminal.waitFor(/exit code \d+/);
    expect(end).toMatch(/Done: you tapped Approve/);
    expect(end).toContain("exit code 0");
    expect(end).not.toContain(AUTH_TOKEN);
    expect(readFileSync(envFile, "utf8")).toContain("APPROVAL_PHONE=+15005550006");
    expect(existsSync(join(home, ".claude"))).toBe(false);
  });

  test("binds a chat of Telegram by the code that it shows", async () => {
    const telegram = await createTelegramSimulator({ token: BOT_TOKEN, users: [ADA] });
    onTestFinished(() => telegram.stop());
    const extra = [`TELEGRAM_BASE_URL=${telegram.url}`];
    const { terminal, envFile } = await open(["-x", "80", "-y", "120"], extra);
    await terminal.waitFor(/Which way to your phone\?/);
    await terminal.type("Down", "Enter");
    const asked = await terminal.waitFor(/The bot's token \(it is not shown\)/);
    expect(asked).toContain("https://t.me/BotFather");
    await terminal.type(BOT_TOKEN, "Enter");
    const shown = await terminal.waitFor(/\d:\d\d \(S: skip\) +Waiting for the code/);
    expect(shown).toContain("https://t.me/simulated_approvals_bot");
    const [code = "none"] = codesIn(shown.replace(/[│\s]+/g, " "));
    telegram.write(code);
    const named = await terminal.waitFor(/Is that you, and shall this chat\s+(│\s+)?approve\?/);
    expect(named.replace(/[│\s]+/g, " ")).toContain(`The code came from "Person" (Telegram ${ADA})`);
    await terminal.type("y");
    const summary = await terminal.waitFor(/Is that right\?/);
    expect(summary).toContain("TELEGRAM_BOT_TOKEN=••••••••");
    expect(existsSync(envFile)).toBe(false);
    await terminal.type("Enter");
    await terminal.waitFor(/Waiting for your tap/);
    const request = await vi.waitUntil(() => telegram.chat().find(({ keyboard }) => keyboard.length > 0), {
      timeout: PATIENCE_MS,
    });
    const approve = request.keyboard.flat().find(({ callback_data }) => callback_data.startsWith("approve:"));
    telegram.tap(request.id, approve?.callback_data ?? "none");
    await terminal.waitFor(/You tapped Approve \d+ s after it was asked/);
    await terminal.waitFor(/ask\s+(│\s+)?your phone too/);
    await terminal.type("n");
    const end = await terminal.waitFor(/exit code \d+/);
    expect(end).toContain("exit code 0");
    expect(end).not.toContain(BOT_TOKEN.split(":")[1]);
    expect(readFileSync(envFile, "utf8")).toContain(`TELEGRAM_BOT_TOKEN=${BOT_TOKEN}`);
    expect(telegram.chat().some(({ text }) => text.includes("This chat may approve from now on"))).toBe(true);
  });

  test("fits into 40 columns without colours, and Ctrl-C leaves everything as it was", async () => {
    const { terminal, envFile } = await open(["-x", "40", "-y", "200"], ["NO_COLOR=1"]);
    await terminal.waitFor(/Which way to your\s+(│\s+)?phone\?/);
    await terminal.type("Down", "Down", "Enter");
    await terminal.waitFor(/Account SID/);
    await terminal.type(ACCOUNT_SID, "Enter");
    await terminal.waitFor(/not shown/);
    await terminal.type(AUTH_TOKEN, "Enter");
    await terminal.waitFor(/country\s+(│\s+)?code/);
    await terminal.type(SETUP_PHONE, "Enter");
    await terminal.waitFor(/●/);
    await terminal.type("Enter");
    await terminal.waitFor(/two words\s+(│\s+)?after join/);
    await terminal.type("tidy-otter", "Enter");
    await terminal.waitFor(/\d:\d\d \(S: skip\) +Waiting/);
    await terminal.type("C-c");
    const end = await terminal.waitFor(/exit code \d+/);
    expect(end).toContain("exit code 130");
    expect(end.replace(/[│\s]+/g, " ")).toContain("Nothing was written");
    expect(end).not.toContain(AUTH_TOKEN);
    expect(existsSync(envFile)).toBe(false);
    // Words stay whole.
    const flowing = end.replace(/\s*\n│?\s*/g, " ");
    expect(flowing).toContain(
      "Messages go through Twilio, so you need an account there; a free trial will do.",
    );
    expect(flowing).toContain("they are your Sandbox's own.");
    expect(await terminal.screen(true)).not.toContain(String.fromCharCode(27));
  });
});
