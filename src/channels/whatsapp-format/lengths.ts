// How much of what kind of text a WhatsApp message shows in a line; the whole text goes into messages of its own.
// UTF-16 units. Together below WhatsApp's 1,024 characters a message with buttons, the fixed words included.
import type { ForeignRole, WholeRole } from "../../domain/text.ts";

export const LENGTH = {
  command: 400,
  reason: 130,
  project: 60,
  tool: 80,
  key: 40,
  value: 130,
  session: 100,
  /** The beginning of a text that is shown in full above. */
  head: 100,
} as const;

/** How much of foreign words a sentence shows. A text in full is never cut. */
export const LENGTH_IN_SENTENCE: Readonly<Record<Exclude<ForeignRole, WholeRole>, number>> = {
  project: LENGTH.project,
  tool: 40,
  headline: 60,
  offer: 100,
  words: 300,
};
