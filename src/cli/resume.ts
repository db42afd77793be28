// `npm run resume`: ends a panic or a pause, from the machine that the server runs on.
import { z } from "zod";
import { withDeadline } from "../core/timing.ts";
import { RESUME_PATH } from "../doors/control/control-door.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { EXIT } from "./exit.ts";
import { callServer, localAddress } from "./local-client.ts";
import { readClientConfig } from "./settings.ts";

/** The server answers at once. */
const LIMIT_MS = 10_000;
const answerSchema = z.object({
  before: z.enum(["open", "paused", "panic"]),
  recorded: z.boolean().default(true),
});

export async function resume({ options }: CommandInput, context: CommandContext): Promise<number> {
  const { url, headers } = localAddress(await readClientConfig(context));
  const { before, recorded } = await callServer(() =>
    withDeadline(
      LIMIT_MS,
      async (signal) => {
        const response = await context.fetch(url + RESUME_PATH, { method: "POST", headers, signal });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        return answerSchema.parse(await response.json());
      },
      context,
    ),
  );
  if (options["json"]) {
    context.out(`${JSON.stringify({ before, recorded })}\n`);
    return EXIT.ok;
  }
  context.out(
    before === "open"
      ? "Nothing was paused or stopped.\n"
      : "Resumed: requests are sent to the phone again.\n",
  );
  if (!recorded)
    context.out(
      "It could not be written down: after a restart of the server, what held before would hold again.\n",
    );
  return EXIT.ok;
}
