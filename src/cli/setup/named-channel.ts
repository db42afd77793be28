// Opens the real channels, and keeps what the platform calls whoever was bound.
import type { Phone } from "../../domain/tool-call.ts";
import { type OpenChannel, openRealChannel } from "../../server/channels.ts";

/** @param names is told of those who were bound, as the platform calls them */
export function openNamed(names: Map<Phone, string>): OpenChannel {
  return async (...account) => {
    const channel = await openRealChannel(...account);
    return {
      ...channel,
      start: (heard) =>
        channel.start({
          ...heard,
          async stranger(message) {
            const { from, name } = message;
            // Before it is bound: whoever waits for that looks the name up at once.
            if (name !== undefined) names.set(from, name);
            const became = await heard.stranger(message);
            if (became !== "bound") names.delete(from);
            return became;
          },
        }),
    };
  };
}
