// Faults that a test has queued, and their schema for tests in another process. First queued, first hit.
import { z } from "zod";
import type { Fault } from "./contract.ts";

const common = {
  on: z.enum(["messages", "message-list", "content"]).exactOptional(),
  times: z.int().min(1).max(1000).exactOptional(),
};

/** What `POST /phone/fault` accepts. */
export const faultSchema: z.ZodType<Fault> = z
  .discriminatedUnion("kind", [
    z.strictObject({
      ...common,
      kind: z.literal("reject"),
      httpStatus: z.int().min(400).max(599),
      code: z.int().exactOptional(),
      message: z.string().exactOptional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal("callback"),
      status: z.enum(["failed", "undelivered"]),
      code: z.int(),
    }),
    z.strictObject({ ...common, kind: z.literal("hang") }),
    z.strictObject({ ...common, kind: z.literal("lost") }),
    z.strictObject({ ...common, kind: z.literal("silent") }),
  ])
  .refine((fault) => fits(fault), { error: "callback and silent make sense for sending only" });

export type FaultTarget = NonNullable<Fault["on"]>;
export type Faults = ReturnType<typeof createFaults>;

/** The queue of faults. */
export function createFaults() {
  let queue: { fault: Fault; left: number }[] = [];
  return {
    /** @throws TypeError when the fault cannot happen to such a call. */
    push(fault: Fault): void {
      if (!fits(fault)) throw new TypeError(`a fault "${fault.kind}" makes sense for sending only`);
      queue.push({ fault, left: fault.times ?? 1 });
    },

    /** The fault that hits this call, used up by it. */
    take(on: FaultTarget): Fault | undefined {
      const hit = queue.find((queued) => targetOf(queued.fault) === on);
      if (hit === undefined) return undefined;
      hit.left -= 1;
      queue = queue.filter((queued) => queued.left > 0);
      return hit.fault;
    },
  };
}

function targetOf(fault: Fault): FaultTarget {
  return fault.on ?? "messages";
}

function fits(fault: Fault): boolean {
  return targetOf(fault) === "messages" || (fault.kind !== "callback" && fault.kind !== "silent");
}
