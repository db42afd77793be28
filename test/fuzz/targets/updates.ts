// What Twilio's API says of messages, as an answer that anything may stand in: only a message of our account, to our sender, from
// that very phone, with those words, in time, proves a reply or is one. The judge compares for itself.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { createInbox } from "../../../src/channels/twilio/receive/inbox.ts";
import { createReplyVerifier } from "../../../src/channels/twilio/receive/verify-reply.ts";
import type { Phone } from "../../../src/domain/tool-call.ts";
import { anyText, mutated } from "../inputs/text.ts";
import { target } from "../target.ts";

const ACCOUNT = `AC${"0".repeat(32)}`;
const SENDER = "whatsapp:+14155238886";
const PHONE = "+15005550006" as Phone;
const SID = `SM${"1".repeat(32)}`;
const NOW = 1_700_000_000_000;
const GOOD = {
  sid: SID,
  accountSid: ACCOUNT,
  direction: "inbound",
  from: `whatsapp:${PHONE}`,
  to: SENDER,
  body: "APPROVE kqmwa",
  sentAt: NOW,
};
type Message = typeof GOOD;
const CLAIMED = { id: SID, from: PHONE, text: GOOD.body, buttonId: undefined, ageMs: () => 60_000 };
const other = (good: string) => fc.oneof(mutated([good], 2), anyText);

/** Most of them are good but for one thing. */
const change: fc.Arbitrary<Partial<Message>> = fc.oneof(
  fc.constant({}),
  other(SID).map((sid) => ({ sid })),
  other(ACCOUNT).map((accountSid) => ({ accountSid })),
  fc
    .constantFrom("outbound-api", "outbound-reply", "Inbound", "inbound ", "")
    .map((direction) => ({ direction })),
  fc
    .oneof(other(GOOD.from), fc.constantFrom(PHONE, "whatsapp:+15005550009", "sms:+15005550006"))
    .map((from) => ({ from })),
  fc.oneof(other(SENDER), fc.constantFrom("+14155238886", "whatsapp:+14155238887")).map((to) => ({ to })),
  other(GOOD.body).map((body) => ({ body })),
  fc.integer({ min: -200_000, max: 200_000 }).map((ms) => ({ sentAt: NOW + ms })),
);
const clock = { now: () => NOW, monotonic: () => NOW, after: () => () => {}, every: () => () => {} };

const digits = (text: string) => text.replace(/\D/g, "");

export default target(
  "updates",
  "messages as Twilio's API tells them → proofs, and replies that are fetched",
  15,
  () => ({
    waits: true as const,
    input: fc.record({
      changes: fc.array(change, { maxLength: 2 }),
      more: fc.array(change, { maxLength: 3 }),
      button: fc.constantFrom(
        undefined,
        undefined,
        "approve:kqmwa",
        "deny:kqmwa",
        "session:kqmwa",
        "answer:kqmwa:1:2",
      ),
    }),
    async check({ changes, more, button }) {
      const message: Message = Object.assign({}, GOOD, ...changes);
      const verifier = createReplyVerifier({
        fetchMessage: async () => ({ kind: "found", message, servedAt: NOW }),
        accountSid: ACCOUNT,
        sender: SENDER,
        findApprover: (sender) => (sender === PHONE ? PHONE : undefined),
        titles: [] as never,
        clock: clock as never,
      });
      const claim = { ...CLAIMED, buttonId: button };
      const verdict = await verifier.verify(claim as never, new AbortController().signal);
      const isThat =
        message.sid === SID &&
        message.accountSid === ACCOUNT &&
        message.direction === "inbound" &&
        message.from === `whatsapp:${PHONE}` &&
        message.to.startsWith("whatsapp:") &&
        digits(message.to) === digits(SENDER) &&
        message.body === GOOD.body &&
        message.sentAt >= NOW - 60_000 - 5_000;
      if (verdict.kind === "genuine") assert.ok(isThat, "another message proves the reply");
      else if (button === undefined)
        assert.ok(!isThat || message.to !== SENDER, "the very message proves nothing");
      const instances = [message, ...more.map((each) => ({ ...GOOD, ...each }))].map(
        ({ sentAt, ...each }) => ({
          ...each,
          dateSent: new Date(sentAt),
          dateCreated: null,
        }),
      );
      const page = async () => ({ instances });
      const inbox = createInbox({ api: { page, getPage: page }, accountSid: ACCOUNT, from: SENDER });
      const found = await inbox.since(PHONE, NOW - 60_000);
      const mine = instances.filter(
        ({ accountSid, direction, from, to }) =>
          accountSid === ACCOUNT && direction === "inbound" && from === `whatsapp:${PHONE}` && to === SENDER,
      );
      for (const { id, text, from } of found) {
        assert.equal(from, PHONE);
        assert.ok(
          mine.some(({ sid, body }) => sid === id && body === text),
          "somebody else's words are taken in",
        );
      }
    },
  }),
);
