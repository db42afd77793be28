// What is going on on the phone when the server is killed: questions, tasks that it begins, words to them.
import type { SimMessage } from "../../src/simulator/contract.ts";
import { callTool } from "../helpers/server-stage.ts";
import type { Act } from "./act.ts";
import type { Scenario } from "./scenarios.ts";
import { pidsIn, program, STAND_IN } from "./stage-files.ts";

function question(mark: string, nth: number) {
  return {
    question: `Which of ${mark}, ${nth}?`,
    header: `Part ${nth}`,
    multiSelect: false,
    options: [
      { label: "This", description: "" },
      { label: "That", description: "" },
    ],
  };
}

/** Picks the first of what is offered. */
async function pick(act: Act, asked: SimMessage): Promise<void> {
  await act.tap(asked, asked.buttons.find(({ id }) => id.startsWith("answer:"))?.id ?? "");
}

const TASKS = (dir: string) => ({
  TASKS: "on",
  CLAUDE_BIN: STAND_IN,
  TASK_DIRS: program(dir, "web-shop", ""),
  STAND_IN_NOTES: `${dir}/starts`,
});

export const PHONE_SCENARIOS: readonly Scenario[] = [
  {
    name: "questions of Claude",
    async run(act) {
      const mark = act.mark();
      const answer = act.call(mark, async (signal) => {
        const input = { questions: [question(mark, 1), question(mark, 2)] };
        const args = { tool_name: "AskUserQuestion", input, tool_use_id: mark };
        return (await callTool(act.world.server, args, { signal })).behavior;
      });
      const first = await act.prompt(`${mark}, 1`);
      await pick(act, first);
      await pick(act, await act.prompt(`${mark}, 2`));
      await act.alive(answer);
      await act.told(/answered: Claude has the answer/);
    },
  },
  {
    name: "RUN, and words to the task",
    env: TASKS,
    runs: (dir) => `${dir}/starts`,
    processes: (dir) => pidsIn(`${dir}/pids`),
    async run(act) {
      const [mark, more] = [act.mark(), act.mark()];
      act.note(mark);
      await act.type(`RUN web-shop: say ${mark}`);
      await act.tap(await act.prompt(mark), "approve");
      const ended = await act.told(new RegExp(`finished(?:.|\n)*${mark}`));
      act.note(more);
      await act.type(`say ${more}\nchild ${act.world.dir}/pids`, ended);
      await act.told(new RegExp(`finished(?:.|\n)*${more}`));
    },
  },
];
