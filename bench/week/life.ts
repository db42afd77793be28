// One life of the server in the week: its real parts over a real file, on a clock that dies with it. What is outside (the phone,
// WhatsApp's templates, Claude) is in memory.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openLiveTemplates } from "../../src/channels/twilio/templates/live-templates.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
} from "../../src/channels/twilio/templates/template-config.ts";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import { createAddressed } from "../../src/core/addressed.ts";
import { createApprovers } from "../../src/core/approvers.ts";
import { createGate } from "../../src/core/gate.ts";
import type { Gate } from "../../src/core/gate-contract.ts";
import { createGatedCalls } from "../../src/core/gated-call.ts";
import { createGrants } from "../../src/core/grants.ts";
import { startKeepAlive } from "../../src/core/keep-alive.ts";
import { createModeKeeper } from "../../src/core/mode.ts";
import { createPeople } from "../../src/core/people.ts";
import { createPhoneCommandRunner } from "../../src/core/phone-commands.ts";
import { createPhoneTasks } from "../../src/core/phone-tasks.ts";
import type { ChatWindows } from "../../src/core/ports/chat-windows.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { Log } from "../../src/core/ports/log.ts";
import type { Messenger } from "../../src/core/ports/messenger.ts";
import type { PartSender } from "../../src/core/ports/part-sender.ts";
import type { ReplyHandler } from "../../src/core/reply-contract.ts";
import { createReplyHandler } from "../../src/core/reply-handler.ts";
import { createIntentReader } from "../../src/core/reply-intent.ts";
import { createReplyProof } from "../../src/core/reply-proof.ts";
import { createShowMore } from "../../src/core/show-more.ts";
import { pause } from "../../src/core/timing.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ServiceMode } from "../../src/domain/service-mode.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { newApprovalId } from "../../src/domain/tool-call.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import type { ParkedRequests } from "../../src/parked/contract.ts";
import { createParked } from "../../src/parked/create-parked.ts";
import { packageRoot } from "../../src/server/system.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";

export const PHONE = "+15005550006" as Phone;
export const ZONE = "Europe/Berlin";
export const TIMEOUT_MS = 300_000;
const GRANT_MS = 60 * 60_000;
export const PARKING = { afterMs: 10 * 60_000, forMs: 24 * 60 * 60_000 };
export const FOLDER = { name: "shop", path: "/srv/shop" };
const DAY_MS = 24 * 60 * 60_000;
/** How long Twilio takes to say that a reply is genuine, ms. */
const VERIFY_MS = 300;

/** What stays when a life ends. */
export interface World {
  readonly clock: Clock;
  readonly databasePath: string;
  readonly log: Log;
  /** A number below `below`, of the week's own chance. */
  random(below: number): number;
  /** The phone is shown a request. */
  shown(id: ApprovalId, messageId: string): void;
  /** The phone is told something. */
  told(notice: Notice): void;
  /** WhatsApp was asked for the account's templates. */
  looked(): void;
  /** Claude was started again for a parked call. */
  resumed(sessionId: string, toolUseId: string): Promise<void>;
}

export interface Life {
  readonly gate: Gate;
  readonly parked: ParkedRequests;
  readonly replies: ReplyHandler;
  mode(): ServiceMode;
  /** Ends a panic, as somebody at the machine does. */
  open(): Promise<void>;
  /** Timers of this life that are set. */
  timers(): number;
  /** Stops as on SIGTERM. */
  stop(): Promise<void>;
  /** Ends as on SIGKILL: nothing of it runs any more, and nothing is written. */
  crash(): void;
}

