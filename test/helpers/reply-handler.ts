// A reply handler as the server puts it together, with Twilio's word on each reply in the test's hands.

import type { Addressed } from "../../src/core/addressed.ts";
import { type Approvers, createApprovers } from "../../src/core/approvers.ts";
import type { Gate } from "../../src/core/gate-contract.ts";
import { createGatedCalls, type GatedCalls } from "../../src/core/gated-call.ts";
import type { PhoneCommandRunner } from "../../src/core/phone-commands.ts";
import type { PhoneTasks } from "../../src/core/phone-tasks.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { Log } from "../../src/core/ports/log.ts";
import type { Messenger } from "../../src/core/ports/messenger.ts";
import type { ReplyReceipt } from "../../src/core/ports/reply-receipt.ts";
import type { ReplyVerifier } from "../../src/core/ports/reply-verifier.ts";
import type { ReplyHandler } from "../../src/core/reply-contract.ts";
import { createReplyHandler } from "../../src/core/reply-handler.ts";
import { createIntentReader } from "../../src/core/reply-intent.ts";
import { createReplyProof, type VerifiedReplies } from "../../src/core/reply-proof.ts";
import type { Phone } from "../../src/domain/tool-call.ts";

export interface TestRepliesOptions {
  readonly phones: readonly Phone[];
  readonly userIds?: ReadonlyMap<Phone, string>;
  /** Default: every reply is what it says. */
  readonly verifier?: ReplyVerifier;
  readonly verified?: VerifiedReplies;
  readonly gate: Gate;
  readonly store: ApprovalStore;
  readonly messenger: Messenger;
  readonly run: PhoneCommandRunner;
  /** Default: over the same gate and store. */
  readonly gatedCalls?: GatedCalls;
  /** What is said to words about tasks that changed nothing. */
  readonly hint?: PhoneTasks["hint"];
  /** Whose messages take words. Default: nobody's. */
  readonly addressed?: Addressed;
  /** As with CONFIRM=problems. Default: all is confirmed. */
  readonly receipt?: ReplyReceipt;
  readonly clock: Clock;
  readonly log: Log;
}

export const SECRET = "0123456789abcdef0123456789abcdef";

const trusting: ReplyVerifier = { verify: async ({ from }) => ({ kind: "genuine", sender: from }) };

export async function createTestReplies({
  phones,
  userIds = new Map(),
  verifier = trusting,
  verified = "approvals",
  ...deps
}: TestRepliesOptions): Promise<{ replyHandler: ReplyHandler; approvers: Approvers }> {
  const { gate, store, clock, log } = deps;
  const { gatedCalls = createGatedCalls({ gate, store, mode: { onClose: () => {} }, clock, log }) } = deps;
  const approvers = await createApprovers({ phones, userIds, secrets: [SECRET], store, clock, log });
  const proof = createReplyProof({
    verifier,
    verified,
    approvers,
    waiting: gate.waiting,
    ageOf: gate.ageOf,
    clock,
    log,
  });
  const readIntent = createIntentReader({ gate, store, addressed: deps.addressed });
  return {
    replyHandler: createReplyHandler({ ...deps, approvers, readIntent, proof, gatedCalls }),
    approvers,
  };
}
