// What a request over REST keeps while nobody has fetched its answer: when it counts as taken, when it lapses, and that
// nothing is left.

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Phone } from "../../src/domain/tool-call.ts";
import { FETCH_MS } from "../../src/doors/held/held-result.ts";
import { respond } from "../../src/doors/rest/respond.ts";
import { createHeldResultStage } from "../helpers/held-result-stage.ts";

describe("an answer over REST", () => {
  it("is taken by a response that was written, once", async () => {
    const { clock, held, reports, gone, end } = createHeldResultStage();
    end();
    held.handOver(Promise.resolve(true));
    held.handOver(Promise.resolve(true));
    await clock.advance(400_000);
    expect([reports[0], reports.includes(false), gone(), clock.pending()]).toEqual([true, false, 1, 0]);
  });

  it("is not taken by a response that broke, and lapses in its time", async () => {
    const { clock, held, reports, gone, end } = createHeldResultStage();
    end();
    held.handOver(Promise.resolve(false));
    await clock.advance(299_999);
    expect([held.isTaken(), reports, gone()]).toEqual([false, [], 0]);
    await clock.advance(1);
    expect([reports, gone(), clock.pending()]).toEqual([[false], 1, 0]);
  });

  it.each([true, false])(
    "is decided by a response that is under way when its time is over: written %s",
    async (written) => {
      const { clock, held, reports, gone, end } = createHeldResultStage();
      end();
      let finish = (_: boolean) => {};
      held.handOver(
        new Promise((resolve) => {
          finish = resolve;
        }),
      );
      await clock.advance(400_000);
      expect([reports, gone(), held.leave("withdrawn")]).toEqual([[], 0, false]);
      held.revoke();
      expect(gone()).toBe(0);
      finish(written);
      await clock.advance(60_000);
      expect([reports[0], held.isTaken(), gone(), clock.pending()]).toEqual([written, written, 1, 0]);
    },
  );

  it("that comes at the last moment is kept for a minute", async () => {
    const { clock, gone, end } = createHeldResultStage();
    await clock.advance(299_999);
    end();
    await clock.advance(FETCH_MS - 1);
    expect(gone()).toBe(0);
    await clock.advance(1);
    expect(gone()).toBe(1);
  });

  it("that comes after the caller gave up reaches nobody", async () => {
    const { clock, held, leaver, reports, end } = createHeldResultStage();
    expect(held.leave("withdrawn")).toBe(true);
    expect([leaver.signal.aborted, leaver.signal.reason]).toEqual([true, "withdrawn"]);
    end();
    expect(held.outcome()).toEqual({ status: "cancelled", cause: "withdrawn" });
    expect(reports).toEqual([false]);
    await clock.advance(400_000);
    expect(clock.pending()).toBe(0);
  });

  it("leaves no timer when its response is written after the close", async () => {
    const { clock, held, reports, gone, end } = createHeldResultStage();
    end();
    held.handOver(Promise.resolve(true));
    held.close();
    await clock.advance(0);
    expect([reports, gone(), clock.pending(), held.isTaken()]).toEqual([[false], 1, 0, false]);
  });

  it("is taken back by a panic only while it is an approval that nobody has", async () => {
    const denied = createHeldResultStage();
    denied.end({ status: "denied", by: "+15005550006" as Phone });
    denied.held.revoke();
    const taken = createHeldResultStage();
    taken.end();
    taken.held.handOver(Promise.resolve(true));
    await taken.clock.advance(0);
    taken.held.revoke();
    const waiting = createHeldResultStage();
    waiting.held.revoke();
    expect([denied.gone(), taken.gone(), waiting.gone()]).toEqual([0, 0, 0]);
    const held = createHeldResultStage();
    held.end();
    held.held.revoke();
    expect([held.reports, held.gone(), held.clock.pending()]).toEqual([[false], 1, 0]);
  });
});

describe("a response", () => {
  /** Hands a request to `handle`, and breaks its connection when that says so. */
  async function handled(
    handle: (res: ServerResponse, hangUp: () => void) => Promise<boolean>,
  ): Promise<boolean> {
    const caller = new AbortController();
    const result = new Promise<boolean>((resolve, reject) => {
      const server = createServer((_req, res) => {
        handle(res, () => caller.abort()).then(resolve, reject);
      });
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo;
        fetch(`http://127.0.0.1:${port}/`, { signal: caller.signal }).catch(() => {});
      });
      onTestFinished(() => void server.close());
    });
    return result;
  }

  it("has left when its body was written", async () => {
    expect(await handled((res) => respond(res, 200, {}))).toBe(true);
  });

  it("has not left when the caller had gone before", async () => {
    const written = handled(async (res, hangUp) => {
      const closed = once(res, "close");
      hangUp();
      await closed;
      return respond(res, 200, {});
    });
    expect(await written).toBe(false);
  });
});
