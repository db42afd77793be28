// Whoever opens the channels says how requests are written out; no channel does it by itself then, in the thread that answers everybody.
import { expect, it, onTestFinished } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { PAIRED_CHANNELS } from "../../src/domain/channel.ts";
import { openChannels } from "../../src/server/channels.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { ADDRESS, askOptions, createKeptPosition, TEST_TOKEN } from "../helpers/telegram-stage.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

it.each(PAIRED_CHANNELS)(
  "%s has its requests written out as it is told, for asking and for more",
  async (name) => {
    const config = parseConfig({
      CHANNELS: name,
      TELEGRAM_BOT_TOKEN: TEST_TOKEN,
      WHATSAPP_AGENT_KEY: `agent-key-of-a-test-${"x".repeat(16)}`,
    });
    const told = new Error("written out elsewhere");
    const asked: string[] = [];
    const { all, close } = await openChannels(config, {
      store: createKeptPosition(),
      clock: createFakeClock(),
      log: createKeptLog(),
      onTaken() {},
      rendererOf: (channel) => async () => {
        asked.push(channel);
        throw told;
      },
    });
    onTestFinished(close);
    expect(all.map((channel) => channel.name)).toEqual([name]);
    const request = waitingRequest({ call: { toolName: "Bash", input: { command: "ls" } }, door: "mcp" });
    const [channel] = all;
    await expect(channel?.messenger.ask(request, askOptions())).rejects.toBe(told);
    const more = { to: ADDRESS, skip: 0, isWanted: () => true, onSent() {} };
    await expect(channel?.messenger.more(request, more)).rejects.toBe(told);
    expect(asked).toEqual([name, name]);
  },
);
