// The way out, over a real simulator and the real SDK, with a note of every call that was made.

import type {
  MessageApi,
  MessageParams,
  OutgoingMessage,
  TemplateContent,
} from "../../src/channels/twilio/send/message.ts";
import { createOutbound } from "../../src/channels/twilio/send/outbound.ts";
import type { SendDeps } from "../../src/channels/twilio/send/send-message.ts";
import { createTwilioClient } from "../../src/channels/twilio/twilio-client.ts";
import type { Log } from "../../src/core/ports/log.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { systemClock } from "../../src/server/system.ts";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { PATIENCE_MS } from "./patience.ts";
import { createKeptLog } from "./silent-log.ts";
import { ACCOUNT, createApprovalTemplate, PHONE, SENDER, startWorld, TOKEN } from "./simulator-world.ts";

export const TO = PHONE as Phone;

export interface OutboundStageOptions extends Partial<Omit<SendDeps, "api">> {
  /** When the client gives a call up, ms. */
  readonly timeoutMs?: number;
  /** Stands between the way out and the SDK. */
  readonly api?: (real: MessageApi) => MessageApi;
}

/** Retries after a millisecond, sends without pacing. */
export async function startOutbound({
  timeoutMs = PATIENCE_MS,
  api,
  ...overrides
}: OutboundStageOptions = {}) {
  const { simulator, client } = await startWorld();
  const ours = createTwilioClient({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    baseUrl: simulator.url,
    timeoutMs,
  });
  const log = createKeptLog();
  const posts: MessageParams[] = [];
  const looks: string[] = [];
  const inner = api?.(ours.messages) ?? ours.messages;
  const recorded: MessageApi = {
    create(params) {
      posts.push(params);
      return inner.create(params);
    },
    list(filter) {
      looks.push(filter.to);
      return inner.list(filter);
    },
  };
  const outbound = createOutbound(outboundDeps({ api: recorded, log, ...overrides }));
  const contentSid = await createApprovalTemplate(client);
  return {
    simulator,
    outbound,
    posts,
    looks,
    log,
    client,
    onPhone: (): readonly SimMessage[] => simulator.messages(),
    /** The usual template message; `2` is the command. */
    template: (variables: Record<string, string> = { "1": "kqmwa", "2": "ls -la /etc" }) =>
      templateContent(contentSid, variables),
  };
}

/** Defaults for everything that a test does not care about. */
export function outboundDeps(given: Partial<SendDeps> & { api: MessageApi; log?: Log }): SendDeps {
  return {
    from: SENDER,
    statusCallback: () => undefined,
    clock: systemClock,
    log: createKeptLog(),
    intervalMs: 0,
    retryPauseMs: 1,
    ...given,
  };
}

function templateContent(contentSid: string, variables: Record<string, string>): TemplateContent {
  const plain = `🔔 *Approval Request*\n\nExecute command: \`${variables["2"]}\`\n*Request ID:* ${variables["1"]}\n\nType APPROVE ${variables["1"]}`;
  return { contentSid, variables, plain };
}

/** A request as plain text. */
export function request(body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { to: TO, content: { body }, priority: "request", ...more };
}

/** The error of a send that must fail. */
export async function failureOf(sending: Promise<string>): Promise<DeliveryError> {
  const outcome = await sending.catch((error: unknown) => error);
  if (outcome instanceof DeliveryError) return outcome;
  throw new Error(`expected a DeliveryError, got ${String(outcome)}`);
}
