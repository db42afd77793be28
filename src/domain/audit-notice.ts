// What a phone is told of the record and its event log: its newest hash once a day, and that somebody has changed or removed it.
import { type Line, line } from "./text.ts";

export type AuditNotice =
  | RecordNotice
  | {
      readonly kind: "audit-head";
      /** How many entries there have been. */
      readonly seq: number;
      /** 64 hex digits. */
      readonly hash: string;
    }
  /** `problem`: a sentence of ours, without a full stop. */
  | { readonly kind: "log-broken"; readonly problem: string };

/** About the server itself: the file of its record was removed or replaced while it ran. */
interface RecordNotice {
  readonly kind: "record-lost";
  /** How many waiting requests were denied for it. */
  readonly denied: number;
  /** Whether a new one could be begun: until then nothing can be approved. */
  readonly isRenewed: boolean;
}

/** Enough that nobody finds another entry with it. */
const SHOWN_DIGITS = 16;

/** "3fa9 12bc 77d0 41ee" */
function shortHead(hash: string): string {
  return (hash.slice(0, SHOWN_DIGITS).match(/.{4}/g) ?? []).join(" ");
}

export function auditLines(notice: Exclude<AuditNotice, RecordNotice>): readonly Line[] {
  if (notice.kind === "log-broken") {
    return [
      line(
        `⚠️ The event log was changed from outside: ${notice.problem}. Look at it: approval-server audit --verify`,
      ),
    ];
  }
  const { seq, hash } = notice;
  return [
    line(`Event log, entry ${seq.toLocaleString("en-US")}: ${shortHead(hash)}`),
    line(
      `Keep this message. To see whether the log still has that entry: approval-server audit --verify --head "${shortHead(hash)}"`,
    ),
  ];
}
