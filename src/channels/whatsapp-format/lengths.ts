// How much of each kind of text a line of a WhatsApp message shows; the whole text goes into messages of its own.
// UTF-16 units. Together they stay below WhatsApp's 1,024 characters for a message with buttons, the fixed words included.
import type { ForeignRole, WholeRole } from "../../domain/text.ts";

export const LENGTH = {
  command: 400,
  reason: 130,
  project: 60,
  agent: 40,
  /** The origin with Claude's last words; of those, fewer than the least say nothing. */
  origin: 200,
  leastSaid: 30,
  tool: 80,
  key: 40,
  value: 130,
  /** The beginning of a text that is shown in full above. */
  head: 100,
} as const;

/** How much of a foreign text is shown inside a sentence. A text that is shown in full is never cut. */
export const LENGTH_IN_SENTENCE: Readonly<Record<Exclude<ForeignRole, WholeRole>, number>> = {
  project: LENGTH.project,
  tool: 40,
  headline: 60,
  offer: 60,
  words: 300,
};
