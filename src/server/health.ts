// What `/health` says: whether requests can be recorded, how things stand, and of each approver's phone enough to see why
// messages do not arrive, but never a whole number.

import { resolve } from "node:path";
import { sessionState } from "../channels/twilio/receive/session-window.ts";
import type { Outbound } from "../channels/twilio/send/outbound.ts";
import type { Config } from "../config/config.ts";
import type { Gate } from "../core/gate-contract.ts";
import type { Grants } from "../core/grants.ts";
import type { LostAddresses } from "../core/lost-addresses.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { People } from "../core/people.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Contact, ContactStore } from "../core/ports/contact-store.ts";
import { channelOf } from "../domain/channel.ts";
import { phoneText } from "../domain/names.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Channels } from "./channels.ts";
import type { OpenGateway } from "./gateway.ts";
import type { Guards } from "./guards.ts";

interface ApproverHealth {
  /** The last four digits: "…0006". */
  readonly phone: string;
  /** WhatsApp's 24-hour window. */
  readonly window: "open" | "closed" | "unknown";
  /** ISO 8601, UTC; in the past when the window is closed. */
  readonly windowClosesAt?: string | undefined;
  /** ISO 8601, UTC; only where the phone is known to have joined the Sandbox. */
  readonly sandboxExpiresAt?: string | undefined;
}

export interface HealthDeps {
  readonly version: string;
  readonly config: Pick<Config, "phone" | "simulation" | "approvers" | "databasePath">;
  readonly mode: Pick<ModeKeeper, "current">;
  readonly gate: Pick<Gate, "waiting">;
  readonly grants: Pick<Grants, "list">;
  readonly outbound: Pick<Outbound, "queued">;
  readonly policyState: Guards["policyState"];
  /** The MCP servers behind the gate; undefined where there are none. */
  readonly gatewayHealth: OpenGateway["health"];
  readonly store: Pick<ContactStore, "contact">;
  readonly channels: Pick<Channels, "health">;
  readonly people: Pick<People, "all" | "approving">;
  readonly lostAddresses: Pick<LostAddresses, "list">;
  /** Why requests cannot be recorded. */
  readonly problem: () => Promise<string | undefined>;
  /** Where Twilio posts; undefined while that is not known, or where nothing can be posted. */
  readonly webhookUrl: () => string | undefined;
  readonly clock: Clock;
}

/** What `/health` answers. */
export function createHealth(deps: HealthDeps): () => Promise<{ readonly status: string }> {
  const { version, config, mode, gate, grants, outbound, policyState, store, problem, webhookUrl, clock } =
    deps;
  const phoneHealth = async (phone: Phone) =>
    approverHealth(phone, await store.contact(phone).catch(() => ({})), clock.now());
  const startedAt = isoTime(clock.now());
  return async () => ({
    ...recording(await problem()),
    version,
    phone: config.phone.kind,
    simulated: config.simulation?.channels,
    standing: mode.current().kind,
    policy: policyState().state,
    gateway: shortened(deps.gatewayHealth()),
    waiting: gate.waiting().length,
    grants: grants.list().length,
    sending: outbound.queued(),
    webhook: webhookUrl(),
    channels: channelsHealth(deps),
    // Which database it is that this process writes: of two servers on one machine one is asked about.
    database: resolve(config.databasePath),
    pid: process.pid,
    startedAt,
    approvers: await Promise.all(config.approvers.map(phoneHealth)),
  });
}

/** The channels beside Twilio's: how each stands, and whom it reaches. Nobody's name or address. */
function channelsHealth({ channels, people, lostAddresses }: HealthDeps) {
  const states = channels.health();
  if (states.length === 0) return undefined;
  const approving = people.approving();
  const bound = people.all().flatMap(({ addresses }) => addresses);
  const countOn = (name: string, addresses: readonly Phone[]) =>
    addresses.filter((address) => channelOf(address) === name).length;
  return states.map((state) => ({
    ...state,
    bound: countOn(state.channel, bound),
    approving: countOn(state.channel, approving),
    lost: lostAddresses
      .list()
      .filter(({ channel }) => channel === state.channel)
      .map(({ why }) => why),
  }));
}

/** More are counted: who asks reads no answer of any length. */
const MAX_PROBLEMS = 20;

function shortened(gateway: ReturnType<OpenGateway["health"]>) {
  if (gateway === undefined) return undefined;
  const { servers, problems } = gateway;
  const more = problems.length - MAX_PROBLEMS;
  const shown = problems.slice(0, MAX_PROBLEMS);
  return { servers, problems: more > 0 ? [...shown, `${more} more problems`] : shown };
}

/** @param problem why requests cannot be recorded: then nothing can be approved */
function recording(problem: string | undefined): { status: string; problem?: string } {
  return problem === undefined ? { status: "ok" } : { status: "not recording", problem };
}

/** @param now epoch ms */
export function approverHealth(phone: Phone, contact: Contact, now: number): ApproverHealth {
  const { open, closesAt, sandboxExpiresAt } = sessionState(contact, now);
  return {
    phone: phoneText(phone),
    window: closesAt === undefined ? "unknown" : open ? "open" : "closed",
    windowClosesAt: isoTime(closesAt),
    sandboxExpiresAt: isoTime(sandboxExpiresAt),
  };
}

function isoTime(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
