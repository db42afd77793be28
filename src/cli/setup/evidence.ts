// What shows that it was the phone that has answered: a rule of the policy can decide a request as well, and that proves nothing.
import { z } from "zod";
import { pause } from "../../core/timing.ts";
import { RECORD_API } from "../../history/history.ts";
import type { CommandContext } from "../command.ts";
import { writtenIds } from "./people.ts";
import type { TestServer } from "./test-server.ts";
import { chosenChannel, type SetupProgress } from "./workshop.ts";

/** Looks for it where it may be a moment behind: how many, and the pause between two, ms. */
const MAX_LOOKS = 5;
const LOOK_EVERY_MS = 1_000;

const storySchema = z.looseObject({ replies: z.array(z.unknown()) });

/** To be called before the request is made. @returns whether the phone has answered the request of that id */
export async function evidenceOf(
  context: CommandContext,
  progress: SetupProgress,
  server: TestServer,
): Promise<(id: string) => Promise<boolean>> {
  const { clock, signal, fetch } = context;
  const isPaired = chosenChannel(progress) !== "whatsapp";
  // No policy and no grant is there.
  if (isPaired && server.isOwn) return async () => true;
  const before = isPaired ? new Set<string>() : await writtenIds(progress, clock.now());
  const { url, headers } = server.address;
  /** Of a reply that was taken to it. */
  const hasReply = async (id: string) => {
    const response = await fetch(`${url}${RECORD_API}/requests/${id}`, {
      headers,
      redirect: "error",
      signal,
    });
    return storySchema.parse(await response.json()).replies.length > 0;
  };
  const hasWritten = async () => {
    const after = await writtenIds(progress, clock.now());
    return [...after].some((each) => !before.has(each));
  };
  return async (id) => {
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      if (look > 0) await pause(LOOK_EVERY_MS, clock, signal);
      if (await (isPaired ? hasReply(id) : hasWritten()).catch(() => false)) return true;
    }
    return false;
  };
}
