import { describe, expect, it } from "vitest";
import type { RateLimit } from "../../src/core/ports/rate-limit.ts";
import { createRequestLimiter, LimitError } from "../../src/core/request-limiter.ts";
import { createRateLimit } from "../../src/server/rate-limit.ts";

const NO_RATE: RateLimit = { take: async () => 0 };

async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof LimitError ? error.outcome : error;
}

describe("the limit of open requests", () => {
  it("holds for each caller, and ends with a request", async () => {
    const { admit } = createRequestLimiter({ rate: NO_RATE, maxOpen: 2 });
    const leave = await admit("ci");
    await admit("ci");
    expect(await refusal(admit("ci"))).toMatchObject({ status: "limited" });
    await admit("laptop");
    await admit(undefined);
    leave();
    leave();
    await admit("ci");
    expect(await refusal(admit("ci"))).toMatchObject({ status: "limited" });
  });

  it("lets no two in at the same time where there is room for one", async () => {
    const { admit } = createRequestLimiter({ rate: NO_RATE, maxOpen: 1 });
    const results = await Promise.all([refusal(admit("ci")), refusal(admit("ci"))]);
    expect(results).toEqual([undefined, expect.objectContaining({ status: "limited" })]);
  });
});

describe("the limit of requests a minute", () => {
  it("says how long to wait, and takes up no place", async () => {
    let waitMs = 4_000;
    const { admit } = createRequestLimiter({ rate: { take: async () => waitMs }, maxOpen: 1 });
    expect(await refusal(admit("ci"))).toMatchObject({ status: "limited", retryAfterMs: 4_000 });
    waitMs = 0;
    expect(await refusal(admit("ci"))).toBeUndefined();
  });

  it("that cannot be counted lets nobody in, and takes up no place", async () => {
    const broken = new Error("broken");
    let fails = true;
    const rate: RateLimit = { take: () => (fails ? Promise.reject(broken) : Promise.resolve(0)) };
    const { admit } = createRequestLimiter({ rate, maxOpen: 1 });
    expect(await refusal(admit("ci"))).toBe(broken);
    fails = false;
    expect(await refusal(admit("ci"))).toBeUndefined();
  });

  it("is counted for each caller", async () => {
    const rate = createRateLimit(2);
    expect([await rate.take("ci"), await rate.take("ci"), await rate.take("laptop")]).toEqual([0, 0, 0]);
    const waitMs = await rate.take("ci");
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });
});
