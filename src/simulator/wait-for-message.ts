// Waits for a message without polling. A wait ends with the message, the caller's abort or the simulator's close.
import type { Chat } from "./chat.ts";
import type { SimMessage } from "./contract.ts";

/**
 * Resolves with the first message, past or future, that matches.
 * @param signals reject the wait with their reason.
 */
export function waitForMessage(
  chat: Chat,
  match: (message: SimMessage) => boolean,
  signals: readonly AbortSignal[],
): Promise<SimMessage> {
  const waiting = new Promise<SimMessage>((resolve, reject) => {
    for (const signal of signals) signal.throwIfAborted();
    const past = chat.all().find((entry) => match(entry.message));
    if (past !== undefined) {
      resolve(past.message);
      return;
    }
    const stop = chat.onChange(({ message }) => {
      if (!match(message)) return;
      end();
      resolve(message);
    });
    const abort = () => {
      end();
      reject(signals.find(({ aborted }) => aborted)?.reason);
    };
    const end = () => {
      stop();
      for (const signal of signals) signal.removeEventListener("abort", abort);
    };
    for (const signal of signals) signal.addEventListener("abort", abort);
  });
  // A wait nobody looks at any more must not fail the process when the simulator closes.
  waiting.catch(() => undefined);
  return waiting;
}
