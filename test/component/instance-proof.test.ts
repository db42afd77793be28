// What a process that asks both listeners learns: whether the same server is behind them, and nothing else.
import { randomBytes } from "node:crypto";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { keep } from "../../src/store/open-database.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";
import { sign } from "../helpers/sign.ts";

const REACHABLE = "The approval server is reachable here. Twilio posts to this address.\n";
const challenge = () => randomBytes(24).toString("base64url");

async function proofs({ server }: ServerStage, asked: string) {
  const query = `?challenge=${encodeURIComponent(asked)}`;
  const outside = await (await fetch(server.webhookUrl + query)).text();
  const local = (await (await fetch(`${server.localUrl}/health${query}`)).json()) as { proof?: string };
  return { outside, local: local.proof };
}

function checkParams({ phone }: ServerStage): Record<string, string> {
  return {
    AccountSid: phone.accountSid,
    MessageSid: `SM${"0".repeat(32)}`,
    From: "whatsapp:+14155238886",
    To: "whatsapp:+15005550006",
    MessageStatus: "approval-server-check",
  };
}

it("both listeners of one server give the same proof, anew for each challenge", async () => {
  const stage = await startStage();
  const [one, other] = [await proofs(stage, challenge()), await proofs(stage, challenge())];
  expect(one.local).toMatch(/^[0-9a-f]{64}$/);
  expect(one.outside).toBe(`${REACHABLE}Proof: ${one.local}\n`);
  expect(other.local).not.toBe(one.local);
});

it("two servers give different proofs of the same challenge", async () => {
  const asked = challenge();
  const [one, other] = [await startStage(), await startStage()];
  expect((await proofs(one, asked)).local).not.toBe((await proofs(other, asked)).local);
});

it.each(["", "short", "x".repeat(65), "a b".repeat(10), "<script>alert(1)</script>aaaa"])(
  "what is no challenge gets the plain answer: %j",
  async (asked) => {
    const { local, outside } = await proofs(await startStage(), asked);
    expect({ local, outside }).toEqual({ local: undefined, outside: REACHABLE });
  },
);

it("several challenges at once get the plain answer", async () => {
  const { server } = await startStage();
  const answer = await fetch(`${server.webhookUrl}?challenge=${challenge()}&challenge=${challenge()}`);
  expect(await answer.text()).toBe(REACHABLE);
});

it("a signed check comes through and leaves no trace in the database; with another token it is refused", async () => {
  const stage = await startStage();
  const params = checkParams(stage);
  const post = (headers: Record<string, string>) =>
    fetch(stage.server.webhookUrl, { method: "POST", headers, body: new URLSearchParams(params) });
  expect((await post(sign(stage, params))).status).toBe(200);
  const refused = await post({ "x-twilio-signature": "bm90IGEgc2lnbmF0dXJl" });
  expect(refused.status).toBe(403);
  const database = keep(new Database(stage.databasePath, { readonly: true }));
  for (const table of ["receipts", "inbound", "contacts"]) {
    expect(keep(database.prepare(`SELECT count(*) FROM ${table}`).pluck()).get()).toBe(0);
  }
  database.close();
});

it("the log says which address a refused signature was compared with, and the answer does not", async () => {
  const stage = await startStage();
  const answer = await fetch(`${stage.server.webhookUrl}?x=\u202e1`, { method: "POST" });
  expect(await answer.text()).toBe("invalid signature\n");
  expect(stage.log.text()).toContain(`${stage.server.webhookUrl}?x=`);
  expect(stage.log.text()).not.toContain("\u202e");
});
