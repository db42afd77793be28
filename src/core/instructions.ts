// Takes a person's words for a Claude that has finished: one reply counts, and none without its row in the record. What is kept
// and shown elsewhere is masked; Claude gets the words as they were written.

import { howOf } from "../domain/approver-action.ts";
import { INSTRUCTION_TOOL, type InstructionNotice, instructionForClaude } from "../domain/instruction.ts";
import type { Notice } from "../domain/notice.ts";
import type { ApprovalId, Phone, ToolCall } from "../domain/tool-call.ts";
import type { Addressee, Words } from "./addressed.ts";
import type { Claim, FinishedTurns } from "./finished-turns.ts";
import type { People } from "./people.ts";
import type { Clock } from "./ports/clock.ts";
import type { CorrespondenceStore } from "./ports/correspondence-store.ts";
import type { Inspector } from "./ports/inspector.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { RequestStore } from "./ports/request-store.ts";
import { createRecorder } from "./record.ts";
import { createSafeInspection } from "./safe-inspection.ts";

export interface InstructionsDeps {
  readonly turns: FinishedTurns;
  readonly people: Pick<People, "toTellOf" | "mayDecide" | "nameOf">;
  readonly messenger: Pick<Messenger, "tell">;
  /** Masks secrets. */
  readonly inspector: Inspector;
  readonly store: RequestStore & Pick<CorrespondenceStore, "noteReply">;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ApprovalId;
  /** How long Claude waits for words, ms. */
  readonly forMs: number;
}

export interface Instructions extends Addressee {
  /** Tries a last time to write what could not be written. */
  stop(): Promise<void>;
}

/** In place of words that could not be looked through for secrets. */
const NOT_KEPT = "(not kept: it could not be checked for secrets)";

export function createInstructions(deps: InstructionsDeps): Instructions {
  const { turns, people, messenger, inspector, store, clock, log, newId, forMs } = deps;
  const recorder = createRecorder({ store, clock, log, newId, timeoutMs: forMs, grantMs: 0 });
  const inspect = createSafeInspection(inspector, clock, log);
  const refused = (why: Extract<InstructionNotice, { kind: "instruction-refused" }>["why"]): Notice => ({
    kind: "instruction-refused",
    why,
  });

  async function masked(message: string): Promise<ToolCall> {
    const call = { toolName: INSTRUCTION_TOOL, input: { message } };
    const inspection = await inspect(call).catch(() => undefined);
    if (inspection?.secrets === undefined) return { ...call, input: { message: NOT_KEPT } };
    return { ...call, input: inspection.shown.input };
  }

  /** @returns the row's id; undefined where there is none that says approved */
  async function recorded(call: ToolCall, from: Phone, { source }: Claim): Promise<ApprovalId | undefined> {
    const { project, requester, sessionId } = source;
    const submission = { call, door: "phone" as const, project, requester, sessionId };
    try {
      const opened = await recorder.opened(submission, { shown: call, secrets: 0, warnings: [] }, 1);
      const { id } = opened.request;
      const outcome = await recorder.ended(id, {
        status: "approved",
        by: from,
        ...howOf({ name: people.nameOf(from) }),
      });
      return outcome?.status === "approved" ? id : undefined;
    } catch (error) {
      log.error({ err: error }, "words for Claude could not be recorded: they were not handed over");
      return undefined;
    }
  }

  function noteReply(requestId: ApprovalId, { from, at }: Words): void {
    store
      .noteReply({ requestId, from, said: "instruct", result: "decided", at })
      .catch((error: unknown) => log.warn({ id: requestId, err: error }, "a reply could not be recorded"));
  }

  function tellOthers(from: Phone, notice: Notice, { source }: Claim): void {
    for (const other of people.toTellOf(source.project).filter((approver) => approver !== from)) {
      messenger.tell(other, notice).catch((error: unknown) => {
        log.warn({ err: error }, "another approver could not be told of words for Claude");
      });
    }
  }

  async function receive(words: Words): Promise<Notice> {
    const { subject, text, from } = words;
    if (text.trim() === "") return refused("empty");
    const claim = turns.claim(subject);
    if (typeof claim === "string") return refused(claim);
    if (!people.mayDecide(from, claim.source.project)) {
      claim.release();
      return refused("not-asked");
    }
    const call = await masked(text);
    const id = await recorded(call, from, claim);
    if (id === undefined) {
      claim.release();
      return refused("unrecorded");
    }
    const result = await claim.hand(instructionForClaude(text));
    await recorder.acknowledged(id, result === true);
    noteReply(id, words);
    if (result !== true) return refused(result);
    log.info({ id, session: claim.source.sessionId }, "a person's words were handed to Claude");
    const shown = call.input["message"];
    const taken = {
      by: from,
      name: people.nameOf(from),
      words: typeof shown === "string" ? shown : undefined,
    };
    tellOthers(from, { kind: "instruction-taken", id, ...taken }, claim);
    return { kind: "instruction-taken", id };
  }

  return {
    receive: (words) =>
      receive(words).catch((error: unknown) => {
        log.error({ err: error }, "words for Claude could not be handed over");
        return refused("gone");
      }),
    stop: () => recorder.stop(),
  };
}
