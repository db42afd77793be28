// Lets somebody at the machine open a code for one more address: only after an approver's tap, never by the policy or a grant. What
// comes in is the code's hash; the code itself is shown where it was made.
import { randomUUID } from "node:crypto";
import { type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import type { GatedCalls } from "../../core/gated-call.ts";
import { PAIRING_MS, type Pairing, type PairingEnd } from "../../core/pairing.ts";
import { personFor } from "../../core/pairing-person.ts";
import { endText } from "../../core/pairing-words.ts";
import type { People } from "../../core/people.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { CHANNEL_TITLES, type ChannelName } from "../../domain/channel.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { PAIR_TOOL, personText } from "../../domain/pairing-notice.ts";
import { noWebPages } from "../no-web-pages.ts";
import { requesterOf } from "../requester.ts";
import { PAIR_PATH, type PairLine, pairInputSchema } from "./pair-input.ts";

export interface PairDoorDeps {
  readonly people: Pick<People, "all" | "approving" | "whyNotTheirs">;
  readonly pairing: Pick<Pairing, "open">;
  /** The channels that are in use beside Twilio's. */
  readonly pairedChannels: () => readonly ChannelName[];
  readonly gatedCalls: GatedCalls;
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two lines, ms: whoever reads them drops an answer that is silent for minutes. */
const BEAT_MS = 15_000;
const TELLS =
  "lets one more chat read every request: whoever writes the code there is told from then on, and decides nothing";
const DECIDES =
  "lets one more chat decide about requests: whoever writes the code there may approve from then on. If nobody you know asks for this, deny it, and write PANIC";

type AskedPair = Omit<z.infer<typeof pairInputSchema>, "person"> & { readonly person: string };
interface Refused {
  readonly status: 400 | 403 | 409;
  readonly error: string;
  readonly message: string;
}

export function createPairDoor(deps: PairDoorDeps): RequestHandler {
  const { people, pairing, pairedChannels, gatedCalls, clock, log } = deps;
  /** One at a time: a person must not have to tell two of them apart. */
  let isUnderWay = false;

  function read(body: unknown): AskedPair | Refused {
    const parsed = pairInputSchema.safeParse(body);
    if (!parsed.success) return { ...BAD, message: z.prettifyError(parsed.error) };
    const { channel } = parsed.data;
    const used = pairedChannels();
    const title = CHANNEL_TITLES[channel];
    if (!used.includes(channel)) {
      const message = `${title} is not in use here: see its settings, and CHANNELS.`;
      return { status: 409, error: "not_used", message };
    }
    if (people.approving().length === 0) {
      const message = `Nobody may approve yet, so nobody can be asked. Start the server in a terminal, which shows a code; or stop it, and run ${ownCommand(`pair ${channel}`)}.`;
      return { status: 409, error: "nobody", message };
    }
    const found = personFor(people, parsed.data.person, channel);
    if ("problem" in found) return { ...BAD, message: found.problem };
    if (isUnderWay) {
      const message =
        "Another code is being asked about, or waited for. If it was not you who began it, deny it on your phone.";
      return { status: 409, error: "under_way", message };
    }
    return { ...parsed.data, ...found };
  }

  async function pair({ channel, person, code }: AskedPair, res: Response): Promise<void> {
    const gone = new AbortController();
    res.once("close", () => gone.abort());
    res.status(200).type("application/x-ndjson");
    const say = (line: PairLine) => void (res.writable && res.write(`${JSON.stringify(line)}\n`));
    let stopBeat = () => {};
    const beat = (leftMs: number) => {
      say({ state: "open", person, left_s: Math.round(leftMs / 1000) });
      stopBeat = clock.after(BEAT_MS, () => beat(leftMs - BEAT_MS));
    };
    try {
      const answer = await gatedCalls.run<PairingEnd>({
        submission: {
          call: {
            toolName: PAIR_TOOL,
            input: { channel: CHANNEL_TITLES[channel], person: shownPerson(people, person) },
            // Each is asked about by itself: no code takes the approval that another one was given.
            toolUseId: `pair_${randomUUID()}`,
          },
          door: "rest",
          warnings: [decides(people, person) ? DECIDES : TELLS],
          asksAlways: true,
        },
        caller: {
          signal: gone.signal,
          onProgress: ({ request, leftMs }) =>
            say({ state: "asking", id: request.id, left_s: Math.round(leftMs / 1000) }),
        },
        async work({ by, signal }) {
          if (by === "policy" || by === "grant") throw new Error("nobody was asked about another approver");
          log.warn({ channel }, "a code for one more address was approved, and is waited for");
          beat(PAIRING_MS);
          return pairing.open({ channel, person, code, signal });
        },
        problemOf: (end) => (end === "bound" ? undefined : endText(channel, end)),
      });
      if (answer.kind === "refused") say({ state: "refused", message: answer.message });
      else {
        log.info({ channel, end: answer.result }, "a code for one more address has ended");
        say({ state: "ended", end: answer.result });
      }
    } catch (error) {
      log.error({ err: error }, "a code could not be opened");
      say({ state: "refused", message: "It failed; see the server's log. Nobody was bound." });
    } finally {
      stopBeat();
      res.end();
    }
  }

  const router = Router();
  const refuse = (res: Response, { status, error, message }: Refused) =>
    void res.status(status).json({ error, message });
  router.use(
    PAIR_PATH,
    noWebPages((res) => refuse(res, { ...FORBIDDEN, message: `Use: ${ownCommand("pair")}` })),
  );
  router.post(PAIR_PATH, async (req, res) => {
    if (requesterOf(res) !== undefined) {
      refuse(res, { ...FORBIDDEN, message: "This wants APPROVAL_TOKEN, not a named token." });
      return;
    }
    const asked = read(req.body);
    if ("status" in asked) {
      refuse(res, asked);
      return;
    }
    isUnderWay = true;
    await pair(asked, res).finally(() => {
      isUnderWay = false;
    });
  });
  return router;
}

const BAD = { status: 400, error: "bad_request" } as const;
const FORBIDDEN = { status: 403, error: "forbidden" } as const;

/** Whether it is one more chat of somebody who is known, or somebody new, is what the approver needs to know. */
function shownPerson(people: Pick<People, "all">, person: string): string {
  const isKnown = people.all().some(({ name }) => name === person);
  return isKnown ? personText(person) : `${personText(person)} (new: nobody is called so yet)`;
}

function decides(people: Pick<People, "all">, person: string): boolean {
  return people.all().find(({ name }) => name === person)?.role !== "notify";
}
