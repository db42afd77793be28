// Pairing with the running server: it asks the approvers, and waits for the code.
import type { ReadableStream } from "node:stream/web";
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import type { PairingEnd } from "../../core/pairing.ts";
import { codeText } from "../../core/pairing-words.ts";
import type { PairedChannel } from "../../domain/channel.ts";
import { personText } from "../../domain/pairing-notice.ts";
import { duration } from "../../domain/time-words.ts";
import { visibleLine } from "../../domain/visible.ts";
import { PAIR_PATH, pairLineSchema } from "../../doors/control/pair-input.ts";
import { makeCode } from "../../server/first-pairing.ts";
import type { CommandContext } from "../command.ts";
import { localAddress, ServerError } from "../local-client.ts";
import type { WantedPair } from "./screen.ts";

const MAX_LINE = 10_000;
const refusalSchema = z.object({ message: z.string() });

/** @throws as fetch does where nobody listens; ServerError where it was refused */
export async function pairOnline(
  config: Pick<Config, "host" | "serverPort" | "token">,
  { channel, person, screen }: WantedPair,
  { fetch, signal }: Pick<CommandContext, "fetch" | "signal">,
): Promise<PairingEnd> {
  const { code, hash } = makeCode();
  const { url, headers } = localAddress(config);
  const response = await fetch(url + PAIR_PATH, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ channel, ...(person === undefined ? {} : { person }), code: hash }),
    redirect: "error",
    signal,
  });
  if (response.status === 401) throw new Error("HTTP 401");
  if (!response.ok || response.body === null) {
    const refusal = refusalSchema.safeParse(await response.json().catch(() => undefined));
    throw new ServerError(
      refusal.success ? visibleLine(refusal.data.message) : `${url} answered HTTP ${response.status}.`,
      refusal.success ? undefined : "Another program, or another version of the server, may listen there.",
    );
  }
  try {
    const end = await follow(response.body as ReadableStream, code, screen, channel);
    if (end !== undefined) return end;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ServerError) throw error;
    throw new ServerError(ENDED, undefined, { cause: error });
  }
  throw new ServerError(ENDED);
}

const ENDED = "The server ended, or its answer was none, before the code was used. See its log.";

/** @returns undefined where the answer ends too early */
async function follow(
  body: ReadableStream,
  code: string,
  screen: WantedPair["screen"],
  channel: PairedChannel,
): Promise<PairingEnd | undefined> {
  let shown: "asking" | "open" | undefined;
  for await (const text of linesOf(body)) {
    const line = pairLineSchema.parse(JSON.parse(text));
    if (line.state === "ended") return line.end;
    if (line.state === "refused") throw new ServerError(`No code was opened. ${visibleLine(line.message)}`);
    const left = `${duration(line.left_s * 1000)} left`;
    if (line.state === "asking") {
      screen.say(
        shown === undefined
          ? `Your approvers are asked whether one more chat may decide: request ${visibleLine(line.id)}. Approve that one, and no other.`
          : `… waits for their answer, ${left}`,
      );
    } else if (shown === "open") {
      screen.say(`… waits for the code, ${left}`);
    } else {
      screen.say(`Approved, for ${visibleLine(personText(line.person))}.`);
      screen.say(codeText(channel, code));
    }
    shown = line.state;
  }
  return undefined;
}

/** Whatever listens there may have written it, at any length. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE) throw new Error("a line of the answer has no end");
    yield* lines;
  }
}
