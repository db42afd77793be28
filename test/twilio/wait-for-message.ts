// Waits for a message without polling. A wait ends with the message or with a signal: the caller's, or the Twilio's end.
import type { SimMessage, Simulator } from "../../src/simulator/contract.ts";

/**
 * Resolves with the first message, past or future, that matches; changed messages are offered again.
 * @param signals reject the wait with their reason.
 */
export function waitForMessage(
  simulator: Pick<Simulator, "messages" | "onMessage">,
  match: (message: SimMessage) => boolean,
  signals: readonly AbortSignal[],
): Promise<SimMessage> {
  const waiting = new Promise<SimMessage>((resolve, reject) => {
    for (const signal of signals) signal.throwIfAborted();
    const past = simulator.messages().find(match);
    if (past !== undefined) {
      resolve(past);
      return;
    }
    const stop = simulator.onMessage((message) => {
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
