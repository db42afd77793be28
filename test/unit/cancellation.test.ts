// A client of 2025-11-25 that gives a call up: which connection is broken for it, and that none is kept.
import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { createCancellation } from "../../src/doors/mcp/cancellation.ts";

const initialize = { jsonrpc: "2.0", id: 0, method: "initialize" };
const callOf = (id: unknown) => ({ jsonrpc: "2.0", id, method: "tools/call" });
const cancelOf = (requestId: unknown) => ({ method: "notifications/cancelled", params: { requestId } });

function stage() {
  const cancellation = createCancellation(() => "new-session");

  /** Shows a request to it. @returns the response, and how often its connection was broken */
  function follow(body: unknown, session: string | null = "s1") {
    const headers: Record<string, string> = {};
    let broken = 0;
    const res = Object.assign(new EventEmitter(), {
      setHeader: (name: string, value: string) => {
        headers[name] = value;
      },
      destroy: () => {
        broken += 1;
      },
    });
    const req = { headers: session === null ? {} : { "mcp-session-id": session } };
    cancellation.follow(req as IncomingMessage, res as unknown as ServerResponse, body);
    return { res, headers, broken: () => broken };
  }
  return { follow };
}

describe("a call that its client gives up", () => {
  it("is ended by breaking its connection, and no other", () => {
    const { follow } = stage();
    const [one, other] = [follow(callOf(1)), follow(callOf(2))];
    const telling = follow(cancelOf(1));
    expect([one.broken(), other.broken(), telling.broken()]).toEqual([1, 0, 0]);
  });

  it.each<[string, unknown, string | null]>([
    ["of another session", 1, "s2"],
    ["without a session", 1, null],
    ["with another id", 2, "s1"],
    ["whose id is a text where the call's was a number", "1", "s1"],
  ])("is not ended by a message %s", (_, id, session) => {
    const { follow } = stage();
    const { broken } = follow(callOf(1));
    follow(cancelOf(id), session);
    expect(broken()).toBe(0);
  });

  it("is not the one of two sessions that another pair of session and id could spell", () => {
    const { follow } = stage();
    const { broken } = follow(callOf("b"), "s a");
    follow(cancelOf("a b"), "s");
    expect(broken()).toBe(0);
  });

  it("is not kept once it is over", () => {
    const { follow } = stage();
    const { res, broken } = follow(callOf(1));
    res.emit("close");
    follow(cancelOf(1));
    expect(broken()).toBe(0);
  });

  it("is the newer of two with one id, also when the older one ends", () => {
    const { follow } = stage();
    const [older, newer] = [follow(callOf(1)), follow(callOf(1))];
    older.res.emit("close");
    follow(cancelOf(1));
    expect([older.broken(), newer.broken()]).toEqual([0, 1]);
  });

  it("is found among several messages of one request, but not among more than the SDK takes", () => {
    const { follow } = stage();
    const few = follow([callOf(1), callOf(2)]);
    follow([cancelOf(7), cancelOf(2)]);
    expect(few.broken()).toBe(1);
    const many = follow(Array.from({ length: 101 }, (_, id) => callOf(id)));
    follow(cancelOf(50));
    expect(many.broken()).toBe(0);
  });

  it.each([undefined, null, "x", [null], { method: "tools/call" }, { method: "notifications/cancelled" }])(
    "is none in the body %j",
    (body) => {
      const { follow } = stage();
      const { headers } = follow(body);
      expect(headers).toEqual({});
    },
  );
});

describe("a session id", () => {
  it("is given to a client that introduces itself and has none, and to no other", () => {
    const { follow } = stage();
    expect(follow(initialize, null).headers).toEqual({ "mcp-session-id": "new-session" });
    expect(follow(initialize).headers).toEqual({});
    expect(follow(callOf(1), null).headers).toEqual({});
  });
});
