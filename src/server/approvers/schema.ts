// The form of the file that APPROVERS names: strict, so that a misspelt key is a problem and nobody who decides unseen.
import { z } from "zod";
import { approverList } from "../../config/approver-list.ts";
import { PAIRED_CHANNELS, type PairedChannel } from "../../domain/channel.ts";
import { isReservedName } from "../../domain/person-name.ts";
import type { Phone } from "../../domain/tool-call.ts";

const MAX_PEOPLE = 100;
const MAX_ADDRESSES = 20;
const MAX_NAME = 40;
/** What a message can show as it is: nothing that formats, mentions or links. */
const NAME = /^\p{L}[\p{L}\p{M}\p{N}]*(?:[ .'-]{1,2}[\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*\.?$/u;

/** A number of Twilio's, or a channel on which a code binds this person's chat. */
export type WrittenAddress =
  | { readonly kind: "number"; readonly phone: Phone; readonly userId?: string | undefined }
  | { readonly kind: "paired"; readonly channel: PairedChannel };

const HOW =
  "must be a number such as +15005550006, or a channel on which a code binds the chat: telegram, whatsapp-agent";
const isPaired = (text: string): text is PairedChannel => PAIRED_CHANNELS.some((name) => name === text);

const address = z.string({ error: HOW }).transform((written, context): WrittenAddress => {
  const text = written.trim();
  if (isPaired(text)) return { kind: "paired", channel: text };
  const channel = PAIRED_CHANNELS.find((name) => text.startsWith(`${name}:`));
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (channel !== undefined)
    return refuse(`an address there comes from a code, never from this file: write ${channel}, then pair it`);
  const [entry, ...more] = approverList.safeParse(text).data ?? [];
  if (entry === undefined || more.length > 0) return refuse(HOW);
  return { kind: "number", phone: entry.phone as Phone, userId: entry.userId };
});

const person = z.strictObject({
  name: z
    .string({ error: "must be a name" })
    .transform((text) => text.normalize("NFC"))
    .refine((text) => text.length <= MAX_NAME && NAME.test(text), {
      error: `must be a name: letters first, then letters, digits, single blanks and . ' - between them, ${MAX_NAME} characters at most`,
    })
    .refine((text) => !isReservedName(text), { error: "is a word that messages use for something else" }),
  role: z.enum(["approve", "notify"], { error: "must be approve or notify" }).default("approve"),
  /** Asked or told only about these; left out: about all. */
  projects: z
    .array(
      z
        .string()
        .min(1, "is empty")
        .max(255)
        .refine((text) => !text.includes("/"), {
          error: "must be a project's name, the last part of its folder",
        }),
    )
    .min(1, "names no project: leave it out for all of them")
    .optional(),
  addresses: z.array(address).min(1, "names no address").max(MAX_ADDRESSES),
});

export const approversSchema = z.strictObject({
  /** For editors: where the schema of this file is. */
  $schema: z.string().max(1_000).optional(),
  version: z.literal(1, { error: "must be 1" }),
  people: z.array(person).min(1, "names nobody").max(MAX_PEOPLE),
});

export type WrittenPerson = z.infer<typeof person>;
