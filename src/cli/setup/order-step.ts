// Where several channels are set up: which one is asked first.
import { withAnswers } from "./draft.ts";
import { titles } from "./test-words.ts";
import { channelsSetUp, namedChannels } from "./which-channel.ts";
import { chosenChannel, type SetupStep } from "./workshop.ts";

export const orderStep: SetupStep = {
  name: "order",
  async run({ asker, tell }, progress) {
    const { draft } = progress;
    const channel = chosenChannel(progress);
    const named = namedChannels(draft);
    const others = channelsSetUp(draft).filter((name) => name !== channel);
    if (others.length === 0 && named === undefined) return progress;
    const before = named ?? others;
    const isNamed = before.includes(channel);
    if (named !== undefined && isNamed) {
      if (named.length > 1) tell.good(`Asked in this order: ${titles(named)} (CHANNELS).`);
      return progress;
    }
    const [last, first] = [
      [...before, channel],
      [channel, ...before],
    ].map((list) => list.join(","));
    if (last === undefined || first === undefined) return progress;
    const chosen =
      before.length === 0
        ? last
        : await asker.choose<string>({
            message:
              "In which order should you be asked? The next one is tried where the first fails, or nobody answers in time.",
            initial: last,
            choices: [
              { value: last, label: titles(last.split(",")) },
              { value: first, label: titles(first.split(",")) },
            ],
          });
    tell.good(`Asked in this order: ${titles(chosen.split(","))} (CHANNELS).`);
    return { ...progress, draft: withAnswers(draft, { CHANNELS: chosen }) };
  },
};
