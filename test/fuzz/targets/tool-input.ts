// What callers hand over at the doors: read, or refused in words that quote nothing of it. What is asked is what was sent.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { readAs } from "../../../src/core/read-as.ts";
import { questionsToAsk } from "../../../src/domain/asked-questions.ts";
import { askProblem, askSchema, callOf } from "../../../src/doors/approval-ask.ts";
import { parseElicitation } from "../../../src/doors/hook/elicitation-input.ts";
import {
  parseHookEvent,
  parsePermissionDenied,
  parsePermissionRequest,
  parsePreToolUse,
} from "../../../src/doors/hook/hook-input.ts";
import { parseToolCall } from "../../../src/doors/mcp/permission-input.ts";
import { isDeeperThan } from "../../../src/doors/nesting.ts";
import { anyValue, mutatedValue } from "../inputs/value.ts";
import { target } from "../target.ts";

const QUESTION = {
  questions: [
    {
      question: "Which?",
      header: "H",
      multiSelect: false,
      options: [{ label: "a", description: "b" }, { label: "c" }],
    },
  ],
};
const SOURCE = { session_id: "s", cwd: "/srv", permission_mode: "default", transcript_path: "/t" };
const GOOD = [
  { tool_name: "Bash", input: { command: "ls", description: "List" }, tool_use_id: "toolu_1" },
  { tool_name: "AskUserQuestion", input: QUESTION },
  { ...SOURCE, hook_event_name: "PermissionRequest", tool_name: "Bash", tool_input: { command: "ls" } },
  {
    ...SOURCE,
    hook_event_name: "PreToolUse",
    tool_name: "AskUserQuestion",
    tool_input: QUESTION,
    tool_use_id: "t",
  },
  {
    ...SOURCE,
    hook_event_name: "PermissionDenied",
    tool_name: "Bash",
    tool_input: {},
    reason: "no",
    tool_use_id: "t",
  },
  {
    ...SOURCE,
    hook_event_name: "Stop",
    last_assistant_message: "done",
    background_tasks: [{ id: "a", status: "running" }],
  },
  { ...SOURCE, hook_event_name: "Notification", notification_type: "idle", message: "waits" },
  {
    ...SOURCE,
    hook_event_name: "Elicitation",
    mcp_server_name: "m",
    message: "Name?",
    mode: "form",
    requested_schema: {
      type: "object",
      properties: { n: { type: "string", enum: ["a", "b"] }, i: { type: "integer" } },
    },
  },
  { action: "deploy", summary: "Deploy it", reason: "now", timeout_seconds: 60 },
];

/** A text that no answer may repeat: where it was put, somebody else's words would be quoted. */
const readers = [
  parseToolCall,
  parsePermissionRequest,
  parsePreToolUse,
  parsePermissionDenied,
  parseElicitation,
];

export default target("tool-input", "bodies of tools and hooks → a call, or why not", 8, () => ({
  input: fc.oneof({ weight: 5, arbitrary: mutatedValue(GOOD) }, { weight: 1, arbitrary: anyValue }),
  check(body) {
    const before = JSON.stringify(body);
    for (const read of readers) {
      const parsed = read(body);
      if (!parsed.ok) {
        assert.match(parsed.problem, /^[\w ;:.,'-]{3,400}$/, "a problem is in our own words");
        continue;
      }
      const call = "call" in parsed ? parsed.call : parsed.ask.call;
      assert.ok(call.toolName.trim() !== "" && call.toolName === call.toolName.trim());
      assert.ok(typeof call.input === "object" && call.input !== null && !Array.isArray(call.input));
      assert.ok(!isDeeperThan(call.input), "deeper than can be shown");
      const sent = body as Record<string, unknown>;
      if (read !== parseElicitation)
        assert.equal(
          call.input,
          read === parseToolCall ? sent["input"] : sent["tool_input"],
          "another input is asked",
        );
      const questions = questionsToAsk(call, call);
      if (questions.ok) assert.ok(questions.questions.length > 0);
    }
    const event = parseHookEvent(body);
    if (event !== undefined) assert.ok(event.sessionId !== "");
    const ask = readAs(askSchema, body);
    if (ask.success) assert.equal(callOf(ask.data).input["action"], ask.data.action);
    else assert.ok(askProblem(ask.error).length <= 500 && !/[\p{Cc}\u202E]/u.test(askProblem(ask.error)));
    assert.equal(JSON.stringify(body), before, "reading changes what is read");
  },
}));
