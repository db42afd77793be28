// Reads replies from Twilio's list of messages: all of them while no webhook can reach us, and in any case once at the
// start, for what came while the server was down. Same grammar, same dedupe and same checks as the webhook.

import type { Clock } from "../../../core/ports/clock.ts";
import type { ContactStore } from "../../../core/ports/contact-store.ts";
import type { Log } from "../../../core/ports/log.ts";
import type { Messenger } from "../../../core/ports/messenger.ts";
import type { ReplyHandler } from "../../../core/reply-contract.ts";
import { KEEP_OPEN_ID } from "../../../domain/keep-open.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import { buttonOf, buttonTitles, readTitle } from "../templates/button-title.ts";
import type { MessageTemplate } from "../templates/template.ts";
import type { TwilioTime } from "../twilio-time.ts";
import { type Inbox, type InboxMessage, LARGEST_PAGE } from "./inbox.ts";
import {
  createHistory,
  findNewcomers,
  LOOK_BACK_MS,
  type Newcomers,
  NO_NEWCOMERS,
  STOPS_BACK_MS,
} from "./newcomers.ts";
import { createPolling, POLL_INTERVAL_MS } from "./polling.ts";
import { isJoin, isReserved } from "./reserved-keywords.ts";

/** Read again on each round, ms: a message may enter Twilio's list after a newer one. */
const OVERLAP_MS = 5 * 60_000;
/** While nothing waits, and only RESUME is listened for, ms. */
const PAUSED_INTERVAL_MS = 30_000;
/** After so many attempts at the first reading, about a minute, the log says what that means. */
const MANY_START_ATTEMPTS = 5;

export interface InboxReaderDeps {
  readonly inbox: Inbox;
  readonly approvers: readonly Phone[];
  /** Whose button titles are recognised. */
  readonly templates: Iterable<Pick<MessageTemplate, "buttons">>;
  readonly replyHandler: ReplyHandler;
  readonly messenger: Pick<Messenger, "tell">;
  readonly store: Omit<ContactStore, "unfinishedReplies">;
  readonly clock: Clock;
  /** The list is dated by it. */
  readonly twilioTime: Pick<TwilioTime, "now" | "skewMs">;
  readonly log: Log;
  /** With one, only what came before the start is read: the webhook brings the rest. */
  readonly hasWebhook: boolean;
  /** Whether a request waits for an answer. */
  readonly hasWaiting: () => boolean;
  /** Whether requests are paused, so that RESUME may come while nothing waits. Default: never. */
  readonly isPaused?: (() => boolean) | undefined;
}

export interface InboxReader {
  /** Reads what came while the server was down, however long it takes. Resolves when that has been done, or at the stop. Never rejects. */
  start(): Promise<void>;
  /** To be called when a request starts or stops waiting, and when requests are paused. */
  changed(): void;
  /** Nothing is read or handed on afterwards. */
  stop(): Promise<void>;
}

