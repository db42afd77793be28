// Server-sent events for the phone page: the state once, then every new or changed message of that phone, and who types.
import type { Response } from "express";
import type { ChannelName } from "../../domain/channel.ts";
import type { PhoneApp, PhoneMessage } from "./phone-app.ts";

/** Everything a page needs to draw one phone. */
export interface PhoneState {
  readonly app: ChannelName;
  /** What the person calls each app of this phone. */
  readonly apps: readonly { readonly app: ChannelName; readonly title: string }[];
  readonly hasReactions: boolean;
  readonly sender: string;
  readonly phone: string;
  readonly phones: readonly string[];
  readonly messages: readonly PhoneMessage[];
}

export type EventStreams = ReturnType<typeof createEventStreams>;

/** The open streams of all pages. */
export function createEventStreams() {
  const open = new Set<Response>();
  return {
    /** Turns the answer into the stream of `state.phone`. */
    serve(res: Response, app: PhoneApp, state: PhoneState): void {
      res.set("Content-Type", "text/event-stream");
      const send = (event: string, data: PhoneState | PhoneMessage | { readonly forMs: number }) =>
        res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      send("state", state);
      const stop = app.onMessage((message) => {
        if (message.phone === state.phone) send("message", message);
      });
      const stopTyping = app.onTyping((phone, forMs) => {
        if (phone === state.phone) send("typing", { forMs });
      });
      open.add(res);
      res.once("close", () => {
        stop();
        stopTyping();
        open.delete(res);
      });
    },

    /** Ends every stream. */
    close(): void {
      for (const res of open) res.end();
    },
  };
}
