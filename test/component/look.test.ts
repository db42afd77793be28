// Large calls are looked through and written out in a thread of their own, as it is built: with the same result, and without
// holding anything up. What takes too long is denied, never shown.
import { performance } from "node:perf_hooks";
import { describe, expect, it, onTestFinished } from "vitest";
import { NotInspectedError } from "../../src/core/ports/inspector.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { CHANNELS } from "../../src/domain/channel.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import type { ApprovalId, ToolCall } from "../../src/domain/tool-call.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { createLook, type LookOptions } from "../../src/server/look.ts";
import { render } from "../../src/server/renderers.ts";
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
    for (const channel of CHANNELS) {
      const written = await look.rendererOf(channel)(request);
      expect(written).toEqual(render({ channel, request }, { hasReactions: false }));
      expect(JSON.stringify(written)).not.toContain(TOKEN);
    }
  });

  it("says that a reaction decides where it does", async () => {
    const rendering = { hasReactions: true };
    const [, [, call]] = LARGE as [unknown, [string, ToolCall]];
    const request = requestFor(call, { shown: call, secrets: 0, warnings: [] });
    const { form } = await open({ rendering }).look.rendererOf("whatsapp-agent")(request);
    expect(form.body).toContain("react to it with");
  });

  it.each(CHANNELS)("keeps this thread free, whatever it costs for %s", async (channel) => {
    const { look } = open();
    const before = performance.eventLoopUtilization();
    const inspection = await look.inspector.inspect(HOSTILE);
    await look.rendererOf(channel)(requestFor(HOSTILE, inspection));
    // Done here, it would be nearly 1.
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });
});

/** The thread has been there: a call's time begins at once, as soon as what waits for it has gone on. */
const begun = () => new Promise((resolve) => setImmediate(resolve));

/** A thread as it is written: what it does before it is ready, and with its jobs. */
const threadOf = (code: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads"; ${code}`)}`,
  );

describe("the start of the thread", () => {
  const [, [, call]] = LARGE as [unknown, [string, ToolCall]];

  it("is none of the call's time", async () => {
    const clock = createFakeClock();
    const sent = new BroadcastChannel("start the thread");
    onTestFinished(() => sent.close());
    const workerFile = threadOf(`
      const told = new BroadcastChannel("start the thread");
      told.onmessage = ({ data }) => {
        if (data !== "go") return;
        parentPort.on("message", () => parentPort.postMessage({ value: "looked" }));
        parentPort.postMessage("ready");
      };
      told.postMessage("here");`);
    const { look } = open({ clock, limitMs: 4_000, startLimitMs: 10_000, workerFile });
    const here = new Promise((resolve) => {
      sent.onmessage = resolve;
    });
    const looked = look.inspector.inspect(call);
    await here;
    await clock.advance(9_999);
    sent.postMessage("go");
    expect(await looked).toBe("looked");
  });

  it("has a limit of its own, after which the call is denied and the next one starts another", async () => {
    const clock = createFakeClock();
    const { look } = open({
      clock,
      startLimitMs: 10_000,
      workerFile: threadOf("setInterval(() => {}, 1000);"),
    });
    for (let turn = 0; turn < 2; turn += 1) {
      const refused = expect(look.inspector.inspect(call)).rejects.toBeInstanceOf(NotInspectedError);
      await clock.advance(10_000);
      await refused;
    }
  });

  it("that fails denies the call at once", async () => {
    const clock = createFakeClock();
    const { look } = open({ clock, workerFile: threadOf("process.exit(1);") });
    await expect(look.inspector.inspect(call)).rejects.toBeInstanceOf(NotInspectedError);
  });
});

describe("a call that takes too long", () => {
  it("is given up, and the next one is looked through", async () => {
    const clock = createFakeClock();
    const { look, inspector } = open({ clock, limitMs: 4_000 });
    const [, [, call]] = LARGE as [unknown, [string, ToolCall]];
    await look.inspector.inspect(call);
    const waiting = [HOSTILE, HOSTILE].map((each) => look.inspector.inspect(each));
    const results = Promise.allSettled(waiting);
    await begun();
    await clock.advance(4_000);
    for (const result of await results) {
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(NotInspectedError) });
    }
    expect(await look.inspector.inspect(call)).toEqual(await inspector.inspect(call));
  });

  it.each(CHANNELS)("to be written out is not sent by %s", async (channel) => {
    const clock = createFakeClock();
    const { look } = open({ clock, limitMs: 4_000 });
    const inspection = { shown: HOSTILE, secrets: 0, warnings: [] };
    const [, [, call]] = LARGE as [unknown, [string, ToolCall]];
    await look.inspector.inspect(call);
    const written = look.rendererOf(channel)(requestFor(HOSTILE, inspection));
    const refused = expect(written).rejects.toMatchObject({
      name: DeliveryError.name,
      message: "The call could not be written out in time.",
    });
    await begun();
    await clock.advance(4_000);
    await refused;
  });

  it("because its thread cannot even start is refused", async () => {
    const { look } = open({ workerFile: new URL("file:///nowhere/look-worker.js") });
    await expect(look.inspector.inspect(HOSTILE)).rejects.toBeInstanceOf(NotInspectedError);
  });
});
