// `npm run pair`: binds one more chat. The code is made here and shown here; the server gets its hash, and asks the approvers first.
import { endText } from "../../core/pairing-words.ts";
import { CHANNEL_TITLES, PAIRED_CHANNELS, type PairedChannel } from "../../domain/channel.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { callServer, ServerError } from "../local-client.ts";
import { isDown } from "../record/source.ts";
import { readClientConfig } from "../settings.ts";
import { pairAlone } from "./alone.ts";
import { list } from "./list.ts";
import { pairOnline } from "./online.ts";
import { screenOf } from "./screen.ts";

export async function pair({ args, options }: CommandInput, context: CommandContext): Promise<number> {
  const [channel] = args;
  const isJson = options["json"] === true;
  const person = typeof options["as"] === "string" ? options["as"] : undefined;
  if (options["list"] === true) {
    if (channel !== undefined || person !== undefined)
      throw new UsageError("--list takes neither a channel nor --as.");
    return list(isJson, context);
  }
  if (!isPaired(channel)) throw new UsageError(`Name the channel: ${PAIRED_CHANNELS.join(" or ")}.`);
  const config = await readClientConfig(context);
  if (config.simulation !== undefined)
    throw new ServerError(
      "The phone is simulated, and nobody is bound to it.",
      "Set up a real account first, without SIMULATE.",
    );
  if (!config.channels.includes(channel) || !config.pairedAccounts.has(channel))
    throw new ServerError(
      `${CHANNEL_TITLES[channel]} is not in use here.`,
      "Set its key or token, and name it in CHANNELS where that is set.",
    );
  const screen = screenOf(context, isJson);
  const wanted = { channel, person, screen };
  const end = await pairOnline(config, wanted, context).catch((error: unknown) => {
    if (isDown(error)) return pairAlone(config, wanted, context);
    return callServer(() => Promise.reject(error));
  });
  context.signal.throwIfAborted();
  screen.say(endText(channel, end));
  if (isJson) context.out(`${JSON.stringify({ channel, bound: end === "bound", end })}\n`);
  return end === "bound" ? EXIT.ok : EXIT.failed;
}

function isPaired(text: string | undefined): text is PairedChannel {
  return PAIRED_CHANNELS.some((name) => name === text);
}
