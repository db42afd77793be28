// Whether the public address leads to the server of this machine, tried from here.
import { withDeadline } from "../../core/timing.ts";
import { SetupProblem } from "./asker.ts";
import type { Workshop } from "./workshop.ts";

const LIMIT_MS = 10_000;
/** What the webhook says to whoever looks at it with a browser. */
const REACHABLE = "The approval server is reachable here.";

/** @returns what is wrong with it */
export async function wayProblem({ context }: Workshop, url: string): Promise<SetupProblem | undefined> {
  const { fetch, clock, signal } = context;
  const address = url.replace(/#.*/, "");
  const advice =
    "Point the tunnel or proxy to WEBHOOK_PORT of this computer (8001 where nothing else is set), then try again.";
  const look = async (limit: AbortSignal) => {
    // ngrok shows browsers a page of its own before it lets them through.
    const headers = { "ngrok-skip-browser-warning": "1" };
    const response = await fetch(address, { redirect: "manual", signal: limit, headers });
    if (response.status !== 200) return `${address} answers with HTTP ${response.status}.`;
    return (await response.text()).includes(REACHABLE) ? undefined : `${address} leads to something else.`;
  };
  const found = await withDeadline(LIMIT_MS, look, { clock, signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return `${address} cannot be reached.`;
  });
  return found === undefined ? undefined : new SetupProblem(found, advice);
}
