// Two people over real channels for what carries a warning: what each phone reads, and that both answers are proven.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AGENT, type ChannelStage, startChannelStage, TELEGRAM } from "../helpers/channel-stage.ts";
import { callTool, startStage } from "../helpers/server-stage.ts";
import { sign } from "../helpers/sign.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const RISKY = {
  tool_name: "Bash",
  input: { command: "rm -rf ./build", description: "Delete the build" },
  tool_use_id: "toolu_1",
};

function policyFile(): string {
  const path = join(temporaryFolder(), "policy.json");
  writeFileSync(path, JSON.stringify({ version: 1, quorum: 2 }), { mode: 0o600 });
  return path;
}

const PEOPLE = [
  { name: "Ada", addresses: ["telegram"] },
  { name: "Bob", addresses: ["whatsapp-agent"] },
];

const start = (people: readonly object[] = PEOPLE) =>
  startChannelStage({
    channels: "telegram,whatsapp-agent",
    env: { APPROVAL_POLICY: policyFile() },
    bound: { [TELEGRAM]: "Ada", [AGENT]: "Bob" },
    people,
  });

async function asked({ telegram }: ChannelStage) {
  const request = () => telegram.chat().findLast(({ keyboard }) => keyboard.length > 0);
  await expect.poll(request).toBeDefined();
  const { id, text } = request()!;
  return { message: id, text, id: /Request ID:\*? ?([a-z]{5})/.exec(text)?.[1] ?? "none" };
}

const onAda = (stage: ChannelStage, words: string) =>
  expect
    .poll(() => stage.telegram.chat().map(({ text }) => text))
    .toContainEqual(expect.stringContaining(words));
const onBob = (stage: ChannelStage, words: string) =>
  expect
    .poll(() => stage.agent.chat().map(({ text }) => text))
    .toContainEqual(expect.stringContaining(words));

it("says beforehand that two are needed, and offers no Session", async () => {
  const stage = await start();
  const answer = callTool(stage.server, RISKY);
  const { message, id, text } = await asked(stage);
  expect(text).toContain("2 people must approve this");
  expect(text).not.toContain("Session");
  stage.telegram.tap(message, `deny:${id}`);
  expect(await answer).toMatchObject({ behavior: "deny" });
});

it("tells both phones after the first one, and lets it run after the second", async () => {
  const stage = await start();
  const answer = callTool(stage.server, RISKY);
  const { message, id } = await asked(stage);
  stage.telegram.tap(message, `approve:${id}`);
  await onAda(stage, "your approval counts. 1 of 2 has approved; one more is needed, and nothing has run");
  stage.telegram.write(`approve ${id}`);
  await onAda(stage, "Somebody else must approve it too");
  await onBob(stage, "Ada has approved it. 1 of 2 has approved; one more is needed");
  stage.agent.write(`approve ${id}`);
  expect(await answer).toMatchObject({ behavior: "allow" });
  await onAda(stage, `${id} approved by Ada and Bob`);
});

it("denies at once where the project has one approver only, and the start has said so", async () => {
  const stage = await start([PEOPLE[0]!, { ...PEOPLE[1]!, role: "approve", projects: ["web-shop"] }]);
  expect(stage.log.text()).toContain("fewer could approve for requests without a project");
  expect(await callTool(stage.server, RISKY)).toMatchObject({
    behavior: "deny",
    message: expect.stringContaining("only 1 could be asked"),
  });
  expect(stage.telegram.chat()).toEqual([]);
});

it("proves each of the two approvals that come by webhook: a signed one that Twilio does not have is none", async () => {
  const [ada, bob] = ["+15005550006", "+15005550009"];
  const stage = await startStage({
    env: { APPROVAL_POLICY: policyFile(), APPROVAL_PHONE: `${ada},${bob}` },
  });
  const { server, phone } = stage;
  const answer = callTool(server, RISKY);
  const requests = () => phone.messages().filter(({ buttons }) => buttons.length > 0);
  await expect.poll(() => requests().length).toBe(2);
  const id = /\*Request ID:\* (\w+)/.exec(requests()[0]?.body ?? "")?.[1] ?? "";
  await phone.type(`approve ${id}`, { from: ada });
  await stage.told("your approval counts");
  const params = {
    ...{ AccountSid: phone.accountSid, From: `whatsapp:${bob}`, To: "whatsapp:+14155238886" },
    ...{
      WaId: bob.slice(1),
      SmsStatus: "received",
      Body: `approve ${id}`,
      MessageSid: `SM${"f".repeat(32)}`,
    },
  };
  const body = new URLSearchParams(params);
  await fetch(server.webhookUrl, { method: "POST", headers: sign(stage, params), body });
  await expect.poll(() => stage.log.text()).toContain("Twilio has no such message");
  const health = (await (await fetch(`${server.localUrl}/health`)).json()) as { waiting: number };
  expect(health.waiting).toBe(1);
  await phone.type(`approve ${id}`, { from: bob });
  expect(await answer).toMatchObject({ behavior: "allow" });
});
