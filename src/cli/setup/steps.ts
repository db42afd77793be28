// What comes before anything is written, in this order: the channel first, then what it needs.
import type { ChannelName } from "../../domain/channel.ts";
import { accountStep } from "./account-step.ts";
import { addressStep } from "./address-step.ts";
import { channelStep } from "./channel-step.ts";
import { joinStep } from "./join-step.ts";
import { keyStep } from "./key-step.ts";
import { orderStep } from "./order-step.ts";
import { pairStep } from "./pair-step.ts";
import { phoneStep } from "./phone-step.ts";
import { senderStep } from "./sender-step.ts";
import { templatesStep } from "./templates-step.ts";
import { chosenChannel, type SetupProgress, type SetupStep, type Workshop } from "./workshop.ts";

const BY_A_CODE: readonly SetupStep[] = [keyStep, orderStep, pairStep];

const STEPS: Readonly<Record<ChannelName, readonly SetupStep[]>> = {
  "whatsapp-agent": BY_A_CODE,
  telegram: BY_A_CODE,
  whatsapp: [accountStep, orderStep, senderStep, phoneStep, addressStep, templatesStep, joinStep],
};

/** @param onProgress told what is known after each step */
export async function takeSteps(
  workshop: Workshop,
  begun: SetupProgress,
  onProgress: (progress: SetupProgress) => void,
): Promise<SetupProgress> {
  let progress = await channelStep.run(workshop, begun);
  for (const step of STEPS[chosenChannel(progress)]) {
    progress = await step.run(workshop, progress);
    onProgress(progress);
  }
  return progress;
}
