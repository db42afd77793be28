// The list of messages: Twilio's filters, newest first, in Twilio's page envelope.
import { z } from "zod";
import type { ChatEntry } from "../chat.ts";
import { type AlterResource, messageResource } from "./message-resource.ts";
import { pageOf } from "./paging.ts";
import { TwilioError } from "./twilio-error.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const SECOND_MS = 1000;

const filterSchema = z.object({
  From: z.string().optional(),
  To: z.string().optional(),
  DateSent: z.string().optional(),
  "DateSent>": z.string().optional(),
  "DateSent<": z.string().optional(),
});

/**
 * @param entries oldest first.
 * @throws TwilioError 20001 for a query that cannot be read.
 */
export function messageList(
  accountSid: string,
  entries: readonly ChatEntry[],
  query: Readonly<Record<string, unknown>>,
  alter: AlterResource = (resource) => resource,
) {
  const parsed = filterSchema.safeParse(query);
  if (!parsed.success) throw new TwilioError(400, 20001);
  const { From: from, To: to, DateSent: on, "DateSent>": since, "DateSent<": until } = parsed.data;
  const bounds = {
    from: Math.max(on === undefined ? -Infinity : spanOf(on.slice(0, 10)).start, startOf(since)),
    to: Math.min(on === undefined ? Infinity : spanOf(on.slice(0, 10)).end, endOf(until)),
  };
  const matching = entries.filter((entry) => {
    const at = entry.sentAt ?? entry.message.at;
    const addressed = (from ?? entry.from) === entry.from && (to ?? entry.to) === entry.to;
    return addressed && at >= bounds.from && at < bounds.to;
  });
  const page = pageOf(matching.reverse(), (entry) => entry.message.sid, query);
  const base = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  return {
    messages: page.items.flatMap((entry) => alter(messageResource(accountSid, entry)) ?? []),
    page: page.page,
    page_size: page.pageSize,
    start: page.start,
    end: page.start + Math.max(0, page.items.length - 1),
    uri: `${base}?${page.self}`,
    first_page_uri: `${base}?${page.first}`,
    next_page_uri: page.next === undefined ? null : `${base}?${page.next}`,
    previous_page_uri: null,
  };
}

function startOf(text: string | undefined): number {
  return text === undefined ? -Infinity : spanOf(text).start;
}

function endOf(text: string | undefined): number {
  return text === undefined ? Infinity : spanOf(text).end;
}

// A date is the whole day, a time the whole second, both in UTC and with both ends included.
function spanOf(text: string): { start: number; end: number } {
  const start = Date.parse(text);
  if (Number.isNaN(start)) throw new TwilioError(400, 20001, "Invalid date");
  return { start, end: start + (text.length === 10 ? DAY_MS : SECOND_MS) };
}