export function createInboxReader(deps: InboxReaderDeps): InboxReader {
  const { inbox, approvers, replyHandler, messenger, store, clock, twilioTime, log } = deps;
  const { hasWebhook, hasWaiting, isPaused = () => false } = deps;
  const titles = buttonTitles(deps.templates);
  const history = createHistory(store, clock);
  const startedElapsed = clock.elapsed();
  /** When this reader was made, by Twilio's clock; undefined until that is known. */
  let startedAt: number | undefined;
  const seen = new Map<string, number>();
  const toldLate = new Set<Phone>();
  /** Of what has been read, by Twilio's clock. */
  let newestAt = 0;
  let newcomers: Newcomers | undefined;
  let hasRead = false;
  let starting = false;
  let started = () => {};

  async function read(signal: AbortSignal): Promise<void> {
    newcomers ??= await findNewcomers(approvers, store);
    startedAt ??= await findStart();
    const [since, page] = hasRead ? [newestAt - OVERLAP_MS] : [startedAt - STOPS_BACK_MS, LARGEST_PAGE];
    const found: InboxMessage[] = [];
    for (const approver of approvers) found.push(...(await inbox.since(approver, since, page)));
    found.sort((one, other) => one.at - other.at);
    // All of them before any is taken: from then on its phone is known.
    for (const message of found)
      if (message.at < startedAt && newcomers.has(message.from)) await history.keep(message);
    for (const message of found) {
      if (signal.aborted) return;
      if (seen.has(message.id)) continue;
      seen.set(message.id, message.at);
      await take(message, newcomers);
    }
    newestAt = Math.max(newestAt, found.at(-1)?.at ?? 0);
    for (const [id, at] of seen) if (at < newestAt - 2 * OVERLAP_MS) seen.delete(id);
    newcomers = NO_NEWCOMERS;
    hasRead = true;
    endStart();
  }

  /** This machine's clock may be minutes off: then it would look for what Twilio has not dated yet, or for what is long over. */
  async function findStart(): Promise<number> {
    const [anybody] = approvers;
    // Any answer names Twilio's time.
    if (twilioTime.skewMs() === undefined && anybody !== undefined) await inbox.since(anybody, clock.now());
    // Both are whole seconds, cut off: what came in the same second was before.
    const start = twilioTime.now() - (clock.elapsed() - startedElapsed) + 999;
    newestAt = start - LOOK_BACK_MS + OVERLAP_MS;
    return start;
  }

  /** By this machine's clock, as everything else here. */
  const localTime = (at: number) => at + (twilioTime.skewMs() ?? 0);

  async function take(message: InboxMessage, newcomers: Newcomers): Promise<void> {
    const { id, from, text, at } = message;
    const isLate = at < (startedAt ?? 0);
    if (hasWebhook && !isLate) return;
    const isRecent = at >= (startedAt ?? 0) - LOOK_BACK_MS;
    if (!isRecent && !newcomers.isOfThisRecord(localTime(at))) return;
    const title = readTitle(titles, text);
    // On the first that it was sent, by a server that was killed before it noted that. Told, and never counted: it may have been no
    // approver's phone then. Only a denial that names what it denies does no harm.
    const isFirstTap = newcomers.has(from) && newcomers.mayBeAsked(localTime(at));
    const button = buttonOf(titles, text);
    const isDenial = button?.verb === "deny" && button.id !== undefined;
    if (isLate && isFirstTap && button !== undefined && !isDenial) return takeLateTap(message);
    const isHistory = isLate && (newcomers.has(from) || (await history.has(message)));
    const stopsOnly = isHistory || !isRecent;
    if (isReserved(text)) {
      if (!stopsOnly && (await isFirst(message))) await noteContact(message);
      return;
    }
    const buttonId = title.kind === "bare" && title.verb === KEEP_OPEN_ID ? KEEP_OPEN_ID : undefined;
    const isLateTap = title.kind === "bare" && buttonId === undefined && isLate;
    if (isLateTap) return isHistory ? undefined : takeLateTap(message);
    // Twilio's own list says so: it need not be asked again.
    const words = title.kind === "bare" ? text : title.text;
    const inbound = { id, from, at: localTime(at), text: words, buttonId, verified: true };
    await replyHandler.receive(stopsOnly ? { ...inbound, stopsOnly } : inbound);
  }

  async function takeLateTap(message: InboxMessage): Promise<void> {
    const { id, from } = message;
    if (!(await isFirst(message, { from }))) return;
    await noteContact(message);
    const isTold = toldLate.has(from);
    toldLate.add(from);
    const telling = isTold ? Promise.resolve() : messenger.tell(from, { kind: "late-tap" });
    // Not awaited: a send that hangs must not keep the next reply from being read.
    void telling
      .then(() => store.finishReply(id))
      .catch((error: unknown) => log.warn({ err: error }, "a late tap could not be answered"));
  }

  async function isFirst({ id }: InboxMessage, unfinished?: { readonly from: Phone }): Promise<boolean> {
    return store.firstSeen(id, clock.now(), unfinished).catch((error: unknown) => {
      log.error({ err: error }, "an inbound message could not be recorded");
      return true;
    });
  }

  async function noteContact({ from, text, at }: InboxMessage): Promise<void> {
    await store.recordContact(from, localTime(at), isJoin(text)).catch((error: unknown) => {
      log.error({ err: error }, "the time of an inbound message could not be recorded");
    });
  }

  function endStart(): void {
    starting = false;
    started();
  }

  const polling = createPolling({
    run: read,
    wanted: () => starting || (!hasWebhook && (hasWaiting() || isPaused())),
    intervalMs: () => (starting || hasWaiting() ? POLL_INTERVAL_MS : PAUSED_INTERVAL_MS),
    clock,
    log,
    onFailure(failures) {
      if (starting && failures === MANY_START_ATTEMPTS)
        log.warn({}, "replies that came while the server was down could not be read; it is tried on");
    },
  });

  return {
    start: () =>
      new Promise((resolve) => {
        starting = true;
        started = resolve;
        polling.changed();
      }),
    changed: polling.changed,
    async stop() {
      endStart();
      await polling.stop();
    },
  };
}
