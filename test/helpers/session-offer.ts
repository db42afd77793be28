// What a message may offer for Session, for tests that do not care what it is about.
import type { SessionOffer } from "../../src/domain/grant.ts";
import { text } from "../../src/domain/text.ts";

/** One command, in one folder of one session, for an hour. */
export const SESSION: SessionOffer = {
  subject: { kind: "call", toolName: "Bash", sha256: "0".repeat(64) },
  holder: { sessionId: "s1", folder: "/work/shop" },
  what: text`this exact command`,
  ms: 3_600_000,
};

/** What the phone reads of it. */
export const SESSION_TEXT = "this exact command, in this folder and Claude session, for 60 minutes";
