// Puts the parts together and takes them apart in reverse: ports, store, phone, gate, apps, tunnel.
import { resolve } from "node:path";
import type { Polling } from "../channels/twilio/receive/polling.ts";
import { createWebhook, WEBHOOK_PATH } from "../channels/twilio/receive/webhook.ts";
import { type Config, secretsOf } from "../config/config.ts";
import { homeIn } from "../config/home.ts";
import { createGate } from "../core/gate.ts";
import { createGrants } from "../core/grants.ts";
import { createModeKeeper } from "../core/mode.ts";
import { createOwnTools } from "../core/own-tools.ts";
import { waitAtMost } from "../core/timing.ts";
import { watchChanges } from "../history/changes.ts";
import { createSqliteStore } from "../store/sqlite.ts";
import { createTaskGuard } from "../tasks/task-guard.ts";
import { withApprovers } from "./approvers/with-approvers.ts";
import { createLocalApp, createPublicApp } from "./apps.ts";
import { createAudit } from "./audit.ts";
import { openConversation } from "./conversation.ts";
import { openGuards } from "./guards.ts";
import { createInstanceProof } from "./instance-proof.ts";
import { openKeepAlive } from "./keep-alive.ts";
import { listen, urlHost } from "./listener.ts";
import { openLocalDoors } from "./local-doors.ts";
import { openNews } from "./mcp-news.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { openParked } from "./parked.ts";
import { openPhoneLink } from "./phone-link.ts";
import { createLimiter } from "./rate-limit.ts";
import { openRecord } from "./record.ts";
import { recordLost, watchStore } from "./record-watch.ts";
import { startReplyReader } from "./reply-reader.ts";
import type { ApprovalServer, ServerDeps } from "./server-contract.ts";
import { packageRoot, randomApprovalId, systemClock } from "./system.ts";
import { openTaskDirs } from "./task-dirs.ts";
import { openToolSources } from "./tool-sources.ts";
import { openWays } from "./ways.ts";
import { listenOutside, openTunnel, webhookAddress } from "./webhook-address.ts";

/** How long a stop waits for confirmations that are on their way to the phone, ms. */
const CONFIRMATION_GRACE_MS = 1_000;

/** How long a stop waits for one part, ms. All of it must end within 5 s. */
const CLOSE_LIMIT_MS = 1_000;

