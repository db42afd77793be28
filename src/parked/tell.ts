// Tells the phones about parked requests, Claude's words without their secrets.
import { createSafeInspection } from "../core/safe-inspection.ts";
import type { ParkedEnd, ParkedNotice } from "../domain/parked-notice.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { ParkedDeps } from "./contract.ts";

export interface ParkedTelling {
  parked(id: ApprovalId, name: string, leftMs: number): Promise<void>;
  ended(id: ApprovalId, name: string, end: ParkedEnd, words?: string): Promise<void>;
}

/** Never rejects. */
export function createParkedTelling(
  deps: Pick<ParkedDeps, "messenger" | "people" | "inspector" | "clock" | "log">,
): ParkedTelling {
  const { messenger, people, inspector, clock, log } = deps;
  const inspect = createSafeInspection(inspector, clock, log);

  /** None where they could not be checked. */
  async function masked(words: string): Promise<string | undefined> {
    try {
      const { shown, secrets } = await inspect({ toolName: "Stop", input: { words } });
      const { words: clean } = shown.input;
      return secrets === undefined || typeof clean !== "string" ? undefined : clean;
    } catch {
      return undefined;
    }
  }

  async function tell(notice: ParkedNotice): Promise<void> {
    const one = (phone: Phone) =>
      messenger.tell(phone, notice).catch((error: unknown) => {
        log.warn({ id: notice.id, err: error }, "what became of a parked request could not be told");
      });
    await Promise.all(people.toTellOf(notice.name).map(one));
  }

  return {
    parked: (id, name, leftMs) => tell({ kind: "parked", id, name, leftMs }),
    async ended(id, name, end, words = "") {
      const clean = words === "" ? undefined : await masked(words);
      await tell({ kind: "parked-ended", id, name, end, ...(clean === undefined ? {} : { words: clean }) });
    },
  };
}
