// Replies of verified phones over a real gate and store: what is said in, what is told out.

import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import { type Addressed, createAddressed } from "../../src/core/addressed.ts";
import { createGatedCalls } from "../../src/core/gated-call.ts";
import type { Inbound } from "../../src/core/inbound.ts";
import { createModeKeeper } from "../../src/core/mode.ts";
import { createPhoneCommandRunner } from "../../src/core/phone-commands.ts";
import { createPhoneTasks } from "../../src/core/phone-tasks.ts";
import type { PartSender } from "../../src/core/ports/part-sender.ts";
import type { ReplyReceipt } from "../../src/core/ports/reply-receipt.ts";
import type { ReplyVerifier } from "../../src/core/ports/reply-verifier.ts";
import type { TaskRunner } from "../../src/core/ports/task-runner.ts";
import type { VerifiedReplies } from "../../src/core/reply-proof.ts";
import { createShowMore } from "../../src/core/show-more.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { createGateStage, type GateStageOptions, PHONE, SUBMISSION } from "./gate-stage.ts";
import { peopleAt } from "./people.ts";
import { createTestReplies } from "./reply-handler.ts";

export interface ReplyStageOptions extends GateStageOptions {
  readonly approvers?: readonly Phone[];
  readonly userIds?: ReadonlyMap<Phone, string>;
  /** What Twilio says of each reply. Default: that it is genuine. */
  readonly verifier?: ReplyVerifier;
  readonly verified?: VerifiedReplies;
  /** As with CONFIRM=problems. Default: all is confirmed. */
  readonly receipt?: ReplyReceipt;
  /** Runs tasks. Default: they are off. */
  readonly runner?: TaskRunner;
  /** Whether a reply tells which message it quotes. Default: it does. */
  readonly hearsQuotes?: boolean;
  /** Whose messages take words. Default: nobody's. */
  readonly addressed?: Addressed;
  /** Sends the parts that were kept back. Default: there are none. */
  readonly more?: PartSender["more"];
}

export async function createReplyStage(options: ReplyStageOptions = {}) {
  const stage = createGateStage(options);
  const { gate, grants, store, clock, log, asked } = stage;
  const { approvers: phones = [PHONE], ask: _, store: __, ...replies } = options;
  const told: { readonly to: Phone; readonly text: string }[] = [];
  const messenger = {
    ask: async () => [],
    more: options.more ?? (async () => 0),
    tell: async (to: Phone, notice: Notice) => `NM${told.push({ to, text: renderNotice(notice) })}`,
  };
  const mode = await createModeKeeper(store, clock, log);
  const showMore = createShowMore({ gate, messenger, log });
  const addressed = options.addressed ?? createAddressed();
  const gatedCalls = createGatedCalls({ gate, store, mode, clock, log });
  const tasks = createPhoneTasks({
    ...{ gatedCalls, messenger, addressed, people: peopleAt(...phones), clock, log },
    hearsQuotes: options.hearsQuotes ?? true,
  });
  if (options.runner !== undefined) tasks.serve(options.runner);
  const run = createPhoneCommandRunner({ gate, mode, grants, clock, showMore, tasks });
  const { replyHandler, approvers } = await createTestReplies({
    ...replies,
    phones,
    gate,
    store,
    messenger,
    clock,
    log,
    run,
    gatedCalls,
    addressed,
    hint: tasks.hint,
  });
  let count = 0;
  return {
    ...stage,
    told,
    mode,
    approvers,
    replyHandler,
    /** Has the approver say something, and waits for what it sets in motion. */
    async say(text: string, more: Partial<Inbound> = {}): Promise<void> {
      await replyHandler.receive({ id: `in-${count++}`, from: PHONE, text, ...more });
      await clock.advance(0);
    },
    /** One request that waits, its message `SM<n>` sent. */
    async ask(): Promise<{ id: ApprovalId; messageId: string; answer: ReturnType<typeof gate.request> }> {
      const index = asked.length;
      const call = { toolName: "Bash", input: { command: `ls ${index}` } };
      const answer = gate.request({ ...SUBMISSION, call });
      await clock.advance(0);
      return { id: stage.id(index), messageId: `SM${index + 1}`, answer };
    },
  };
}
