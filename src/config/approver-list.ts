// `APPROVAL_PHONE`: the people who may approve, each by a number and, where it is named, by WhatsApp's id of that user.
import { z } from "zod";
import { isSameNumber, isUserId } from "../domain/phone-number.ts";

interface ApproverEntry {
  readonly phone: string;
  /** WhatsApp's id of the user, for one who hides the number. */
  readonly userId?: string | undefined;
}

/** `+49…,+1…=whatsapp:US.…`. Each person once, in whichever form the number is given. */
export const approverList = z
  .string()
  .transform((text) => text.split(",").map(readEntry))
  .pipe(
    z.array(
      z.object({
        phone: z.e164("must be numbers with + and country code, e.g. +15005550006, separated by commas"),
        userId: z
          .string()
          .refine(
            isUserId,
            "what stands behind = must be WhatsApp's id of that user, e.g. whatsapp:US.13491208",
          )
          .optional(),
      }),
    ),
  )
  .refine(isOneToOne, "names one id for two numbers, or two ids for one number")
  .transform(onceEach);

function readEntry(text: string): ApproverEntry {
  const [phone = "", ...userId] = text.split("=");
  if (userId.length === 0) return { phone: plainNumber(phone) };
  return {
    phone: plainNumber(phone),
    userId: userId
      .join("=")
      .trim()
      .replace(/^whatsapp:/, ""),
  };
}

/** Takes away what people write between digits, but not "(0)": that is a digit which must not be dialled. */
function plainNumber(text: string): string {
  const number = text.trim().replace(/^whatsapp:/, "");
  return /\(\s*0\s*\)/.test(number) ? number : number.replaceAll(/[\s()-]/g, "");
}

function isOneToOne(entries: readonly ApproverEntry[]): boolean {
  const named = entries.filter(({ userId }) => userId !== undefined);
  return named.every((one) =>
    named.every((other) => (one.userId === other.userId) === isSameNumber(one.phone, other.phone)),
  );
}

function onceEach(entries: readonly ApproverEntry[]): readonly ApproverEntry[] {
  const samePerson = (phone: string) => entries.filter((entry) => isSameNumber(entry.phone, phone));
  return entries
    .filter((entry) => samePerson(entry.phone)[0] === entry)
    .map(({ phone }) => ({ phone, userId: samePerson(phone).find(({ userId }) => userId)?.userId }));
}
