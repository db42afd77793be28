// What a task's Claude prints, and what callers hand to the tools for tasks.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { readAs } from "../../../src/core/read-as.ts";
import { parsePhoneCommand } from "../../../src/domain/phone-command.ts";
import { readClaudeEvents } from "../../../src/tasks/claude-events.ts";
import { inputProblem, TASK_INPUTS } from "../../../src/tasks/tool-inputs.ts";
import { anyText, mutated } from "../inputs/text.ts";
import { anyValue, mutatedValue } from "../inputs/value.ts";
import { target } from "../target.ts";

const ID = "0a1b2c3d-0000-4000-8000-000000000000";
const EVENTS = [
  {
    type: "system",
    subtype: "init",
    session_id: ID,
    cwd: "/srv",
    mcp_servers: [{ name: "a", status: "connected" }],
  },
  {
    type: "assistant",
    message: {
      content: [
        { type: "text", text: "hi" },
        { type: "tool_use", id: "t", name: "Bash", input: {} },
      ],
    },
  },
  { type: "user", message: { content: [{ type: "tool_result", tool_use_id: "t", is_error: true }] } },
  {
    type: "result",
    subtype: "success",
    is_error: false,
    result: "done",
    num_turns: 1,
    permission_denials: [{ tool_name: "Bash" }],
  },
];
const INPUTS = [
  { task: "fix", working_directory: "/srv", system_profile: "general", max_turns: 5 },
  { session_id: "s1", message: "go on" },
  { claim: "x", evidence_paths: ["/srv/a"], scope: "/srv", working_directory: "/srv" },
];

export default target(
  "tasks",
  "stream-json of Claude, inputs of the tools for tasks, RUN from the phone",
  6,
  () => ({
    input: fc.record({
      event: fc.oneof({ weight: 4, arbitrary: mutatedValue(EVENTS) }, { weight: 1, arbitrary: anyValue }),
      broken: mutated(
        EVENTS.map((event) => JSON.stringify(event)),
        2,
      ),
      given: fc.oneof({ weight: 4, arbitrary: mutatedValue(INPUTS) }, { weight: 1, arbitrary: anyValue }),
      typed: fc.oneof(
        mutated(["run web: fix the tests", "kill s3", "tasks", "pause 30", "revoke all", "more kqmwa"]),
        anyText,
      ),
    }),
    check({ event, broken, given, typed }) {
      for (const line of [JSON.stringify(event) ?? "", broken]) {
        for (const read of readClaudeEvents(line)) {
          // Only a result that says success, and is no error, has gone well.
          if (read.kind === "ended" && !read.isError) assert.equal(read.how, "success");
          if (read.kind === "begun") assert.match(read.sessionId, /^[0-9a-f-]{36}$/i);
          if (read.kind === "tool") assert.ok(typeof read.input === "object");
        }
      }
      for (const schema of Object.values(TASK_INPUTS)) {
        const parsed = readAs(schema, given);
        if (!parsed.success) assert.ok(inputProblem(parsed.error).length > 0);
      }
      const command = parsePhoneCommand(typed);
      if (command?.kind === "pause") assert.ok(command.minutes >= 1 && command.minutes <= 1_440);
      if (command?.kind === "run") assert.ok(/^[\w.-]+$/.test(command.name) && command.task.trim() !== "");
    },
  }),
);
