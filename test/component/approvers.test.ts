// People of a file over real channels: who is asked about which project, who is only told, and how they are called.
import { expect, it } from "vitest";
import {
  AGENT,
  type ChannelStage,
  type ChannelStageOptions,
  startChannelStage,
  TELEGRAM,
} from "../helpers/channel-stage.ts";
import { BASH_CALL, callTool } from "../helpers/server-stage.ts";

const CHANNELS = "telegram,whatsapp-agent";
const bound = { [TELEGRAM]: "Ada", [AGENT]: "Bob" };
const ada = { name: "Ada", addresses: ["telegram"] };
const bob = { name: "Bob", addresses: ["whatsapp-agent"] };
const start = (people: ChannelStageOptions["people"] & object, more: Partial<ChannelStageOptions> = {}) =>
  startChannelStage({ channels: CHANNELS, bound, people, ...more });
const callFrom = (stage: ChannelStage, project: string) =>
  callTool(stage.server, BASH_CALL, { headers: { "X-Approval-Project": project } });

const asked = async ({ telegram }: ChannelStage) => {
  const request = () => telegram.chat().findLast(({ keyboard }) => keyboard.length > 0);
  await expect.poll(request).toBeDefined();
  const { id, text } = request()!;
  return { message: id, id: /Request ID:\*? ?([a-z]{5})/.exec(text)?.[1] ?? "none" };
};
const toBob = (stage: ChannelStage, words: string) =>
  expect
    .poll(() => stage.agent.chat().map(({ text }) => text))
    .toContainEqual(expect.stringContaining(words));

it("asks about a project only those whose projects hold it, and nobody else decides it", async () => {
  const stage = await start([{ ...ada, projects: ["web-shop"] }, bob]);
  const blog = callFrom(stage, "blog");
  await toBob(stage, "Request ID");
  const [request] = stage.agent.chat().filter(({ text }) => text.includes("Request ID"));
  const id = /Request ID:\*? ?([a-z]{5})/.exec(request?.text ?? "")?.[1] ?? "none";
  for (const words of [`approve ${id}`, `deny ${id}`, "approve all", "deny all", `more ${id}`])
    stage.telegram.write(words);
  const toAda = () => stage.telegram.chat().map(({ text }) => text);
  await expect.poll(() => toAda().filter((text) => text.includes("you are not asked about")).length).toBe(3);
  await expect.poll(() => toAda().filter((text) => text.includes("Nothing waits")).length).toBe(2);
  expect(toAda().join(" ")).not.toContain("/etc");
  stage.agent.write(`approve ${id}`);
  expect(await blog).toMatchObject({ behavior: "allow" });
});

it("denies at once, with the reason, what nobody is asked about", async () => {
  const stage = await start([
    { ...ada, projects: ["web-shop"] },
    { ...bob, projects: ["web-shop"] },
  ]);
  const reason = { behavior: "deny", message: expect.stringContaining("Nobody is asked about requests of") };
  expect(await callFrom(stage, "blog")).toMatchObject(reason);
  expect(await callTool(stage.server)).toMatchObject(reason);
});

it("tells who is only told what was asked and how it ended, by name, and hears nothing from them", async () => {
  const stage = await start([ada, { ...bob, role: "notify" }]);
  const answer = callTool(stage.server);
  const { message, id } = await asked(stage);
  await toBob(stage, `${id} is asked:`);
  const [told] = stage.agent.chat().filter(({ text }) => text.includes("is asked:"));
  stage.agent.write("yes", { quote: told?.id ?? "" });
  stage.agent.write(`approve ${id}`);
  stage.agent.write("PANIC");
  await toBob(stage, "only told of requests");
  stage.telegram.tap(message, `deny:${id}`);
  expect(await answer).toMatchObject({ behavior: "deny" });
  await toBob(stage, `${id} denied by Ada`);
  expect(stage.agent.chat().some(({ text }) => text.includes("Request ID"))).toBe(false);
  const next = callTool(stage.server, { ...BASH_CALL, tool_use_id: "toolu_2" });
  await expect.poll(async () => (await asked(stage)).id).not.toBe(id);
  const second = await asked(stage);
  stage.telegram.tap(second.message, `approve:${second.id}`);
  expect(await next).toMatchObject({ behavior: "allow" });
});

it("counts no chat that was bound while its person had another role, nor one of somebody unknown", async () => {
  const stage = await startChannelStage({
    channels: CHANNELS,
    bound,
    people: [ada, { ...bob, role: "notify" }],
    rewritten: [ada, bob],
  });
  expect(stage.log.text()).toContain("had the other role");
  const answer = callTool(stage.server);
  const { message, id } = await asked(stage);
  stage.agent.write(`approve ${id}`);
  stage.telegram.tap(message, `deny:${id}`);
  expect(await answer).toMatchObject({ behavior: "deny" });
});
