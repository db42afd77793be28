// A server that runs on this machine already.
import { z } from "zod";
import { parseConfig } from "../../config/config.ts";
import { withDeadline } from "../../core/timing.ts";
import { localAddress } from "../local-client.ts";
import { changesOf, settingsOf } from "./draft.ts";
import type { TestServer } from "./test-server.ts";
import type { SetupProgress, Workshop } from "./workshop.ts";

const LIMIT_MS = 3_000;
const healthSchema = z.looseObject({
  status: z.literal("ok"),
  version: z.string(),
  phone: z.enum(["twilio", "none"]),
  channels: z.array(z.looseObject({ channel: z.string() })).default([]),
});

/** The one that runs with these very settings; undefined where none does, or its settings may be others. */
export async function runningServer(
  workshop: Workshop,
  progress: SetupProgress,
): Promise<TestServer | undefined> {
  if (Object.keys(changesOf(progress.draft)).length > 0) return undefined;
  if (!(await isServerRunning(workshop, progress))) return undefined;
  const config = parseConfig(settingsOf(progress.draft), workshop.home);
  return {
    address: localAddress(config),
    channels: config.channels,
    isOwn: false,
    troubles: () => [],
    close: async () => undefined,
  };
}

/** Whether one answers at the configured port, and has a real phone. */
export async function isServerRunning(
  { context, home }: Pick<Workshop, "context" | "home">,
  progress: SetupProgress,
): Promise<boolean> {
  return (await health({ context, home }, progress)) !== undefined;
}

/** The channels beside Twilio's that it listens on; none where none answers. */
export async function channelsHeard(
  workshop: Pick<Workshop, "context" | "home">,
  progress: SetupProgress,
): Promise<readonly string[]> {
  return (await health(workshop, progress))?.channels.map(({ channel }) => channel) ?? [];
}

async function health(
  { context, home }: Pick<Workshop, "context" | "home">,
  { draft }: SetupProgress,
): Promise<z.infer<typeof healthSchema> | undefined> {
  const { fetch, clock } = context;
  const { url, headers } = localAddress(parseConfig(settingsOf(draft), home));
  const look = async (signal: AbortSignal) => {
    const response = await fetch(`${url}/health`, { headers, signal, redirect: "error" });
    return healthSchema.safeParse(await response.json()).data;
  };
  return withDeadline(LIMIT_MS, look, { clock }).catch(() => undefined);
}
