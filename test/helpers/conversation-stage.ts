// Replies of verified phones over a real gate and store: what is said in, what is told out.
import { createCommandRunner } from "../../src/core/commands.ts";
import { createConversation, type Inbound } from "../../src/core/conversation.ts";
import { createStandingKeeper } from "../../src/core/standing.ts";
import type { ApprovalId, Phone } from "../../src/domain/approval.ts";
import { createGateStage, type GateStageOptions, PHONE, SUBMISSION } from "./gate-stage.ts";

export interface ConversationStageOptions extends GateStageOptions {
  readonly approvers?: readonly Phone[];
}

export async function createConversationStage(options: ConversationStageOptions = {}) {
  const stage = createGateStage(options);
  const { gate, store, clock, log, asked } = stage;
  const { approvers = [PHONE] } = options;
  const told: { readonly to: Phone; readonly text: string }[] = [];
  const messenger = {
    ask: async () => [],
    tell: async (to: Phone, text: string) => void told.push({ to, text }),
  };
  const standing = await createStandingKeeper(store, clock, log);
  const run = createCommandRunner({ gate, standing, clock });
  const conversation = createConversation({ gate, store, messenger, clock, log, approvers, run });
  let count = 0;
  return {
    ...stage,
    told,
    standing,
    /** Has the approver say something, and waits for what it sets in motion. */
    async say(text: string, more: Partial<Inbound> = {}): Promise<void> {
      await conversation.receive({ id: `in-${count++}`, from: PHONE, text, ...more });
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
