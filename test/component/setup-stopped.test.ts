// PANIC and PAUSE that somebody writes while setup makes its test: they hold for the server that is set up, or setup says that nobody has heard them.
import { expect, it } from "vitest";
import type { ServiceMode } from "../../src/domain/service-mode.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import {
  AGENT_KEY,
  answerTests,
  BOT_TOKEN,
  type SetupChannelStage,
  setSetupChannelStage,
  writeCode,
} from "../helpers/setup-channel-stage.ts";
import { createPerson } from "../helpers/setup-stage.ts";

const NO_OFFERS = ["--no-hooks", "--no-mcp", "--no-service"];
const CHANNELS = ["telegram", "whatsapp-agent"] as const;
const plain = (text: string) => text.replace(/\s+/g, " ");

/** Writes the code, and these words in place of an answer to the first test. */
function says(stage: SetupChannelStage, channel: (typeof CHANNELS)[number], words: string, then: string) {
  let isSaid = false;
  return createPerson({
    channel,
    answers: { "bot-token": [BOT_TOKEN], "agent-key": [AGENT_KEY] },
    choices: [
      [/Is that you/, true],
      [/What now/, then],
    ],
    onWait(line) {
      if (line.includes("Waiting for the code")) return writeCode(stage, channel);
      if (isSaid) return;
      isSaid = true;
      stage[channel === "telegram" ? "telegram" : "agent"].write(words);
      // After these words.
      answerTests(stage);
    },
  });
}

async function modeIn(path: string): Promise<ServiceMode> {
  const store = createSqliteStore(path);
  try {
    return await store.serviceMode();
  } finally {
    await store.close();
  }
}

it.each(CHANNELS)("PANIC over %s holds for the server that is set up, and that is said", async (channel) => {
  const stage = await setSetupChannelStage();
  const { code, out } = await stage.run([...NO_OFFERS, "--wait", "60"], {
    asker: says(stage, channel, "PANIC", "write"),
  });
  expect(code).toBe(0);
  expect(plain(out)).toContain("PANIC was written on the phone while the test ran");
  expect(plain(out)).toMatch(/PANIC of the phone holds for the server from its start on: .*resume ends it/);
  expect((await modeIn(stage.databasePath)).kind).toBe("panic");
});

it("the test can be made once more after PANIC, and PANIC holds all the same", async () => {
  const stage = await setSetupChannelStage();
  const { code, out } = await stage.run([...NO_OFFERS, "--wait", "60"], {
    asker: says(stage, "telegram", "PANIC", "again"),
  });
  expect(code).toBe(0);
  expect(out).toMatch(/You tapped Approve \d+ s after it was asked/);
  expect((await modeIn(stage.databasePath)).kind).toBe("panic");
});

it("PANIC of a setup that writes nothing is said to be written down nowhere", async () => {
  const stage = await setSetupChannelStage();
  const { code, out } = await stage.run([...NO_OFFERS, "--wait", "60"], {
    asker: says(stage, "telegram", "PANIC", "stop"),
  });
  expect(code).toBe(1);
  expect(stage.written()).toBeUndefined();
  expect(plain(out)).toContain(
    "PANIC of the phone was heard by the test alone, and is written down nowhere.",
  );
});

it("PAUSE holds for the server as well, and the test goes on", async () => {
  const stage = await setSetupChannelStage();
  const { code, out } = await stage.run([...NO_OFFERS, "--wait", "60"], {
    asker: says(stage, "telegram", "PAUSE 60", "stop"),
  });
  expect(code).toBe(0);
  expect(plain(out)).toContain("PAUSE of the phone holds for the server from its start on: RESUME ends it.");
  expect((await modeIn(stage.databasePath)).kind).toBe("paused");
});
