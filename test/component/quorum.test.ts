// Two people over real channels for what carries a warning: what each phone reads, and that both answers are proven.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AGENT, type ChannelStage, STRANGER, startChannelStage, TELEGRAM } from "../helpers/channel-stage.ts";
import { BASH_CALL, callTool, startStage } from "../helpers/server-stage.ts";
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

/** Ada has Telegram and the agent, Bob another chat in Telegram. */
const SEVERAL = {
  channels: "telegram,whatsapp-agent",
  bound: { [TELEGRAM]: "Ada", [AGENT]: "Ada", [`telegram:${STRANGER}`]: "Bob" },
  people: [
    { name: "Ada", addresses: ["telegram", "whatsapp-agent"] },
    { name: "Bob", addresses: ["telegram"] },
  ],
};
const startSeveral = (
  env: Readonly<Record<string, string>>,
  people: readonly object[] = SEVERAL.people,
  bound: Readonly<Record<string, string>> = SEVERAL.bound,
) => startChannelStage({ ...SEVERAL, people, bound, env: { APPROVAL_POLICY: policyFile(), ...env } });
const onBobsTelegram = (stage: ChannelStage, words: string) =>
  expect
    .poll(() => stage.telegram.chat(STRANGER).map(({ text }) => text), { timeout: 10_000 })
    .toContainEqual(expect.stringContaining(words));

it("counts one person once who answers on two channels, and asks them on both", async () => {
  const stage = await startSeveral({ ESCALATE_AFTER_SECONDS: "0" });
  const answer = callTool(stage.server, RISKY);
  const { message, id } = await asked(stage);
  await onBob(stage, "2 people must approve this");
  await onBobsTelegram(stage, "2 people must approve this");
  stage.telegram.tap(message, `approve:${id}`);
  await onBobsTelegram(stage, "Ada has approved it. 1 of 2 has approved");
  // The agent's chat is Ada's, too.
  stage.agent.write(`approve ${id}`);
  await onBob(stage, "Somebody else must approve it too");
  stage.telegram.write(`approve ${id}`, { from: STRANGER });
  expect(await answer).toMatchObject({ behavior: "allow" });
  await onBobsTelegram(stage, `${id} approved`);
});

it("counts the second person also where the first one's message had to go over the next channel", async () => {
  const stage = await startSeveral({ ESCALATE_AFTER_SECONDS: "60" });
  // As if she had blocked the bot: that chat is lost for good.
  stage.telegram.block(true);
  const answer = callTool(stage.server, RISKY);
  await onBob(stage, "2 people must approve this");
  await onBobsTelegram(stage, "2 people must approve this");
  const [request] = stage.agent.chat().filter(({ text }) => text.includes("Request ID"));
  const id = /Request ID:\*? ?([a-z]{5})/.exec(request?.text ?? "")?.[1] ?? "none";
  stage.agent.write(`approve ${id}`);
  await onBobsTelegram(stage, "Ada has approved it. 1 of 2 has approved");
  stage.telegram.write(`approve ${id}`, { from: STRANGER });
  expect(await answer).toMatchObject({ behavior: "allow" });
});

it("takes no word of who is only told for the second approval", async () => {
  const people = [
    { name: "Ada", addresses: ["telegram"] },
    { name: "Bob", addresses: ["telegram"] },
    { name: "Cleo", role: "notify", addresses: ["whatsapp-agent"] },
  ];
  const stage = await startSeveral({}, people, { ...SEVERAL.bound, [AGENT]: "Cleo" });
  const answer = callTool(stage.server, RISKY);
  const { message, id } = await asked(stage);
  stage.telegram.tap(message, `approve:${id}`);
  await onBobsTelegram(stage, "1 of 2 has approved");
  for (const words of [`approve ${id}`, `deny ${id}`, "approve all", "PANIC"]) stage.agent.write(words);
  await onBob(stage, "only told of requests");
  stage.telegram.write(`approve ${id}`, { from: STRANGER });
  expect(await answer).toMatchObject({ behavior: "allow" });
  await onBob(stage, `${id} approved by Ada and Bob`);
});

it("asks for two by the project: enough for one, too few for another, and one alone for what has no warning", async () => {
  const stage = await startSeveral({}, [
    { name: "Ada", addresses: ["telegram", "whatsapp-agent"] },
    { name: "Bob", addresses: ["telegram"], projects: ["web-shop"] },
  ]);
  const of = (project: string) => ({ headers: { "X-Approval-Project": project } });
  const denied = { behavior: "deny", message: expect.stringContaining("only 1 could be asked") };
  expect(await callTool(stage.server, RISKY, of("/code/blog"))).toMatchObject(denied);
  const answer = callTool(stage.server, RISKY, of("/code/web-shop"));
  const { message, id } = await asked(stage);
  stage.telegram.tap(message, `approve:${id}`);
  await onBobsTelegram(stage, "1 of 2 has approved");
  stage.telegram.write(`approve ${id}`, { from: STRANGER });
  expect(await answer).toMatchObject({ behavior: "allow" });
  const plain = callTool(stage.server, { ...BASH_CALL, tool_use_id: "toolu_2" }, of("/code/blog"));
  await expect.poll(async () => (await asked(stage)).id, { timeout: 10_000 }).not.toBe(id);
  const second = await asked(stage);
  stage.telegram.tap(second.message, `approve:${second.id}`);
  expect(await plain).toMatchObject({ behavior: "allow" });
});

it("needs no file: a chat that was bound with a name of its own is a second person", async () => {
  const stage = await startChannelStage({
    channels: "telegram",
    env: { APPROVAL_POLICY: policyFile() },
    bound: { [TELEGRAM]: "owner", [`telegram:${STRANGER}`]: "Bob" },
  });
  const answer = callTool(stage.server, RISKY);
  const { message, id } = await asked(stage);
  stage.telegram.tap(message, `approve:${id}`);
  await onBobsTelegram(stage, "1 of 2 has approved; one more is needed");
  stage.telegram.write(`approve ${id}`, { from: STRANGER });
  expect(await answer).toMatchObject({ behavior: "allow" });
});

it("a file counts the chat that was bound before it under the name that it was bound to, and says of another what to do", async () => {
  const bound = { [TELEGRAM]: "owner", [`telegram:${STRANGER}`]: "Bob" };
  const channels = "telegram";
  const bob = { name: "Bob", addresses: ["telegram"] };
  const before = [{ name: "owner", addresses: ["telegram"] }, bob];
  const start = (rewritten: readonly object[]) =>
    startChannelStage({ channels, env: { APPROVAL_POLICY: policyFile() }, bound, people: before, rewritten });
  const same = await start(before);
  expect(same.log.text()).not.toContain("fewer could approve");
  const other = await start([{ name: "Ada", addresses: ["telegram"] }, bob]);
  expect(other.log.text()).toContain("a chat is bound to somebody else and does not count");
  expect(other.log.text()).toContain("fewer could approve");
});
