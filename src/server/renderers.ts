// How each channel writes a request out: one row each. The thread for large calls and the main thread use the same table. Questions are
// not in it: they are short (MAX_QUESTIONS_LENGTH), whatever they say.
import { telegramPrompt } from "../channels/telegram/format/request-prompt.ts";
import { agentPrompt } from "../channels/whatsapp-agent/send/request-text.ts";
import { promptFor } from "../channels/whatsapp-format/request-prompt.ts";
import type { ApprovalRequest } from "../domain/approval.ts";
import type { ChannelName } from "../domain/channel.ts";

/** What a text may depend on beside the request. */
export interface RenderOptions {
  /** Whether a reaction decides, on a channel that can be told to heed them. */
  readonly hasReactions: boolean;
}

/** What they give must be plain values: it is handed from one thread to another. */
const RENDERERS = {
  whatsapp: promptFor,
  "whatsapp-agent": agentPrompt,
  telegram: telegramPrompt,
} satisfies Record<ChannelName, (request: ApprovalRequest, options: RenderOptions) => unknown>;

/** What a channel is given to send. */
export type WrittenOut<Name extends ChannelName> = ReturnType<(typeof RENDERERS)[Name]>;

/** One thing to write out. */
export interface RenderTask {
  readonly channel: ChannelName;
  readonly request: ApprovalRequest;
}

export function render<Name extends ChannelName>(
  { channel, request }: RenderTask & { readonly channel: Name },
  options: RenderOptions,
): WrittenOut<Name> {
  const renderers: Readonly<
    Record<ChannelName, (request: ApprovalRequest, options: RenderOptions) => unknown>
  > = RENDERERS;
  return renderers[channel](request, options) as WrittenOut<Name>;
}
