// PANIC, on whichever channel: it holds over every kill and every restart, until somebody at the machine ends it.
import { rest } from "../helpers/rest-client.ts";
import type { Scenario } from "./scenarios.ts";
import { modeWithin } from "./stage-files.ts";

export const PANIC: Omit<Scenario, "name"> = {
  async run(act) {
    const mark = act.mark();
    const answer = act.permission(mark);
    await act.prompt(mark);
    await act.type("PANIC");
    await act.alive(answer);
    await act.told(/^🛑|Stopped/);
  },
  async holds({ world, first }) {
    if (
      !world.phone
        .messages()
        .slice(first)
        .some(({ body }) => body === "PANIC")
    )
      return [];
    const mode = await modeWithin(world, "panic");
    if (mode !== "panic") return [`PANIC was typed, and it is ${mode} now`];
    // No phone can end that.
    await rest(world.server, "/control/resume", { method: "POST", body: {} });
    const after = await modeWithin(world, "open");
    return after === "open" ? [] : [`it was told to go on at the machine, and is ${after}`];
  },
};
