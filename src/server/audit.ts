// Keeps the event log of a running server: its start and its end, what was refused, the policy as it is read; looks every minute
// whether the log is still its own; tells the phones its head, and purges what is too old, once a day.
import type { Config } from "../config/config.ts";
import { dayIn, isCivil } from "../core/civil-hours.ts";
import type { People } from "../core/people.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { NewEvent } from "../core/ports/event-log.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import type { Notice } from "../domain/notice.ts";
import type { PolicyState } from "../policy/watched-policy.ts";
import type { StoreOptions } from "../store/live-database.ts";
import { countRefusals } from "./refusal-counts.ts";
import { sealSecrets } from "./seal-secrets.ts";

/** Between two looks, ms. */
export const AUDIT_LOOK_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Whoever changes the log again and again must not flood the phones, ms. */
const ALARM_MS = 60 * 60_000;

export interface AuditDeps {
  readonly log: Log;
  readonly version: string;
  readonly clock: Clock;
}

export interface Audit {
  /** The same log; what it refuses is counted. */
  readonly log: Log;
  /** For the store that the event log is in. */
  readonly options: Pick<StoreOptions, "isServer" | "secrets" | "now" | "onBroken" | "onFiles">;
  /** Begins. @returns ends it: the last entry is the server's end */
  watch(store: ApprovalStore): () => Promise<void>;
  readonly onPolicy: (state: PolicyState) => void;
  /** From now on the phones can be told. */
  tell(messenger: Pick<Messenger, "tell">, people: Pick<People, "toTell">): void;
}

type AuditConfig = Pick<Config, "phone" | "pairedAccounts" | "auditHead" | "retentionDays" | "verifyReplies">;

export function createAudit(config: AuditConfig, { log: innerLog, version, clock }: AuditDeps): Audit {
  const { log, takeCounts } = countRefusals(innerLog);
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  let store: ApprovalStore | undefined;
  let messenger: Pick<Messenger, "tell"> | undefined;
  let people: Pick<People, "toTell"> | undefined;
  let alarmedAt = Number.NEGATIVE_INFINITY;
  let purgedOn: string | undefined;
  let stopLooking = () => {};

  async function note(event: NewEvent): Promise<void> {
    await store?.note(event).catch((error: unknown) => {
      log.error({ err: error, kind: event.kind }, "an event could not be noted in the event log");
    });
  }

  async function tellAll(notice: Notice): Promise<void> {
    await Promise.all(
      (people?.toTell() ?? []).map((phone) =>
        messenger
          ?.tell(phone, notice)
          .catch((error: unknown) => log.warn({ err: error }, "a phone could not be told of the event log")),
      ),
    );
  }

  function onBroken(problem: string): void {
    log.error({ problem }, "the event log was changed from outside; see approval-server audit --verify");
    if (clock.elapsed() - alarmedAt < ALARM_MS) return;
    alarmedAt = clock.elapsed();
    // Not within the transaction that has noticed it.
    void Promise.resolve().then(() => tellAll({ kind: "log-broken", problem }));
  }

  async function noteRefusals(): Promise<void> {
    const counts = takeCounts();
    if (counts !== undefined) await note({ kind: "refused", data: { counts } });
  }

  async function sendHead(): Promise<void> {
    const now = clock.now();
    if (!config.auditHead || messenger === undefined || !isCivil(now, zone)) return;
    const head = await store?.claimHead(dayIn(zone, now));
    if (head !== undefined) await tellAll({ kind: "audit-head", ...head });
  }

  async function purge(): Promise<void> {
    const today = dayIn(zone, clock.now());
    if (config.retentionDays === 0 || purgedOn === today) return;
    purgedOn = today;
    const purged = await store?.purge(clock.now() - config.retentionDays * DAY_MS);
    if (purged !== undefined) log.info({ ...purged }, "what is older than RETENTION_DAYS was removed");
  }

  async function look(): Promise<void> {
    for (const work of [noteRefusals, async () => void (await store?.checkLog()), purge, sendHead]) {
      if (store === undefined) return;
      await work().catch((error: unknown) => {
        log.error({ err: error }, "the event log could not be looked after");
      });
    }
    if (store !== undefined) stopLooking = clock.after(AUDIT_LOOK_MS, () => void look());
  }

  return {
    log,
    options: {
      ...{ isServer: true, secrets: sealSecrets(config), now: clock.now, onBroken },
      onFiles: (facts, words) => log.warn({ ...facts }, words),
    },
    watch(opened) {
      store = opened;
      const { phone, verifyReplies } = config;
      void note({
        kind: "server-started",
        data: { version, process: process.pid, phone: phone.kind, verify: verifyReplies },
      });
      stopLooking = clock.after(AUDIT_LOOK_MS, () => void look());
      return async () => {
        stopLooking();
        await noteRefusals();
        await note({ kind: "server-stopped", data: {} });
        store = undefined;
      };
    },
    onPolicy: ({ state, problems }) =>
      void note({ kind: "policy", data: { state, problems: problems.length } }),
    tell(sender, everybody) {
      messenger = sender;
      people = everybody;
    },
  };
}
