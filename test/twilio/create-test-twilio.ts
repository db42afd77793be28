// The simulated Twilio as the tests have it: the one that ships, with faults on its wires.
import type {
  InboundOptions,
  SimMessage,
  Simulator,
  SimulatorOptions,
  WebhookResult,
} from "../../src/simulator/contract.ts";
import { createSimulator } from "../../src/simulator/create-simulator.ts";
import type { DeliveryStep } from "../../src/simulator/delivery.ts";
import { breakCalls } from "./break-calls.ts";
import { breakWebhooks, type InboundResult, type LateOrder } from "./break-webhooks.ts";
import { createFaults, type Fault, type InboundFault } from "./faults.ts";
import { waitForMessage } from "./wait-for-message.ts";

type GestureOptions = InboundOptions & { readonly fault?: InboundFault | undefined };

export interface TestTwilio extends Omit<Simulator, "tap" | "type"> {
  /** The account of this run, for tests that sign a webhook themselves. */
  readonly accountSid: string;
  readonly authToken: string;
  /** Resolves with the first message, past or future, that matches. Rejects on abort and on close. */
  waitForMessage(match: (message: SimMessage) => boolean, signal?: AbortSignal): Promise<SimMessage>;
  tap(messageSid: string, button: string, options?: GestureOptions): Promise<InboundResult>;
  type(text: string, options?: GestureOptions & { readonly quote?: string }): Promise<InboundResult>;
  /** Queues a fault. @throws TypeError for `callback` or `silent` on anything but sending. */
  fail(fault: Fault): void;
  /** How many faults have hit no call yet, or are to hit another one. */
  faultsLeft(): number;
  /** Posts the webhooks that `late` held back. Default: oldest first. */
  releaseLate(order?: LateOrder): Promise<readonly WebhookResult[]>;
  /** The phone blocks the sender: messages stay `sent` for ever. */
  block(phone: string): void;
  /** Changes how the API shows a message, or all of a direction, when it is read; `undefined` hides it. */
  alter(sidOrDirection: string, change: Readonly<Record<string, unknown>> | undefined): void;
  /** Points webhooks elsewhere, as a person does in Twilio's console. */
  setWebhookUrl(url: string): void;
}

/** Who reads what has been delivered: the test's person, at once, or a page that shows it. */
export type Reader = "person" | "page";

const READ: DeliveryStep = { status: "read" };

/** Starts the simulator, with every wire in the test's hands. */
export async function createTestTwilio(
  options: SimulatorOptions,
  reader: Reader = "person",
): Promise<TestTwilio> {
  const { accountSid, authToken } = options;
  const faults = createFaults();
  const blocked = new Set<string>();
  const altered = new Map<string, Readonly<Record<string, unknown>> | undefined>();
  const { intercept, fate, isSilent } = breakCalls(faults);
  const webhooks = breakWebhooks({ authToken, isSilent });
  const closing = new AbortController();
  let { webhookUrl } = options;
  const simulator = await createSimulator(
    { ...options, webhookUrl: () => webhookUrl() },
    {
      intercept,
      fetch: webhooks.fetch,
      alter: (resource) => {
        const key = [resource.sid, resource.direction].find((each) => altered.has(each));
        if (key === undefined) return resource;
        const change = altered.get(key);
        return change && { ...resource, ...change };
      },
      fate(entry, usual) {
        const isRead = reader === "person" && usual.at(-1)?.status === "delivered";
        const arrives = isRead ? [...usual, READ] : usual;
        return fate(entry, blocked.has(entry.message.phone) ? [{ status: "sent" }] : arrives);
      },
    },
  );
  return {
    ...simulator,
    accountSid,
    authToken,
    waitForMessage: (match, signal) =>
      waitForMessage(simulator, match, signal === undefined ? [closing.signal] : [closing.signal, signal]),
    tap: (sid, button, { fault, ...rest } = {}) =>
      webhooks.send(fault, () => simulator.tap(sid, button, rest)),
    type: (text, { fault, ...rest } = {}) => webhooks.send(fault, () => simulator.type(text, rest)),
    fail: faults.push,
    faultsLeft: faults.waiting,
    alter: (key, change) => void altered.set(key, change),
    releaseLate: webhooks.releaseLate,
    block: (phone) => void blocked.add(phone),
    setWebhookUrl: (url) => {
      webhookUrl = () => url;
    },
    close: async () => {
      closing.abort(new Error("the simulator was closed"));
      await simulator.close();
    },
  };
}
