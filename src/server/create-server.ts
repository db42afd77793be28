// Puts the parts together and takes them apart in reverse: ports, store, phone, gate, apps, tunnel.

import { resolve } from "node:path";
import type { Polling } from "../channels/twilio/receive/polling.ts";
import { createWebhook, WEBHOOK_PATH } from "../channels/twilio/receive/webhook.ts";
import { createMessenger } from "../channels/twilio/send/messenger.ts";
import { createOutbound } from "../channels/twilio/send/outbound.ts";
import { type Config, secretsOf } from "../config/config.ts";
import { createGate } from "../core/gate.ts";
import { createGrants } from "../core/grants.ts";
import { createModeKeeper } from "../core/mode.ts";
import { createPhoneCommandRunner } from "../core/phone-commands.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import { createShowMore } from "../core/show-more.ts";
import { waitAtMost } from "../core/timing.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import { watchChanges } from "../history/changes.ts";
import type { OpenSimulator, RunningSimulator } from "../simulator/contract.ts";
import { createSqliteStore } from "../store/sqlite.ts";
import { openNgrok } from "../tunnel/ngrok.ts";
import { createLocalApp, createPublicApp } from "./apps.ts";
import { openGuards } from "./guards.ts";
import { listen, urlHost } from "./listener.ts";
import { openLocalDoors } from "./local-doors.ts";
import { openPhoneLink } from "./phone-link.ts";
import { createLimiter } from "./rate-limit.ts";
import { noteTaken, openRecord } from "./record.ts";
import { recordLost, watchStore } from "./record-watch.ts";
import { openReplies } from "./replies.ts";
import { startReplyReader } from "./reply-reader.ts";
import { packageRoot, randomApprovalId, systemClock } from "./system.ts";
import { webhookAddress } from "./webhook-address.ts";

/** How long a stop waits for confirmations that are on their way to the phone, ms. */
const CONFIRMATION_GRACE_MS = 1_000;

/** How long a stop waits for one part, ms. All of it must end within 5 s. */
const CLOSE_LIMIT_MS = 1_000;

export interface ApprovalServer {
  /** `http://127.0.0.1:8000` */
  readonly localUrl: string;
  /** Where Twilio posts; what goes into its console. */
  readonly webhookUrl: string;
  /** Whether Twilio can post there; otherwise replies are read from its list of messages. */
  readonly hasWebhook: boolean;
  /** The simulated phone; absent with a real one. */
  readonly simulator: RunningSimulator | undefined;
  /** Templates that are not set up: their requests go out without buttons. */
  readonly missingTemplates: readonly string[];
  /** Denies what waits, then closes everything. Safe to call twice. */
  close(): Promise<void>;
}

export interface ServerDeps {
  readonly log: Log;
  readonly version: string;
  /** Templates' SIDs by variable name: the environment. */
  readonly contentSids?: Readonly<Record<string, string | undefined>> | undefined;
  readonly clock?: Clock | undefined;
  readonly newId?: (() => ApprovalId) | undefined;
  /** Between two messages, ms. Default: what the sender allows. */
  readonly sendIntervalMs?: number | undefined;
  readonly openStore?: ((path: string) => ApprovalStore) | undefined;
  readonly openSimulator?: OpenSimulator | undefined;
}

