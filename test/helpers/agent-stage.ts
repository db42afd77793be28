// The channel of the Agent Platform over its simulated server, on one clock that only moves when a test says so.
import { onTestFinished } from "vitest";
import {
  type AgentChannelDeps,
  createAgentChannel,
} from "../../src/channels/whatsapp-agent/create-agent-channel.ts";
import type { Inbound } from "../../src/core/inbound.ts";
import type { Heard, StrangerMessage } from "../../src/core/ports/channel.ts";
import type { ChannelStore } from "../../src/core/ports/channel-store.ts";
import type { MessageNote } from "../../src/core/ports/correspondence-store.ts";
import type { AskOptions } from "../../src/core/ports/messenger.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { addressOn } from "../../src/domain/channel.ts";
import type { DeliveryReceipt, SentMessage } from "../../src/domain/delivery.ts";
import type { DeliveryError } from "../../src/domain/errors.ts";
import type { Inspection } from "../../src/domain/inspection.ts";
import type { ApprovalId, Phone, ToolCall } from "../../src/domain/tool-call.ts";
import type { PlatformOptions } from "../../src/simulator/agent/contract.ts";
import { createAgentPlatform } from "../../src/simulator/agent/create-agent-platform.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createKeptLog } from "./silent-log.ts";

/** Made of two, so that nothing takes it for a real one. */
export const AGENT_KEY = `WAAV${"-simulated-key"}`;
export const PERSON = addressOn("whatsapp-agent", "user:111222333");

export function bash(command: string, description = ""): ToolCall {
  return { toolName: "Bash", input: { command, ...(description === "" ? {} : { description }) } };
}

export function agentRequest(
  call: ToolCall,
  inspection: Partial<Inspection> = {},
  more: Partial<ApprovalRequest> = {},
): ApprovalRequest {
  return {
    id: "kqmwa" as ApprovalId,
    call,
    inspection: { shown: call, secrets: 0, warnings: [], ...inspection },
    door: "mcp",
    project: "web-shop",
    createdAt: 0,
    expiresAt: 300_000,
    waiting: 1,
    ...more,
  };
}

export interface AgentStageOptions extends Partial<AgentChannelDeps> {
  readonly platform?: Partial<PlatformOptions> | undefined;
  readonly heard?: Partial<Heard> | undefined;
  /** What was kept by an earlier run. */
  readonly position?: string | undefined;
  /** The clock of all that is not the channel. Default: one of its own. */
  readonly world?: FakeClock | undefined;
  /** Default: the channel listens. */
  readonly isStarted?: boolean | undefined;
}

export async function startAgent(options: AgentStageOptions = {}) {
  const {
    platform: platformOptions,
    heard: otherHeard,
    position,
    isStarted = true,
    world,
    ...deps
  } = options;
  const clock = world ?? createFakeClock();
  const log = createKeptLog();
  const platform = await createAgentPlatform({ key: AGENT_KEY, clock, ...platformOptions });
  const replies: Inbound[] = [];
  const receipts: DeliveryReceipt[] = [];
  const strangers: StrangerMessage[] = [];
  const lost: { readonly address: Phone; readonly why: string }[] = [];
  const taken: MessageNote[] = [];
  const positions: string[] = position === undefined ? [] : [position];
  const store: ChannelStore = {
    channelPosition: async () => positions.at(-1),
    keepChannelPosition: async (_, next) => void positions.push(next),
  };
  const heard: Heard = {
    reply: async (inbound) => void replies.push(inbound),
    receipt: async (receipt) => void receipts.push(receipt),
    isBound: (address) => address === PERSON,
    isWaiting: () => false,
    stranger: async (message) => {
      strangers.push(message);
      return "ignored";
    },
    lost: async (address, why) => void lost.push({ address, why }),
    ...otherHeard,
  };
  let underWay = 0;
  const counted: typeof fetch = async (...call) => {
    underWay += 1;
    try {
      const response = await fetch(...call);
      const text = await response.text();
      const { status, headers } = response;
      return new Response(status === 204 ? null : text, { status, headers });
    } finally {
      underWay -= 1;
    }
  };
  const channel = createAgentChannel({
    key: AGENT_KEY,
    baseUrl: platform.url,
    clock,
    log,
    store,
    fetch: counted,
    onTaken: (note) => void taken.push(note),
    ...deps,
  });

  /** Moves time on until something is so, and never while an answer is on its way: a held poll is none. */
  async function until(isSo: () => boolean, stepMs = 250): Promise<void> {
    for (;;) {
      if (isSo()) return;
      if (underWay > platform.openPolls()) await new Promise(setImmediate);
      else await clock.advance(stepMs);
    }
  }

  /** Moves time on, also while a call hangs. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      await calm();
      await clock.advance(Math.min(left, 250));
    }
    await calm();
  }

  /** What is on its way within the machine arrives. */
  async function calm(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  }

  async function close(): Promise<void> {
    let isClosed = false;
    const closing = channel.close().finally(() => {
      isClosed = true;
    });
    await until(() => isClosed);
    await closing;
  }

  const ended = new AbortController();
  /** Asks, and keeps what it is told. */
  function ask(request: ApprovalRequest, more: Partial<AskOptions> = {}) {
    const sent: SentMessage[] = [];
    const refused: { readonly to: Phone; readonly error: DeliveryError }[] = [];
    const rendered: { readonly offersSession: boolean; readonly hidden: number }[] = [];
    let isOver = false;
    const asking = channel.messenger
      .ask(request, {
        to: [PERSON],
        signal: ended.signal,
        leftMs: () => 300_000,
        onRendered: (message) => void rendered.push(message),
        onSent: (message) => void sent.push(message),
        onRefused: (to, error) => void refused.push({ to, error }),
        ...more,
      })
      .finally(() => {
        isOver = true;
      });
    asking.catch(() => {});
    const over = async () => {
      await until(() => isOver);
      return asking;
    };
    return { sent, refused, rendered, over, isOver: () => isOver };
  }

  onTestFinished(async () => {
    await close();
    await platform.close();
  });
  if (isStarted) channel.start(heard);
  return {
    channel,
    platform,
    clock,
    log,
    heard,
    replies,
    receipts,
    strangers,
    lost,
    taken,
    positions,
    until,
    pass,
    close,
    ask,
    ended,
    /** What the agent has sent. */
    sentTexts: () => platform.chat().flatMap(({ by, text }) => (by === "agent" ? [text] : [])),
  };
}
