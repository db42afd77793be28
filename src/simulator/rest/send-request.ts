// Reads the form that sends a message and refuses at once what Twilio refuses at once.

import { z } from "zod";
import { parsedUrl } from "../../domain/parsed-url.ts";
import { isAddress, phoneOf } from "../address.ts";
import type { ContentStore } from "../content/content-store.ts";
import { parseContentVariables } from "../content/content-variables.ts";
import { type Rendered, render } from "../content/render.ts";
import type { Phones } from "../phones.ts";
import { TwilioError } from "./twilio-error.ts";

const MAX_BODY = 1600;

const formSchema = z.object({
  To: z.string().default(""),
  From: z.string().default(""),
  Body: z.string().default(""),
  ContentSid: z.string().default(""),
  ContentVariables: z.string().default(""),
  StatusCallback: z.string().default(""),
  ValidityPeriod: z.coerce.number().int().min(1).max(36_000).optional(),
});
type SendForm = z.infer<typeof formSchema>;

/** A message that Twilio accepts. */
export interface SendRequest extends Rendered {
  readonly to: string;
  readonly from: string;
  readonly approvedTemplate: boolean;
  readonly statusCallback?: string | undefined;
}

/**
 * @param form the parsed urlencoded body.
 * @throws TwilioError with the code that Twilio would answer.
 */
export function parseSendRequest(
  form: unknown,
  deps: { readonly sender: string; readonly phones: Phones; readonly contents: ContentStore },
): SendRequest {
  const parsed = formSchema.safeParse(form ?? {});
  if (!parsed.success) throw new TwilioError(400, 20001);
  const send = parsed.data;
  if (send.To === "") throw new TwilioError(400, 21604);
  if (!isAddress(send.To)) throw new TwilioError(400, 21211, `Invalid 'To' Phone Number: ${send.To}`);
  if (send.From === "") throw new TwilioError(400, 21603);
  if (send.From !== deps.sender) throw new TwilioError(400, 63007);
  if (deps.phones.isOptedOut(phoneOf(send.To))) throw new TwilioError(400, 21610);
  const statusCallback = parseStatusCallback(send.StatusCallback);
  return {
    ...parseContent(send, deps.contents),
    to: send.To,
    from: send.From,
    statusCallback,
  };
}

function parseContent(send: SendForm, contents: ContentStore): Rendered & { approvedTemplate: boolean } {
  if (send.ContentSid === "") {
    if (send.ContentVariables !== "") throw new TwilioError(400, 21654);
    if (send.Body === "") throw new TwilioError(400, 21619);
    return { ...plain(send.Body), approvedTemplate: false };
  }
  const content = contents.find(send.ContentSid);
  if (content === undefined) throw new TwilioError(400, 21655);
  const variables = send.ContentVariables === "" ? new Map() : parseContentVariables(send.ContentVariables);
  if (variables === undefined) throw new TwilioError(400, 21656);
  const rendered = render(content, variables);
  const approvedTemplate = content.approval?.status === "approved";
  return { ...(rendered.buttons.length === 0 ? plain(rendered.body) : rendered), approvedTemplate };
}

function plain(body: string): Rendered {
  if (body.length > MAX_BODY) throw new TwilioError(400, 21617);
  return { body, buttons: [] };
}

// Twilio refuses hosts with an underscore; it would refuse loopback too, but that is where the simulator reports to.
function parseStatusCallback(text: string): string | undefined {
  if (text === "") return undefined;
  const url = parsedUrl(text);
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  if (url === undefined || !isWeb || url.hostname.includes("_")) throw new TwilioError(400, 21609);
  return text;
}
