// What is going on over the other channels when the server is killed: Telegram, WhatsApp's agent platform, and from one to the next.
import { PANIC } from "./panic-scenario.ts";
import type { Scenario } from "./scenarios.ts";

/** A request that is approved, wherever it is asked. */
const APPROVED: Omit<Scenario, "name"> = {
  async run(act) {
    const mark = act.mark();
    const answer = act.permission(mark);
    await act.tap(await act.prompt(mark), "approve");
    await act.alive(answer);
    await act.told(/approved: Claude has the answer/);
  },
};

export const CHANNEL_SCENARIOS: readonly Scenario[] = [
  { name: "request over Telegram", platform: "telegram", ...APPROVED },
  { name: "PANIC over Telegram", platform: "telegram", ...PANIC },
  { name: "request over the agent platform", platform: "whatsapp-agent", ...APPROVED },
  {
    name: "Telegram refuses, and the next channel is asked",
    platform: "telegram",
    isRefused: true,
    ...APPROVED,
  },
];
