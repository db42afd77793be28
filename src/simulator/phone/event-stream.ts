// Server-sent events for the phone page: the state once, then every new or changed message of that phone, and who types.
import type { Response } from "express";
import type { Chat } from "../chat.ts";
import type { SimMessage } from "../contract.ts";
import type { Phones } from "../phones.ts";
import { TYPING_MS, type Typing } from "../typing.ts";

/** Everything a page needs to draw one phone. */
export interface PhoneState {
  readonly sender: string;
  readonly phone: string;
  readonly phones: readonly string[];
  readonly messages: readonly SimMessage[];
}

export type EventStreams = ReturnType<typeof createEventStreams>;

/** The open streams of all pages. While one is open, its phone counts as being looked at. */
export function createEventStreams(deps: {
  readonly chat: Chat;
  readonly phones: Phones;
  readonly typing: Typing;
}) {
  const open = new Set<Response>();
  return {
    /** Turns the answer into the stream of `state.phone`. */
    serve(res: Response, state: PhoneState): void {
      res.set("Content-Type", "text/event-stream");
      const send = (event: string, data: PhoneState | SimMessage | { readonly forMs: number }) =>
        res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      send("state", state);
      const stop = deps.chat.onChange(({ message }) => {
        if (message.phone === state.phone) send("message", message);
      });
      const stopTyping = deps.typing.onTyping((phone) => {
        if (phone === state.phone) send("typing", { forMs: TYPING_MS });
      });
      const closePage = deps.phones.openPage(state.phone);
      open.add(res);
      res.once("close", () => {
        stop();
        stopTyping();
        closePage();
        open.delete(res);
      });
    },

    /** Ends every stream. */
    close(): void {
      for (const res of open) res.end();
    },
  };
}