/** Starts everything. @throws ConfigError when a port, the database or the tunnel cannot be had; nothing stays open. */
export async function startServer(settings: Config, deps: ServerDeps): Promise<ApprovalServer> {
  const config = withApprovers(settings);
  const { version, contentSids = {}, clock = systemClock, newId = randomApprovalId } = deps;
  const { log, onPolicy, ...audit } = createAudit(config, { ...deps, clock });
  const closers: (() => Promise<void>)[] = [];
  // Whoever waits is told first, for an answer or for what runs; nothing that hangs in the rest may keep a denial back.
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
    const local = await listen(config.host, config.serverPort, "SERVER_PORT", deps.portLimits?.local);
    closers.push(() => local.close());
    const outside = await listenOutside(config, deps.portLimits?.public);
    closers.push(() => outside.close());

    let onReplaced = async (_problem: string | undefined) => {};
    const onMoved = (problem: string | undefined) => void onReplaced(problem);
    const open = deps.openStore ?? createSqliteStore;
    const watched = watchStore(open(config.databasePath, { ...audit.options, onReplaced: onMoved }), clock);
    const { store, changes } = watchChanges(watched.store, clock);
    closers.push(() => store.close(), audit.watch(store));
    const orphans = await store.cancelPending(clock.now());
    if (orphans > 0) log.warn({ orphans }, "requests of the last run were still pending: cancelled");
    const { processes } = deps;
    const left = processes?.endLeftOver() ?? 0;
    if (left > 0) log.warn({ left }, "programs of the last run still ran: they were ended");

    const address = webhookAddress(config, outside.port);
    const hasWebhook = address.kind !== "none";
    let publicUrl = address.kind === "known" ? address.url : undefined;
    const webhookUrl = () => (publicUrl === undefined ? undefined : `${publicUrl.base}${WEBHOOK_PATH}`);
    const [root, home] = [packageRoot(), deps.home ?? homeIn(resolve("."))];
    const taskFolders = openTaskDirs(config, { root, home });
    const loopbackWebhook = `http://127.0.0.1:${outside.port}${WEBHOOK_PATH}`;
    const { openSimulator, openChannel } = deps;
    const linking = { root, home, webhookUrl: loopbackWebhook, hasWebhook, contentSids, openSimulator };
    const link = await openPhoneLink(config, { ...linking, store, clock, log });
    closers.push(() => link.close());

    // What an earlier run was allowed ended with it.
    await store.endGrants("restart", clock.now());
    const grants = createGrants({ store, clock, log, mayDecide: (by, of) => ways.people.mayDecide(by, of) });

    const { approvers, timeoutMs, grantMs } = config;
    const { templates, from, accountSid, authTokens } = link;
    const mode = await createModeKeeper(store, clock, log);
    closers.push(() => mode.stop());
    const ownPorts = [local.port, outside.port, ...link.ports].filter((port) => port > 0);
    const ownSecrets = [...secretsOf(config), ...authTokens];
    const guarding = { root, home, ownPorts, ownSecrets, onPolicy };
    const guards = await openGuards(config, { ...guarding, clock, log });
    closers.push(async () => guards.close());
    const live = { waiting: () => waits.waiting().length, queued: () => outbound.queued() };
    const metrics = createMetrics(live, clock);
    const news = openNews({ ...guards, mode, clock, log });
    closers.push(async () => news.close());
    const sending = { link, statusCallback: webhookUrl, intervalMs: deps.sendIntervalMs, metrics, store };
    const ways = await openWays(config, { ...guards, ...sending, openChannel, mode, clock, log });
    const { outbound, messenger, people, channels } = ways;
    closers.push(() => channels.close());
    audit.tell(messenger, people);
    let reader: Polling | undefined;
    const taskGuard = createTaskGuard();
    const waits = createGate({
      ...guards,
      limiter: taskGuard.limit(createLimiter(config.limits)),
      store,
      messenger,
      people,
      mode: mode.current,
      onWaitingChange: () => reader?.changed(),
      onEnded: (ended) => replyHandler.ended(ended),
      journals: [...(deps.journals ?? []), metrics.journal, taskGuard.journal, news.journal, ways.journal],
      clock,
      log,
      newId,
      timeoutMs,
      grants,
      grantMs,
    });
    const url = `http://${urlHost(config.host)}:${local.port}`;
    const around = { ...guards, mode, store, messenger, people, clock, log };
    const ownTools = createOwnTools({ mode, clock, log });
    const parking = { config, taskFolders, authTokens, url, processes };
    const parked = await openParked({ ...around, ...parking, gate: metrics.watchReceipts(waits) });
    closers.push(() => parked.stop());
    const gate = ownTools.watch(parked.gate);
    const { taskRunner } = deps;
    const hearsQuotes = hasWebhook || approvers.length === 0;
    const hearing = { link, signs: channels.signs, hearsQuotes, taskRunner };
    const saying = { ...around, ...hearing, config, gate, ownTools, grants };
    const conversation = await openConversation(saying);
    const { gatedCalls, tasks, addressed } = conversation;
    closers.push(async () => tasks.close());
    const replyHandler = metrics.watchReplies(conversation.replyHandler);
    const { sendersOf } = conversation.approvers;
    closers.push(() => replyHandler.idle(CONFIRMATION_GRACE_MS));
    const kept = { grants, mode, store, taskFolders, addressed };
    const parts = { ...ways, ...kept, gate, replyHandler, approvers, clock, log };
    onReplaced = (problem) => recordLost(parts, problem);
    const facts = { version, config, outbound, problem: watched.problem, changes, from, root, webhookUrl };
    const own = { home, link, ownSecrets, taskGuard, port: local.port, processes };
    const { missing: missingTemplates } = templates;
    const offering = { ...own, missingTemplates, gatedCalls };
    const tools = await openToolSources({ ...parts, ...guards, ...facts, ...offering });
    closers.push(() => tools.close());
    ownTools.use(tools.sources);
    if (tools.taskRunner !== undefined) tasks.serve(tools.taskRunner);
    const asking = { newId, hearsQuotes, news, parked, version, gatedCalls };
    const doors = openLocalDoors({ ...config, ...guards, ...parts, ...tools, ...asking });
    closers.push(() => doors.close());
    const stopTools = () => waitAtMost(CLOSE_LIMIT_MS, tools.close(), clock);
    stopGate = async () => void (await Promise.all([gate.stop(), stopTools()]));
    await parked.reopen();
    await conversation.takeUp();
    ways.listen({ replyHandler, gate });

    const prove = createInstanceProof();
    const known = { accountSid, sender: from, authTokens: link.webhookTokens, publicUrl: () => publicUrl };
    const webhook = createWebhook({ ...parts, ...known, prove });
    outside.serve(createPublicApp(webhook, log));
    const { router, ...record } = openRecord({ ...parts, ...guards, ...facts, ...tools });
    const routers = [metrics.router, router, ...doors.routers];
    const access = { ...config, taskToken: taskGuard.tokenOf };
    local.serve(createLocalApp({ ...record, access, doors: routers, prove, log }));
    const tunnel = await openTunnel(address, outside.port);
    closers.push(tunnel.close);
    publicUrl ??= tunnel.url;
    closers.push(openKeepAlive({ ...parts, config, link, sendersOf }));
    if (config.phone.kind === "twilio") {
      const hasWaiting = () => gate.waiting().length > 0;
      reader = startReplyReader({ ...parts, link, sendersOf, hasWaiting, hasWebhook });
      closers.push(async () => reader?.stop());
    }
    return {
      localUrl: url,
      webhookUrl: webhookUrl() ?? loopbackWebhook,
      hasWebhook,
      missingTemplates: templates.missing(),
      simulator: link.simulator,
      firstPairing: ways.firstPairing,
      waiting: gate.waiting,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
