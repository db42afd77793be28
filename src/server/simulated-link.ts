// The simulated phone, and the small Twilio in front of it. Loaded where there is no account.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createContentApi } from "../channels/twilio/templates/content-api.ts";
import type { ContentApi } from "../channels/twilio/templates/ensure-templates.ts";
import { openLiveTemplates } from "../channels/twilio/templates/live-templates.ts";
import { createQuestionLists } from "../channels/twilio/templates/question-lists.ts";
import type { MessageTemplate } from "../channels/twilio/templates/template.ts";
import { createTwilioTime } from "../channels/twilio/twilio-time.ts";
import { createSimulator } from "../simulator/create-simulator.ts";
import type { PhoneApp } from "../simulator/phone/phone-app.ts";
import { portError } from "./listener.ts";
import { openClient, type PhoneLink, type PhoneLinkDeps } from "./phone-link-contract.ts";

interface SimulatedPhone {
  readonly port: number;
  readonly from: string;
  readonly chatFile: string;
  /** How long its messages are kept there, ms; undefined: as long as there is room. */
  readonly chatKeptMs: number | undefined;
  /** The apps of its page, from its own one. */
  readonly apps: (own: PhoneApp) => readonly PhoneApp[];
}

export async function openSimulated(
  { port, from, ...chat }: SimulatedPhone,
  phones: readonly string[],
  templates: readonly MessageTemplate[],
  { clock, root, webhookUrl, log, openSimulator = createSimulator }: PhoneLinkDeps,
): Promise<PhoneLink> {
  // An account made up for this run: nothing that is signed with it is valid in another.
  const accountSid = `AC${randomBytes(16).toString("hex")}`;
  const authToken = randomBytes(16).toString("hex");
  const pageDir = join(root, "public", "phone");
  const simulator = await openSimulator({
    accountSid,
    authToken,
    sender: from,
    phones,
    webhookUrl: () => webhookUrl,
    pageDir,
    port,
    ...chat,
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall === "listen" ? portError("SIMULATOR_PORT", "127.0.0.1", port, error) : error;
  });
  const twilioTime = createTwilioTime(clock, log);
  const client = openClient({
    accountSid,
    authToken,
    baseUrl: simulator.url,
    onTwilioTime: twilioTime.note,
  });
  const lists = createQuestionLists(client, log);
  const overWire = createContentApi(client);
  const { makeContent } = simulator;
  let isNew = true;
  // What a new account is given needs no wire, and no SDK to write to it.
  const direct: Partial<ContentApi> | undefined = makeContent && {
    list: async () => (isNew ? [] : overWire.list()),
    async create(payload) {
      isNew = false;
      return makeContent(payload);
    },
  };
  // Its templates live as long as it does.
  const known = { read: async () => new Map<string, string>(), remember: async () => {} };
  const live = await openLiveTemplates({
    api: { ...overWire, ...direct },
    known,
    templates,
    namedSids: {},
    clock,
    log,
  });
  return {
    accountSid,
    authTokens: [authToken],
    webhookTokens: [authToken],
    from,
    client,
    twilioTime,
    sendIntervalMs: 0,
    ports: [Number(new URL(simulator.url).port)],
    templates: live,
    lists,
    simulator,
    close: async () => {
      live.stop();
      await lists.idle();
      await simulator.close();
    },
  };
}