export async function startLife(world: World): Promise<Life> {
  const { random } = world;
  const { clock, timers, die, isDead } = mortal(world.clock);
  const log: Log = {
    ...world.log,
    // What was under way in a process that was killed says nothing any more.
    error: (fields, message) => (isDead() ? undefined : world.log.error(fields, message)),
  };
  const store = createSqliteStore(world.databasePath);
  await store.cancelPending(clock.now());
  await store.endGrants("restart", clock.now());
  const grants = createGrants({ store, clock, log });
  const mode = await createModeKeeper(store, clock, log);
  const messages = { count: 0 };
  const messenger: Messenger & PartSender = {
    async ask(request, { onRendered, onSent }) {
      onRendered(promptFor(request));
      const messageId = `SM${request.id}${messages.count++}`;
      const sent = { messageId, to: PHONE, hasButtons: true };
      onSent(sent);
      world.shown(request.id, messageId);
      return [sent];
    },
    more: async () => 0,
    async tell(_to, notice) {
      world.told(notice);
      return `NM${messages.count++}`;
    },
  };
  const inspector = createInspector({ home: "/home/someone", ownPaths: ["/srv/approval"], ownPorts: [8000] });
  const people = createPeople({
    people: [{ name: PHONE, role: "approve", addresses: [PHONE] }],
    channels: ["whatsapp"],
  });
  const gate0 = createGate({
    store,
    messenger,
    people,
    inspector,
    mode: mode.current,
    onEnded: (ended) => replies.ended(ended),
    clock,
    log,
    newId: () => newApprovalId((max) => random(max)),
    timeoutMs: TIMEOUT_MS,
    grants,
    grantMs: GRANT_MS,
  });
  const parked = createParked({
    gate: gate0,
    store,
    mode,
    messenger,
    people,
    inspector,
    clock,
    log,
    folders: [FOLDER],
    isStillThere: () => true,
    times: PARKING,
    secrets: ["a secret of this week only"],
    wouldAsk: async () => true,
    isRunning: () => false,
    async resume({ parking, toolUseId }) {
      await world.resumed(parking.sessionId, toolUseId);
      return { end: "finished", words: "Done." };
    },
  });
  const { gate } = parked;
  const addressed = createAddressed();
  const gatedCalls = createGatedCalls({ gate, store, mode, clock, log });
  const telling = { gatedCalls, messenger, addressed, people, clock, log };
  const tasks = createPhoneTasks({ ...telling, hearsQuotes: true });
  const showMore = createShowMore({ gate, messenger, log });
  const run = createPhoneCommandRunner({ gate, mode, grants, clock, showMore, tasks });
  const known = { phones: [PHONE], userIds: new Map(), secrets: ["a secret of this week only"] };
  const approvers = await createApprovers({ ...known, store, clock, log });
  const proof = createReplyProof({
    verifier: {
      async verify({ from }, signal) {
        await pause(VERIFY_MS, clock, signal);
        return { kind: "genuine", sender: from };
      },
    },
    verified: "approvals",
    approvers,
    waiting: gate.waiting,
    ageOf: gate.ageOf,
    clock,
    log,
  });
  const replies = createReplyHandler({
    ...{ gate, store, messenger, clock, log, approvers, gatedCalls, proof, run, addressed, hint: tasks.hint },
    readIntent: createIntentReader({ gate, store, addressed }),
  });
  const closesAt = async () => {
    const { lastInboundAt } = await store.contact(PHONE);
    return lastInboundAt === undefined ? {} : { closesAt: lastInboundAt + DAY_MS };
  };
  const windows: ChatWindows = { known: closesAt, ask: closesAt };
  const keepAlive = startKeepAlive({
    ...{ windows, store, messenger, phones: [PHONE], mode: mode.current, clock, log, zone: ZONE },
  });
  const templates = await openLiveTemplates({
    api: {
      async list() {
        world.looked();
        return [];
      },
      create: async () => `HX${messages.count++}`,
      submit: async () => ({ status: "received" }),
      approval: async () => ({ status: "unsubmitted" }),
    },
    known: { read: async () => new Map(), remember: async () => {} },
    templates: parseTemplateConfig(readFileSync(join(packageRoot(), TEMPLATE_CONFIG_FILE), "utf8")),
    namedSids: {},
    clock,
    log,
  });
  await parked.reopen();
  return {
    gate,
    parked,
    replies,
    mode: mode.current,
    open: mode.open,
    timers,
    async stop() {
      await gate.stop();
      templates.stop();
      keepAlive.stop();
      await replies.idle(1_000);
      await parked.stop();
      await mode.stop();
      await store.close();
      die();
    },
    crash() {
      die();
      void store.close();
    },
  };
}

/** A clock whose timers end together. */
function mortal(clock: Clock) {
  const set = new Set<() => void>();
  let isDead = false;
  return {
    timers: () => set.size,
    isDead: () => isDead,
    die() {
      isDead = true;
      for (const cancel of set) cancel();
      set.clear();
    },
    clock: {
      now: clock.now,
      elapsed: clock.elapsed,
      after(delayMs: number, task: () => void) {
        if (isDead) return () => {};
        const cancelIn = clock.after(delayMs, () => {
          set.delete(cancel);
          task();
        });
        const cancel = () => {
          set.delete(cancel);
          cancelIn();
        };
        set.add(cancel);
        return cancel;
      },
    } satisfies Clock,
  };
}
