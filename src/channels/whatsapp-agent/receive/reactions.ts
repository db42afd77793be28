// A reaction decides nothing, unless the person has set that it does. Then a thumb or a mark on the message that takes the answer is
// read as its words, with the request's id: everything else that the words are checked for holds for it too.
import type { ApprovalId } from "../../../domain/tool-call.ts";
import type { AgentMessage } from "./updates.ts";

const VERBS: ReadonlyMap<string, "APPROVE" | "DENY"> = new Map([
  ["👍", "APPROVE"],
  ["✅", "APPROVE"],
  ["👎", "DENY"],
  ["❌", "DENY"],
]);

/** Skin tones, and the mark that asks for a picture. */
const VARIATIONS = /[\u{1F3FB}-\u{1F3FF}\uFE0F]/gu;

export interface ReadReaction {
  readonly text: string;
  readonly quotedMessageId: string;
}

/**
 * @param requestOf the request that a message asks about and takes the answer for, where this run has sent it
 * @returns undefined where it means nothing: another sign, one that was taken back, another message
 */
export function readReaction(
  { reaction }: AgentMessage,
  requestOf: (messageId: string) => ApprovalId | undefined,
): ReadReaction | undefined {
  if (reaction === undefined) return undefined;
  const verb = VERBS.get(reaction.emoji.replace(VARIATIONS, ""));
  const id = requestOf(reaction.message_id);
  if (verb === undefined || id === undefined) return undefined;
  return { text: `${verb} ${id}`, quotedMessageId: reaction.message_id };
}
