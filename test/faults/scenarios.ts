// What is going on when the server is killed: one row each, and every step of it gets its kills.
import { ODD_SERVER } from "../helpers/odd-mcp-server.ts";
import { RESUMED_CLAUDE } from "../helpers/parked-stage.ts";
import { rest } from "../helpers/rest-client.ts";
import type { Act } from "./act.ts";
import { CHANNEL_SCENARIOS } from "./channel-scenarios.ts";
import { DOOR_SCENARIOS } from "./door-scenarios.ts";
import { PANIC } from "./panic-scenario.ts";
import { PHONE_SCENARIOS } from "./phone-scenarios.ts";
import {
  approveParked,
  isParkedOver,
  pidsIn,
  program,
  STAND_IN,
  startedPids,
  WORKED_SCRIPT,
} from "./stage-files.ts";
import type { WorldOptions } from "./world.ts";

export interface Scenario extends WorldOptions {
  readonly name: string;
  /** What must be there before it begins. */
  readonly ready?: (act: Act) => Promise<void>;
  /** From the first call to the last word. Rejects where the server ends meanwhile. */
  readonly run: (act: Act) => Promise<void>;
  /** A file with a line for each time that something ran. */
  readonly runs?: (dir: string) => string;
  /** Processes that a run has started, as far as they are known when it is killed. */
  readonly processes?: (dir: string) => readonly number[];
  /** Whether the next start starts them again by itself. */
  readonly startsAgain?: boolean;
  /** After the taps of the end: resolves when all of it is over. */
  readonly settled?: (act: Act) => Promise<void>;
  /** What else is wrong then. */
  readonly holds?: (act: Act) => Promise<readonly string[]>;
}

const REQUEST_SCENARIOS: readonly Scenario[] = [
  {
    name: "request, approved and verified",
    async run(act) {
      const mark = act.mark();
      const answer = act.permission(mark);
      await act.tap(await act.prompt(mark), "approve");
      await act.alive(answer);
      await act.told(/approved: Claude has the answer/);
    },
  },
  {
    name: "request, denied",
    async run(act) {
      const mark = act.mark();
      const answer = act.permission(mark);
      await act.tap(await act.prompt(mark), "deny");
      await act.alive(answer);
      await act.told(/denied: Claude has the answer/);
    },
  },
  {
    name: "grant, given and used",
    async run(act) {
      const mark = act.mark();
      const answer = act.permission(mark);
      await act.tap(await act.prompt(mark), "session");
      await act.alive(answer);
      await act.told(/approved, and again without asking/);
      await act.alive(act.permission(mark, `${mark}-again`));
    },
  },
  {
    name: "reply read from Twilio's list",
    hasWebhook: false,
    async run(act) {
      const mark = act.mark();
      const answer = act.permission(mark);
      await act.tap(await act.prompt(mark), "approve");
      await act.alive(answer);
      await act.told(/approved: Claude has the answer/);
    },
  },
  {
    name: "one reply to two requests",
    async run(act) {
      const [one, two] = [act.mark(), act.mark()];
      const answers = [act.permission(one), act.permission(two)];
      const ids = [await act.prompt(one), await act.prompt(two)].map(act.idOf);
      await act.type(`APPROVE ${ids.join(" ")}`);
      await act.alive(Promise.all(answers));
      await act.told(/approved: Claude has the answer/);
    },
  },
  {
    name: "one denial of two requests",
    async run(act) {
      const [one, two] = [act.mark(), act.mark()];
      const answers = [act.permission(one), act.permission(two)];
      await act.prompt(one);
      await act.prompt(two);
      await act.type("DENY ALL");
      await act.alive(Promise.all(answers));
      await act.told(/denied: Claude has the answer/);
    },
  },
  {
    name: "request over REST",
    async run(act) {
      const mark = act.mark();
      const answer = act.call(mark, async (signal) => {
        const body = { action: `restart ${mark}`, summary: "x", reason: "y" };
        const asked = await rest(act.world.server, "/v1/approvals", { method: "POST", body, signal });
        const path = `${asked.headers.get("location")}?wait=true`;
        const { status } = (await rest(act.world.server, path, { signal })).body;
        return status === "approved" ? "allow" : "deny";
      });
      await act.tap(await act.prompt(mark), "approve");
      await act.alive(answer);
      await act.told(/approved: the caller has the answer/);
    },
  },
  {
    name: "script",
    env: (dir) => ({ TOOLS_DIR: program(dir, "tools/work.sh", WORKED_SCRIPT(dir)) }),
    runs: (dir) => `${dir}/ran`,
    processes: (dir) => pidsIn(`${dir}/pids`),
    async run(act) {
      const mark = act.mark();
      const answer = act.tool(mark, "scripts__work", { name: mark });
      await act.tap(await act.prompt(mark), "approve");
      await act.told(/approved: the server runs it/);
      await act.ran(mark);
      act.letGo(mark);
      await act.alive(answer);
    },
  },
  {
    name: "gateway call",
    env: (dir) => ({ GATEWAY_CONFIG: program(dir, "gateway.json", ODD_SERVER) }),
    runs: (dir) => `${dir}/odd/calls.log`,
    processes: (dir) => startedPids(`${dir}/odd/calls.log`),
    startsAgain: true,
    ready: (act) => act.offered("odd__echo"),
    async run(act) {
      const mark = act.mark();
      const answer = act.tool(mark, "odd__echo", { text: mark });
      await act.tap(await act.prompt(mark), "approve");
      await act.alive(answer);
      await act.told(/approved: the server runs it/);
    },
  },
  {
    name: "task of Claude",
    env: (dir) => ({ TASKS: "on", CLAUDE_BIN: STAND_IN, TASK_DIRS: program(dir, "web-shop", "") }),
    processes: (dir) => pidsIn(`${dir}/pids`),
    async run(act) {
      const [mark, inner] = [act.mark(), act.mark()];
      // Its first line stands in the message with the buttons.
      const task = `say ${mark}\nchild ${act.world.dir}/pids\nask ls /srv/${inner}`;
      const folder = `${act.world.dir}/web-shop`;
      const answer = act.tool(mark, "agent_run_task", { task, working_directory: folder });
      const start = await act.prompt(mark);
      await act.tap(start, "approve");
      await act.tap(await act.prompt(inner, start), "approve");
      await act.alive(answer);
      await act.told(/approved: Claude has the answer/);
    },
  },
  {
    name: "parked approval",
    env: (dir) => ({
      PARK_AFTER_MINUTES: "0.01",
      TASK_DIRS: program(dir, "web-shop", ""),
      CLAUDE_BIN: program(dir, "claude/claude", RESUMED_CLAUDE),
      FAULT_PARKED: "1",
    }),
    runs: (dir) => `${dir}/claude/runs`,
    async run(act) {
      const mark = act.mark();
      const answer = approveParked.ask(act, mark);
      const prompt = await act.prompt(mark);
      await act.alive(answer);
      await act.told(/is parked/);
      await act.tap(prompt, "approve");
      await act.told(/ran in .*Claude has finished/);
    },
    settled: isParkedOver,
  },
  { name: "PANIC while a request waits", ...PANIC },
  {
    name: "stop while a request waits",
    async run(act) {
      const mark = act.mark();
      const answer = act.permission(mark);
      await act.prompt(mark);
      await act.stop();
      await answer;
    },
  },
];

export const SCENARIOS: readonly Scenario[] = [
  ...REQUEST_SCENARIOS,
  ...PHONE_SCENARIOS,
  ...DOOR_SCENARIOS,
  ...CHANNEL_SCENARIOS,
];

export function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}
