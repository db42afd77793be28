// What a waiting MCP client is told, and how long it may wait: Claude Code drops a call that is silent for 300 s.

import type { ServerContext } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import type { ChannelName } from "../../src/domain/channel.ts";
import { callerOf, callLimitMs } from "../../src/doors/mcp/progress.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

interface Note {
  readonly method: string;
  readonly params: {
    readonly progressToken: unknown;
    readonly progress: number;
    readonly total: number;
    readonly message: string;
  };
}

const call = { toolName: "Bash", input: { command: "ls" } };
const request = waitingRequest({ call, door: "mcp" }, 1_000);

/** A call's context, and the notes that its client was sent. */
function contextWith(progressToken?: string | number, taken: Promise<void> = Promise.resolve()) {
  const notes: Note[] = [];
  const connection = new AbortController();
  const mcpReq = {
    _meta: progressToken === undefined ? {} : { progressToken },
    signal: connection.signal,
    notify(note: Note) {
      notes.push(note);
      return taken;
    },
  };
  return {
    ctx: { mcpReq } as unknown as ServerContext,
    notes,
    leave: (reason: unknown) => connection.abort(reason),
  };
}

describe("the progress of a call", () => {
  it("grows with every note: within one second, and when the clock is set back", () => {
    const { ctx, notes } = contextWith("token-1");
    const { onProgress } = callerOf(ctx, createKeptLog());
    for (const leftMs of [300_000, 300_000, 299_800, 285_000, 285_000, 290_000, 270_000, 0, 0]) {
      onProgress?.({ request, leftMs, delivery: "queued", channels: ["whatsapp"] });
    }
    const values = notes.map(({ params }) => params.progress);
    expect(values).toHaveLength(9);
    for (const [index, value] of values.slice(1).entries()) expect(value).toBeGreaterThan(values[index] ?? 0);
    expect(values[0]).toBe(0);
    expect(values[3]).toBe(15);
    expect(values[6]).toBe(30);
    expect(values[7]).toBe(300);
  });

  it("carries the client's token, the whole time in seconds, and how things stand", () => {
    const { ctx, notes } = contextWith(0);
    callerOf(ctx, createKeptLog()).onProgress?.({
      request,
      leftMs: 285_000,
      delivery: "delivered",
      channels: ["whatsapp"],
    });
    expect(notes).toEqual([
      {
        method: "notifications/progress",
        params: {
          progressToken: 0,
          progress: 15,
          total: 300,
          message: "waiting for WhatsApp approval kqmwa, 4:45 left; delivered",
        },
      },
    ]);
  });

  it.each<[readonly ChannelName[], string]>([
    [[], "waiting for approval kqmwa, 4:45 left; sent"],
    [["whatsapp"], "waiting for WhatsApp approval kqmwa, 4:45 left; sent"],
    [["telegram"], "waiting for Telegram approval kqmwa, 4:45 left; sent"],
    [["whatsapp-agent"], "waiting for WhatsApp (agent) approval kqmwa, 4:45 left; sent"],
    [["telegram", "whatsapp"], "waiting for Telegram or WhatsApp approval kqmwa, 4:45 left; sent"],
    [
      ["whatsapp", "whatsapp-agent", "telegram"],
      "waiting for WhatsApp, WhatsApp (agent) or Telegram approval kqmwa, 4:45 left; sent",
    ],
  ])("names the channels that it was sent over, and no other: %j", (channels, message) => {
    const { ctx, notes } = contextWith(0);
    callerOf(ctx, createKeptLog()).onProgress?.({ request, leftMs: 285_000, delivery: "sent", channels });
    expect(notes.map(({ params }) => params.message)).toEqual([message]);
  });

  it("is not told of a call that waits for nobody: its answer follows at once", () => {
    const { ctx, notes } = contextWith(0);
    const progress = { request, leftMs: 300_000, channels: [], isDecided: true };
    callerOf(ctx, createKeptLog()).onProgress?.({ ...progress, delivery: "sending" });
    expect(notes).toEqual([]);
  });

  it("is not told to a client that did not ask for it", () => {
    const { ctx } = contextWith();
    expect(callerOf(ctx, createKeptLog()).onProgress).toBeUndefined();
  });

  it.each(["terminal", "withdrawn", new Error("gone")])(
    "ends when its client goes, for reasons of its own: %s",
    (reason) => {
      const { ctx, leave } = contextWith();
      const { signal } = callerOf(ctx, createKeptLog());
      expect(signal?.aborted).toBe(false);
      leave(reason);
      expect(signal?.aborted).toBe(true);
      expect(signal?.reason).not.toBe(reason);
      expect(callerOf(ctx, createKeptLog()).signal?.aborted).toBe(true);
    },
  );

  it.each([
    [["whatsapp"], "WhatsApp approval kqmwa, 5:00 left; queued"],
    [["telegram"], "Telegram approval kqmwa, 5:00 left; sent"],
    [["telegram", "whatsapp"], "Telegram or WhatsApp approval kqmwa, 5:00 left; queued"],
  ] as const)("over %j calls queued what only Twilio queues", (channels, words) => {
    const { ctx, notes } = contextWith(0);
    callerOf(ctx, createKeptLog()).onProgress?.({ request, leftMs: 300_000, delivery: "queued", channels });
    expect(notes.map(({ params }) => params.message)).toEqual([`waiting for ${words}`]);
  });

  it("that the client does not take is a note in the log and nothing more", async () => {
    const { ctx } = contextWith("token-1", Promise.reject(new Error("closed")));
    const log = createKeptLog();
    callerOf(ctx, log).onProgress?.({
      request,
      leftMs: 300_000,
      delivery: "queued",
      channels: [],
    });
    await new Promise(setImmediate);
    expect(log.entries.map(({ level, message }) => [level, message])).toEqual([
      ["debug", "a progress note was not taken"],
    ]);
  });
});

describe("a call without a progress token", () => {
  it("waits less than the 300 s after which Claude Code drops it; with one only the server's limit holds", () => {
    expect(callLimitMs(contextWith().ctx)).toBe(290_000);
    expect(callLimitMs(contextWith(0).ctx)).toBeUndefined();
    expect(callLimitMs(contextWith("token-1").ctx)).toBeUndefined();
  });
});
