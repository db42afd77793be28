// Signatures and parameters of webhooks: only what was signed with our token for our address counts, and only for our account
// and sender. The judge computes Twilio's signature by itself.
import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { readWebhook, toReceipt } from "../../../src/channels/twilio/receive/read-webhook.ts";
import { isSignedByTwilio } from "../../../src/channels/twilio/receive/signature.ts";
import { anyText, mutated } from "../inputs/text.ts";
import { anyValue } from "../inputs/value.ts";
import { target } from "../target.ts";

const TOKEN = "t".repeat(32);
const BASE = "https://tunnel.example.com";
const PATH = "/twilio-webhook";
const ACCOUNT = `AC${"0".repeat(32)}`;
const SENDER = "whatsapp:+14155238886";
const REPLY = {
  AccountSid: ACCOUNT,
  MessageSid: `SM${"1".repeat(32)}`,
  From: "whatsapp:+15005550006",
  To: SENDER,
  Body: "APPROVE kqmwa",
  WaId: "15005550006",
  ButtonPayload: "approve:kqmwa",
};
const RECEIPT = {
  AccountSid: ACCOUNT,
  MessageSid: "SM2",
  From: SENDER,
  To: "whatsapp:+15005550006",
  MessageStatus: "failed",
  ErrorCode: "63016",
};

function signed(url: string, params: Readonly<Record<string, unknown>>, token: string): string {
  const text = Object.keys(params)
    .sort()
    .reduce((all, key) => all + key + String(params[key]), url);
  return createHmac("sha1", token).update(text).digest("base64");
}

const name = fc.oneof(
  fc.constantFrom(...Object.keys(REPLY), "MessageStatus", "ErrorCode", "MessageType", "__proto__", "ListId"),
  anyText,
);
const input = fc.record({
  good: fc.constantFrom<Readonly<Record<string, string>>>(REPLY, RECEIPT),
  changes: fc.array(
    fc.tuple(
      name,
      fc.oneof(anyText, mutated(Object.values(REPLY), 2), fc.constantFrom("sent", "read", "delivered", "x")),
    ),
    { maxLength: 2 },
  ),
  /** What happens to it on its way. */
  way: fc.constantFrom("kept", "kept", "changed", "other token", "other address", "other signature", "none"),
  signature: anyText,
  odd: anyValue,
});

export default target(
  "webhook",
  "a webhook's signature and parameters → a reply, a receipt or nothing",
  20,
  () => ({
    input,
    check({ good, changes, way, signature: other, odd }) {
      const params: Record<string, string> = { ...good, ...Object.fromEntries(changes) };
      const target = way === "other address" ? `${PATH}?x=1` : PATH;
      const right = signed(BASE + PATH, params, way === "other token" ? "u".repeat(32) : TOKEN);
      const sent = way === "other signature" ? other : way === "none" ? undefined : right;
      const arrived = way === "changed" ? { ...params, Body: `${params["Body"]}!` } : params;
      const check = { publicUrl: BASE, authTokens: [TOKEN] };
      const isSigned = isSignedByTwilio(check, target, sent, arrived);
      assert.equal(
        isSigned,
        way === "kept" || (way === "other signature" && other === right),
        `${way}: ${isSigned}`,
      );
      assert.equal(
        isSignedByTwilio({ ...check, authTokens: [""] }, target, signed(BASE + target, arrived, ""), arrived),
        false,
      );
      const event = readWebhook(params, { accountSid: ACCOUNT, sender: SENDER }, 0);
      if (event.kind === "reply") {
        assert.equal(params["AccountSid"], ACCOUNT);
        assert.equal(params["To"]?.replace(/\D/g, ""), SENDER.replace(/\D/g, ""), "it is for somebody else");
        assert.equal(`whatsapp:${event.reply.from}`, params["From"], "somebody else has written it");
        assert.equal(event.reply.text, params["Body"] ?? "");
      }
      if (event.kind === "receipt") assert.equal(params["AccountSid"], ACCOUNT);
      readWebhook(odd, { accountSid: ACCOUNT, sender: SENDER }, 0);
      toReceipt("SM", JSON.stringify(odd), Number(JSON.stringify(odd)), 0);
    },
    growth: [
      {
        name: "many parameters",
        from: 1_000,
        run: (size: number) => {
          const many = Object.fromEntries(Array.from({ length: size }, (_, at) => [`p${at}`, "x"]));
          return isSignedByTwilio(
            { publicUrl: BASE, authTokens: [TOKEN] },
            PATH,
            signed(BASE + PATH, many, TOKEN),
            many,
          );
        },
      },
      {
        name: "slashes in the address",
        from: 2_000,
        run: (size: number) =>
          isSignedByTwilio({ publicUrl: BASE, authTokens: [TOKEN] }, "/".repeat(size), "x", {}),
      },
    ],
  }),
);
