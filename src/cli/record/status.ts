// `npm run status`: how the running server stands.
import { z } from "zod";
import { CHANNEL_TITLES, CHANNELS } from "../../domain/channel.ts";
import { count } from "../../domain/names.ts";
import { agoText } from "../../domain/time-words.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import { callServer, localAddress, ServerError } from "../local-client.ts";
import { createPaint } from "../paint.ts";
import { readClientConfig } from "../settings.ts";
import { jsonLine, safeLine } from "./lines.ts";
import { readServer } from "./source.ts";

const phoneSchema = z.object({
  phone: z.string(),
  window: z.string(),
  windowClosesAt: z.string().optional(),
  sandboxExpiresAt: z.string().optional(),
});
const channelSchema = z.object({
  channel: z.enum(CHANNELS),
  state: z.string(),
  bound: z.number(),
  approving: z.number(),
});
const statusSchema = z.looseObject({
  now: z.string(),
  up_since: z.string(),
  mode: z.object({ kind: z.string(), by: z.string().optional(), until: z.string().optional() }),
  waiting: z.array(
    z.object({
      id: z.string(),
      tool: z.string(),
      summary: z.string(),
      project: z.string().optional(),
      left_s: z.number(),
    }),
  ),
  status: z.string().optional(),
  problem: z.string().optional(),
  version: z.string().optional(),
  policy: z.string().optional(),
  approvers: z.array(phoneSchema).default([]),
  /** "none" where WhatsApp by Twilio is not used: its numbers are asked by nobody then. */
  phone: z.string().optional(),
  /** The channels beside Twilio's. */
  channels: z.array(channelSchema).default([]),
  grants: z
    .array(z.object({ id: z.string(), summary: z.string(), left_s: z.number(), uses: z.number() }))
    .optional(),
  sent: z
    .object({ sender: z.string(), today: z.number(), month: z.number(), free_a_month: z.number().optional() })
    .optional(),
});
type ServerStatus = z.infer<typeof statusSchema>;

export async function status({ options }: CommandInput, context: CommandContext): Promise<number> {
  const config = await readClientConfig(context);
  const isJson = options["json"] === true;
  try {
    const state = await callServer(async () =>
      statusSchema.parse(await readServer("status", config, context)),
    );
    const isWell = (state.status ?? "ok") === "ok" && state.mode.kind === "open" && mayAnybodyApprove(state);
    if (isJson) context.out(jsonLine({ running: true, well: isWell, ...state }));
    else context.out(statusText(state, localAddress(config).url, context));
    return isWell ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (isJson && error instanceof ServerError) {
      context.out(jsonLine({ running: false, well: false, problem: error.message, advice: error.advice }));
      return EXIT.failed;
    }
    throw error;
  }
}

function statusText(state: ServerStatus, url: string, { colours }: CommandContext): string {
  const paint = createPaint(colours.out);
  const now = Date.parse(state.now);
  const { problem, version, mode, waiting, grants, approvers, channels, policy, sent } = state;
  const row = (name: string, text: string, isWrong = false) =>
    `${paint("dim", name.padEnd(9))} ${isWrong ? paint("red", text) : text}\n`;
  const nobody = !mayAnybodyApprove(state);
  const openText = nobody
    ? "nobody may approve yet: everything that asks is denied"
    : "requests are sent to the phone";
  const modeText = mode.kind === "open" ? openText : `${mode.kind} by ${mode.by}: everything is denied`;
  const until = mode.until === undefined ? "" : ` for ${agoText(Date.parse(mode.until) - now)} more`;
  return [
    row(
      "Server",
      safeLine(
        `up for ${agoText(now - Date.parse(state.up_since))} at ${url}${version === undefined ? "" : `, version ${version}`}`,
      ),
    ),
    ...(problem === undefined ? [] : [row("Record", safeLine(`cannot be written: ${problem}`), true)]),
    row("Mode", safeLine(modeText + until), nobody || mode.kind !== "open"),
    ...approvers.map((phone) => row("Phone", safeLine(phoneText(phone, now)), phone.window === "closed")),
    ...channels.map((each) => row("Phone", safeLine(channelText(each)), each.bound === 0)),
    ...(policy === undefined ? [] : [row("Policy", safeLine(policy))]),
    ...(grants === undefined
      ? []
      : [row("Grants", grants.length === 0 ? "none" : count(grants.length, "grant"))]),
    ...(grants ?? []).map(({ id, summary, left_s, uses }) =>
      row("", safeLine(`${id}: ${summary}, ${agoText(left_s * 1000)} left, used ${count(uses, "time")}`)),
    ),
    ...(sent === undefined ? [] : [row("Messages", sentText(sent))]),
    row("Waiting", waiting.length === 0 ? "nothing" : count(waiting.length, "request")),
    ...waiting.map(({ id, tool, summary, project, left_s }) =>
      row(
        "",
        safeLine(
          `${id}: ${tool}${project === undefined ? "" : ` in ${project}`}: ${summary} (${agoText(left_s * 1000)} left)`,
        ),
      ),
    ),
  ].join("");
}

/** A number of Twilio's that is set, or a chat that is bound. A server that says nothing of channels has no other. */
function mayAnybodyApprove({ phone, approvers, channels }: ServerStatus): boolean {
  return (
    channels.length === 0 ||
    (approvers.length > 0 && phone !== "none") ||
    channels.some(({ approving }) => approving > 0)
  );
}

function channelText({ channel, state, bound }: z.infer<typeof channelSchema>): string {
  const chats = bound === 0 ? "nobody is bound" : `${count(bound, "chat")} bound`;
  return `${CHANNEL_TITLES[channel]}: ${chats}, ${state}`;
}

function phoneText(
  { phone, window, windowClosesAt, sandboxExpiresAt }: z.infer<typeof phoneSchema>,
  now: number,
) {
  const left = (at: string) => agoText(Date.parse(at) - now);
  const isOver = (at: string) => Date.parse(at) <= now;
  const sandbox =
    sandboxExpiresAt === undefined
      ? ""
      : isOver(sandboxExpiresAt)
        ? "; its 3 days in the Sandbox are over: send join again"
        : `; in the Sandbox for ${left(sandboxExpiresAt)} more`;
  if (window === "unknown") return `${phone}: has not written yet${sandbox}`;
  const open = windowClosesAt === undefined ? "open" : `open for ${left(windowClosesAt)} more`;
  return `${phone}: window ${window === "open" ? open : "closed: it has to write first"}${sandbox}`;
}

function sentText({ sender, today, month, free_a_month: free }: NonNullable<ServerStatus["sent"]>): string {
  const counts = `${today.toLocaleString("en-US")} sent today, ${month.toLocaleString("en-US")} this month`;
  if (sender === "simulated") return `${counts} (simulated)`;
  if (free === undefined) return counts;
  return `${counts}; Meta is said to charge none of about the first ${free.toLocaleString("en-US")} of a sender and month`;
}
