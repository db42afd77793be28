// "Approved" is told to the phone only when the caller has the answer: each door reports that after its response has left,
// and reports a connection that broke.

import type { ServerResponse } from "node:http";
import express, { type RequestHandler } from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Gate } from "../../src/core/gate-contract.ts";
import type { Caller } from "../../src/core/pending-request.ts";
import { REQUEST_TOOL } from "../../src/domain/request-approval.ts";
import { noDoneMessages } from "../../src/doors/hook/done-messages.ts";
import { createHookDoor } from "../../src/doors/hook/hook-door.ts";
import { createMcpDoor } from "../../src/doors/mcp/mcp-door.ts";
import { PERMISSION_TOOL } from "../../src/doors/mcp/tool-table.ts";
import { listen } from "../../src/server/listener.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PHONE, plainInspector } from "../helpers/gate-stage.ts";
import { PERMISSION_REQUEST } from "../helpers/hook-client.ts";
import { noApprovals, noDrafter, noReadable } from "../helpers/no-approvals.ts";
import { peopleAt } from "../helpers/people.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

interface Report {
  /** What the door said about its caller. */
  readonly delivered: boolean;
  /** Whether the response had been handed to the system in full by then. */
  readonly hadLeft: boolean;
}

interface Entrance {
  readonly path: string;
  readonly body: object;
  open(gate: Gate): RequestHandler;
}

const log = createKeptLog();

const mcpCall = (name: string, args: object): Entrance => ({
  path: "/mcp",
  body: { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } },
  open: (gate) =>
    createMcpDoor({
      gate,
      approvals: noApprovals,
      readable: noReadable,
      drafter: noDrafter,
      log,
      version: "0.0.0-test",
      timeoutMs: 300_000,
    }).router,
});

const ENTRANCES: Readonly<Record<string, Entrance>> = {
  "the permission tool": mcpCall(PERMISSION_TOOL, { tool_name: "Bash", input: { command: "ls" } }),
  request_approval: mcpCall(REQUEST_TOOL, { action: "ls", summary: "List the folder" }),
  "the PermissionRequest hook": {
    path: "/hooks/permission-request",
    body: PERMISSION_REQUEST,
    open: (gate) => {
      const messenger = { ask: async () => [], tell: async () => "SM0" };
      const clock = createFakeClock();
      const deps = {
        gate,
        messenger,
        people: peopleAt(PHONE),
        inspector: plainInspector,
        clock,
        log,
        graceMs: 0,
        done: noDoneMessages,
      };
      return createHookDoor(deps).router;
    },
  },
};

/** Serves one entrance over a gate that approves when `decided` resolves, and keeps what the door reports. */
async function serve(entrance: Entrance, decided: (caller: Caller) => Promise<void>) {
  let res: ServerResponse | undefined;
  let report = (_: Report) => {};
  const reported = new Promise<Report>((resolve) => {
    report = resolve;
  });
  const request: Gate["request"] = async ({ call }, caller = {}) => {
    await decided(caller);
    const asked = waitingRequest({ call, door: "mcp" });
    return {
      request: asked,
      outcome: { status: "approved", by: PHONE },
      acknowledge: (delivered) => report({ delivered, hadLeft: res?.writableFinished === true }),
    };
  };
  const app = express().use(express.json(), (_req, response, next) => {
    res = response;
    next();
  });
  const listener = await listen("127.0.0.1", 0, "SERVER_PORT");
  listener.serve(app.use(entrance.open({ request } as Gate)));
  onTestFinished(() => listener.close());
  const leaver = new AbortController();
  const response = fetch(`http://127.0.0.1:${listener.port}${entrance.path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify(entrance.body),
    signal: leaver.signal,
  }).then((answer) => answer.text());
  return { leaver, response, reported };
}

describe.each(Object.entries(ENTRANCES))("the answer of %s", (_, entrance) => {
  it("is reported as delivered once its response has left, and not before", async () => {
    const { response, reported } = await serve(entrance, async () => {});
    expect(await response).toMatch(/allow|approved/);
    expect(await reported).toEqual({ delivered: true, hadLeft: true });
  });

  it("is reported as not delivered when its caller's connection broke before", async () => {
    let asked = () => {};
    const pendingById = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { leaver, response, reported } = await serve(entrance, ({ signal }) => {
      asked();
      return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
    });
    const broken = response.catch(() => "broken");
    await pendingById;
    leaver.abort();
    expect(await broken).toBe("broken");
    expect(await reported).toMatchObject({ delivered: false });
  });
});
