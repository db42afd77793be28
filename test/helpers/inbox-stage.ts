// A reader of Twilio's message list over a simulated Twilio, a real SDK, store, gate and conversation, on a fake clock.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createInbox, type Inbox } from "../../src/channels/twilio/receive/inbox.ts";
import { createInboxReader, type InboxReader } from "../../src/channels/twilio/receive/inbox-reader.ts";
import { createContentApi } from "../../src/channels/twilio/templates/content-api.ts";
import { ensureTemplates } from "../../src/channels/twilio/templates/ensure-templates.ts";
import {
  contentVariables,
  parseTemplateConfig,
  withIdInTitles,
} from "../../src/channels/twilio/templates/template-config.ts";
import { createTwilioTime } from "../../src/channels/twilio/twilio-time.ts";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import { createModeKeeper } from "../../src/core/mode.ts";
import { createPhoneCommandRunner } from "../../src/core/phone-commands.ts";
import type { ReplyHandler } from "../../src/core/reply-contract.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createGateStage, type GateStageOptions, PHONE } from "./gate-stage.ts";
import { createTestReplies } from "./reply-handler.ts";
import { ACCOUNT, SENDER, startWorld } from "./simulator-world.ts";

export const OTHER = "+15005550009" as Phone;
const CONFIG = fileURLToPath(new URL("../../template_config.json", import.meta.url));

export interface ReaderOptions {
  readonly hasWebhook?: boolean;
  readonly approvers?: readonly Phone[];
}

export interface InboxStageOptions extends GateStageOptions {
  /** How far this machine's clock is ahead of Twilio's, ms. */
  readonly aheadMs?: number;
}

export async function createInboxStage({ aheadMs = 0, ...options }: InboxStageOptions = {}) {
  const stage = createGateStage(options);
  const { gate, grants, store, clock, log } = stage;
  const { simulator, client } = await startWorld({
    phones: [PHONE, OTHER],
    now: () => clock.now() - aheadMs,
  });
  const templates = parseTemplateConfig(readFileSync(CONFIG, "utf8"));
  const told: { to: Phone; text: string }[] = [];
  const messenger = {
    ask: async () => [],
    tell: async (to: Phone, notice: Notice) => `SM${told.push({ to, text: renderNotice(notice) })}`,
  };
  const mode = await createModeKeeper(store, clock, log);
  const run = createPhoneCommandRunner({ gate, mode, grants, clock });
  const reads: Promise<unknown>[] = [];
  const real = createInbox({ api: client.messages, accountSid: ACCOUNT, from: SENDER });
  const twilioTime = createTwilioTime(clock, log);
  let held: Promise<void> = Promise.resolve();
  const inbox: Inbox = {
    since(...args) {
      const read = Promise.all([real.since(...args), held]).then(([messages]) => {
        twilioTime.note(clock.now() - aheadMs);
        return messages;
      });
      reads.push(read);
      return read;
    },
  };

  /** Waits until every reading that has begun is over and what it brought has been handled. */
  async function settle(): Promise<void> {
    for (let before = -1; before !== reads.length; ) {
      before = reads.length;
      await Promise.allSettled(reads);
      await clock.advance(0);
    }
  }

  return {
    ...stage,
    simulator,
    client,
    inbox,
    real,
    templates,
    told,
    settle,
    /** Keeps what is read from arriving until the returned function is called. */
    holdReads(): () => void {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    /** How often Twilio's list was asked for. */
    readCount: () => reads.length,
    async tick(ms: number) {
      await clock.advance(ms);
      await settle();
    },
    async createReader({
      hasWebhook = false,
      approvers = [PHONE],
    }: ReaderOptions = {}): Promise<InboxReader & { readonly replyHandler: ReplyHandler }> {
      const phones = approvers;
      const parts = { phones, gate, store, messenger, clock, log, run };
      const { replyHandler } = await createTestReplies(parts);
      const reader = createInboxReader({
        inbox,
        approvers,
        templates,
        replyHandler,
        messenger,
        store,
        clock,
        twilioTime,
        log,
        hasWebhook,
        hasWaiting: () => gate.waiting().length > 0,
        isPaused: () => mode.current().kind === "paused",
      });
      return { ...reader, replyHandler };
    },
    /** Sends a request with three buttons; with ids in their titles, as without a webhook. @returns its SID. */
    async sendButtons(id: string, titles: "with id" | "plain" = "with id"): Promise<string> {
      const plain = templates.find(({ key }) => key === "command_session");
      if (plain === undefined) throw new Error("template_config.json has no command_session");
      const template = titles === "plain" ? plain : withIdInTitles(plain);
      const sids = await ensureTemplates(createContentApi(client), [template]);
      const samples = Object.fromEntries(template.variables.map(({ name, sample }) => [name, sample]));
      const message = await client.messages.create({
        to: `whatsapp:${PHONE}`,
        from: SENDER,
        contentSid: sids.get(template.key)?.sid ?? "",
        contentVariables: JSON.stringify(contentVariables(template, { ...samples, id })),
      });
      return message.sid;
    },
  };
}
