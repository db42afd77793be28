// The contract of a channel: what a person and a caller may rely on, whichever way the person is reached. The same words for each of them;
// where a channel rightly differs its traits say so, and the test states the difference.
import { describe } from "vitest";
import { CHANNELS, type ChannelName } from "../../src/domain/channel.ts";
import { decodeVisible } from "../../src/domain/visible.ts";
import type { Shown } from "../helpers/channel-world/contract.ts";
import type { AskedMessage, WorldStage } from "../helpers/channel-world/start.ts";

/** Runs a suite over every channel. */
export function overEachChannel(suite: (channel: ChannelName) => void): void {
  describe.each(CHANNELS)("over %s", suite);
}

/** A call that no other one is taken for. */
export function bash(command: string, id = command): Record<string, unknown> {
  return { tool_name: "Bash", input: { command }, tool_use_id: `toolu_${id}` };
}

type Verb = "approve" | "deny" | "session";

/** As a person answers by themselves: a tap where there are buttons, the words that the message asks for where there are none. */
export async function answer(
  stage: WorldStage,
  { message, id }: AskedMessage,
  verb: Verb,
  name?: ChannelName,
): Promise<void> {
  const world = stage.world(name);
  if (world.traits.hasButtons) await world.tap(message.id, `${verb}:${id}`);
  else await world.write(`${verb} ${id}`);
}

/** The same once there may be no such button any more. */
export async function answerLate(
  stage: WorldStage,
  { message, id }: AskedMessage,
  verb: Verb,
  name?: ChannelName,
): Promise<void> {
  const world = stage.world(name);
  if (world.traits.hasButtons) await world.tapLate(message.id, `${verb}:${id}`);
  else await world.write(`${verb} ${id}`);
}

/** A text as a file holds it. */
export const inFile = (text: string): string => decodeVisible(text.replace("\uFEFF", ""));

/** The text of a call as its parts show it, put together again: what is invisible stands there as its number. */
export function putTogether(messages: readonly Shown[]): string {
  const shown = messages
    .flatMap(({ text, blocks }) => {
      const continues = text.split("\n")[0]?.includes("goes on in the same line") ?? false;
      return blocks.map((block, index) => ({ block, glue: continues && index === 0 ? "" : "\n" }));
    })
    .reduce((whole, { block, glue }, index) => (index === 0 ? block : whole + glue + block), "");
  return decodeVisible(shown);
}

export const countOf = (stage: WorldStage, text: string, name?: ChannelName): number =>
  stage
    .world(name)
    .chat()
    .filter((each) => each.text.includes(text)).length;