/** Starts everything. @throws ConfigError when a port, the database or the tunnel cannot be had; nothing stays open. */
export async function startServer(config: Config, deps: ServerDeps): Promise<ApprovalServer> {
  const { log, version, contentSids = {}, clock = systemClock, newId = randomApprovalId } = deps;
  const closers: (() => Promise<void>)[] = [];
  // Whoever waits is told first; nothing that hangs in the rest may keep a denial back.
  let stopGate = async () => {};
  const close = async () => {
    await stopGate();
    for (const closer of closers.splice(0).reverse()) {
      const closed = closer().catch((error: unknown) => log.error({ err: error }, "a part did not close"));
      await waitAtMost(CLOSE_LIMIT_MS, closed, clock);
    }
  };
  try {
    // The ports come first: a second server on the same database must fail before it touches a request.
    const local = await listen(config.host, config.serverPort, "SERVER_PORT");
    closers.push(() => local.close());
    const outside = await listen("127.0.0.1", config.webhookPort, "WEBHOOK_PORT");
    closers.push(() => outside.close());

    let onReplaced = async (_problem: string | undefined) => {};
    const openStore = (path: string) =>
      createSqliteStore(path, { isServer: true, onReplaced: (problem) => void onReplaced(problem) });
    const watched = watchStore((deps.openStore ?? openStore)(config.databasePath), clock);
    const { store, changes } = watchChanges(watched.store, clock);
    closers.push(() => store.close());
    const orphans = await store.cancelPending(clock.now());
    if (orphans > 0) log.warn({ orphans }, "requests of the last run were still pending: cancelled");

    const address = webhookAddress(config, outside.port);
    const hasWebhook = address.kind !== "none";
    let publicUrl = address.kind === "known" ? address.url : undefined;
    const webhookUrl = () => (publicUrl === undefined ? undefined : `${publicUrl.base}${WEBHOOK_PATH}`);
    const root = packageRoot();
    const loopbackWebhook = `http://127.0.0.1:${outside.port}${WEBHOOK_PATH}`;
    const { openSimulator } = deps;
    const link = await openPhoneLink(config, {
      clock,
      log,
      root,
      webhookUrl: loopbackWebhook,
      hasWebhook,
      contentSids,
      openSimulator,
    });
    closers.push(() => link.close());

    // What an earlier run was allowed ended with it.
    await store.endGrants("restart", clock.now());
    const grants = createGrants({ store, clock, log });

    const { approvers, timeoutMs, grantMs } = config;
    const { templates, lists, from, accountSid, authTokens } = link;
    const outbound = createOutbound({
      api: link.client.messages,
      from,
      statusCallback: webhookUrl,
      clock,
      twilioNow: link.twilioTime.now,
      log,
      onTaken: noteTaken(store, log),
      intervalMs: deps.sendIntervalMs ?? link.sendIntervalMs,
    });
    const mode = await createModeKeeper(store, clock, log);
    closers.push(() => mode.stop());
    const ownPorts = [local.port, outside.port, ...link.ports];
    const ownSecrets = [...secretsOf(config), ...authTokens];
    const guards = openGuards(config, { root, folder: resolve("."), ownPorts, ownSecrets, clock, log });
    closers.push(async () => guards.close());
    const { render } = guards;
    const messenger = createMessenger({ outbound, log, approvers, templates, lists, render });
    let reader: Polling | undefined;
    const gate = createGate({
      ...guards,
      limiter: createLimiter(config.limits),
      store,
      messenger,
      mode: mode.current,
      onWaitingChange: () => reader?.changed(),
      onEnded: (ended) => replyHandler.ended(ended),
      clock,
      log,
      newId,
      timeoutMs,
      grants,
      grantMs,
    });
    const showMore = createShowMore({ gate, messenger, log });
    const run = createPhoneCommandRunner({ gate, mode, grants, clock, showMore });
    const replies = await openReplies({ config, link, gate, store, messenger, run, clock, log });
    const { replyHandler } = replies;
    const { sendersOf } = replies.approvers;
    closers.push(() => replyHandler.idle(CONFIRMATION_GRACE_MS));
    const parts = { gate, grants, mode, store, messenger, replyHandler, approvers, clock, log };
    onReplaced = (problem) => recordLost(parts, problem);
    const doors = openLocalDoors({ ...config, ...guards, ...parts, version });
    closers.push(() => doors.close());
    stopGate = gate.stop;

    const addressed = { accountSid, sender: from, authTokens, publicUrl: () => publicUrl };
    const webhook = createWebhook({ ...parts, ...addressed });
    outside.serve(createPublicApp(webhook, log));
    const known = { version, config, outbound, problem: watched.problem, changes, from, root };
    const { router, ...record } = openRecord({ ...parts, ...guards, ...known });
    local.serve(createLocalApp({ ...record, access: config, doors: [router, ...doors.routers], log }));

    if (address.kind === "tunnel") {
      const tunnel = await openNgrok(address.ngrok, outside.port);
      closers.push(() => tunnel.close());
      publicUrl = { base: tunnel.url, fragment: "" };
    }
    if (config.phone.kind === "twilio") {
      const hasWaiting = () => gate.waiting().length > 0;
      reader = startReplyReader({ ...parts, link, sendersOf, hasWaiting, hasWebhook });
      closers.push(async () => reader?.stop());
    }
    return {
      localUrl: `http://${urlHost(config.host)}:${local.port}`,
      webhookUrl: webhookUrl() ?? loopbackWebhook,
      hasWebhook,
      missingTemplates: [...templates.values()].flatMap((live) =>
        live.sid === undefined ? [live.template.env] : [],
      ),
      simulator: link.simulator,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
