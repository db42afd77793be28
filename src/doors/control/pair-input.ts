// What `POST /control/pair` takes, and the lines that it answers with.
import { z } from "zod";
import { PAIRING_ENDS } from "../../core/pairing.ts";
import { PAIRED_CHANNELS } from "../../domain/channel.ts";

export const PAIR_PATH = "/control/pair";

/** Longer than any name that is known or taken. */
const MAX_PERSON = 200;

export const pairInputSchema = z.strictObject({
  channel: z.enum(PAIRED_CHANNELS, { error: `must be ${PAIRED_CHANNELS.join(" or ")}` }),
  person: z.string().min(1).max(MAX_PERSON).optional(),
  /** Never the code itself. */
  code: z.strictObject({
    salt: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hex digits"),
    hash: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits"),
  }),
});

/** One JSON object a line. The last one is `ended` or `refused`. */
export const pairLineSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("asking"), id: z.string(), left_s: z.number() }),
  z.object({ state: z.literal("open"), person: z.string(), left_s: z.number() }),
  z.object({ state: z.literal("refused"), message: z.string() }),
  z.object({ state: z.literal("ended"), end: z.enum(PAIRING_ENDS) }),
]);

export type PairLine = z.infer<typeof pairLineSchema>;
