// Large calls are looked through and written out in a thread of their own, as it is built: with the same result, and without
// holding anything up. What takes too long is denied, never shown.
import { performance } from "node:perf_hooks";
import { describe, expect, it, onTestFinished } from "vitest";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import { NotInspectedError } from "../../src/core/ports/inspector.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import type { ApprovalId, ToolCall } from "../../src/domain/tool-call.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { createLook, type LookOptions } from "../../src/server/look.ts";
import { systemClock } from "../../src/server/system.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const WORKER = new URL("../../dist/src/server/look-worker.js", import.meta.url);

function open(options: Partial<LookOptions> = {}) {
  const folder = temporaryFolder();
  const host = { home: folder, ownPaths: [`${folder}/.env`], ownPorts: [8000] };
  const look = createLook({ ...host, clock: systemClock, workerFile: WORKER, limitMs: 60_000, ...options });
  onTestFinished(look.close);
  return { look, inspector: createInspector(host) };
}

const TOKEN = `gh${"p_"}${"a1B2".repeat(9)}`;
const HOSTILE: ToolCall = {
  toolName: "mcp__a__b",
  input: { list: Array.from({ length: 9_000 }, (_, n) => `https://user:pass${n}@host/${TOKEN}`) },
};
const LARGE: [string, ToolCall][] = [
  ["a command", { toolName: "Bash", input: { command: `${"echo a; ".repeat(800)}rm -rf ~; cat .env` } }],
  [
    "a command with a secret",
    { toolName: "Bash", input: { command: `echo ${TOKEN}; ${"echo a; ".repeat(800)}` } },
  ],
  [
    "a file",
    {
      toolName: "Write",
      input: { file_path: "/etc/passwd", content: `${TOKEN}\n${"line\n".repeat(5_000)}` },
    },
  ],
  ["many values", { toolName: "mcp__a__b", input: { list: Array.from({ length: 500 }, (_, n) => `${n}`) } }],
  ["odd keys", { toolName: "x", input: JSON.parse(`{"__proto__":{"a":"${"\\ud800".repeat(5_000)}"},"":1}`) }],
  ["a plan", { toolName: "ExitPlanMode", input: { plan: "# Plan" } }],
];

function requestFor(call: ToolCall, inspection: ApprovalRequest["inspection"]): ApprovalRequest {
  return {
    id: "kqmwa" as ApprovalId,
    call,
    inspection,
    door: "mcp",
    createdAt: 0,
    expiresAt: 300_000,
    waiting: 1,
  };
}

describe("a large call", () => {
  it.each(LARGE)("is looked through and written out as a small one is: %s", async (_, call) => {
    const { look, inspector } = open();
    const inspection = await look.inspector.inspect(call, "/work");
    expect(inspection).toEqual(await inspector.inspect(call, "/work"));
    expect(Object.keys(inspection.shown.input)).toEqual(Object.keys(call.input));
    const request = requestFor(call, inspection);
    expect(await look.render(request)).toEqual(promptFor(request));
    expect(JSON.stringify(await look.render(request))).not.toContain(TOKEN);
  });

  it("keeps this thread free, whatever it costs", async () => {
    const { look } = open();
    const before = performance.eventLoopUtilization();
    const inspection = await look.inspector.inspect(HOSTILE);
    await look.render(requestFor(HOSTILE, inspection));
    // Done here, it would be nearly 1.
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });
});

describe("a call that takes too long", () => {
  it("is given up, and the next one is looked through", async () => {
    const clock = createFakeClock();
    const { look, inspector } = open({ clock, limitMs: 4_000 });
    const [, [, call]] = LARGE as [unknown, [string, ToolCall]];
    const waiting = [HOSTILE, HOSTILE].map((each) => look.inspector.inspect(each));
    const results = Promise.allSettled(waiting);
    await clock.advance(4_000);
    for (const result of await results) {
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(NotInspectedError) });
    }
    expect(await look.inspector.inspect(call)).toEqual(await inspector.inspect(call));
  });

  it("to be written out is not sent", async () => {
    const clock = createFakeClock();
    const { look } = open({ clock, limitMs: 4_000 });
    const inspection = { shown: HOSTILE, secrets: 0, warnings: [] };
    const rendered = look.render(requestFor(HOSTILE, inspection));
    const refused = expect(rendered).rejects.toBeInstanceOf(DeliveryError);
    await clock.advance(4_000);
    await refused;
  });

  it("because its thread cannot even start is refused", async () => {
    const { look } = open({ workerFile: new URL("file:///nowhere/look-worker.js") });
    await expect(look.inspector.inspect(HOSTILE)).rejects.toBeInstanceOf(NotInspectedError);
  });
});
