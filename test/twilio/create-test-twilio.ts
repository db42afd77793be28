// The simulated Twilio as the tests have it: the one that ships, with faults on its wires.
import type { InboundOptions, Simulator, SimulatorOptions } from "../../src/simulator/contract.ts";
import { createSimulator } from "../../src/simulator/create-simulator.ts";
import { breakCalls } from "./break-calls.ts";
import { breakWebhooks, type InboundResult } from "./break-webhooks.ts";
import { createFaults, type Fault, type InboundFault } from "./faults.ts";

type GestureOptions = InboundOptions & { readonly fault?: InboundFault | undefined };

export interface TestTwilio extends Omit<Simulator, "tap" | "type"> {
  tap(messageSid: string, button: string, options?: GestureOptions): Promise<InboundResult>;
  type(text: string, options?: GestureOptions & { readonly quote?: string }): Promise<InboundResult>;
  /** Queues a fault. @throws TypeError for `callback` or `silent` on anything but sending. */
  fail(fault: Fault): void;
  /** Posts the webhooks that `late` held back, oldest first. */
  releaseLate(): ReturnType<ReturnType<typeof breakWebhooks>["releaseLate"]>;
}

/** Starts the simulator, with every wire in the test's hands. */
export async function createTestTwilio(options: SimulatorOptions): Promise<TestTwilio> {
  const faults = createFaults();
  const { isSilent, ...calls } = breakCalls(faults);
  const webhooks = breakWebhooks({ authToken: options.authToken, isSilent });
  const simulator = await createSimulator(options, { ...calls, fetch: webhooks.fetch });
  return {
    ...simulator,
    tap: (sid, button, { fault, ...rest } = {}) =>
      webhooks.send(fault, () => simulator.tap(sid, button, rest)),
    type: (text, { fault, ...rest } = {}) => webhooks.send(fault, () => simulator.type(text, rest)),
    fail: faults.push,
    releaseLate: webhooks.releaseLate,
  };
}
