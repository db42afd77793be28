// What every channel does with the ids that its platform gives to the messages it takes.
import type { AskOptions } from "../core/ports/messenger.ts";
import type { PartSender } from "../core/ports/part-sender.ts";
import type { SentMessage } from "../domain/delivery.ts";
import type { Phone } from "../domain/tool-call.ts";

/** Keeps and tells what was sent to one address for a request, or one question of it. */
export function createSentNotes(to: Phone, { question, onSent }: Pick<AskOptions, "question" | "onSent">) {
  const sent: SentMessage[] = [];
  return {
    sent,
    note(messageId: string, hasButtons: boolean): void {
      const message = { messageId, to, hasButtons, question: question?.number };
      sent.push(message);
      onSent(message);
    },
  };
}

/**
 * The next parts of what was kept back, one after another.
 * @param rest all that was kept back. @param atOnce how many are sent at most. @param send resolves with the message's id
 * @returns how many were kept back in all
 */
export async function sendMore<Part>(
  rest: readonly Part[],
  atOnce: number,
  { to, skip, isWanted, onSent }: Parameters<PartSender["more"]>[1],
  send: (part: Part) => Promise<string>,
): Promise<number> {
  for (const part of rest.slice(skip, skip + atOnce)) {
    if (!isWanted()) break;
    onSent({ messageId: await send(part), to, hasButtons: false, isExtra: true });
  }
  return rest.length;
}
