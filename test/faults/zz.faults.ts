import { it } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { createAct } from "./act.ts";
import { SCENARIOS } from "./scenarios.ts";
import { createWorld } from "./world.ts";
it("list", async () => {
  const scenario = SCENARIOS.find(({ name }) => name.startsWith("reply read"))!;
  const world = await createWorld(scenario);
  const server = (await world.start())!;
  await server.quiet();
  await world.twilio.type("STATUS");
  await sleep(12000);
  console.log(JSON.stringify(world.twilio.messages().map(({ direction, body }) => [direction, body]), null, 1), server.output());
  await world.close();
});
it("task", async () => {
  const scenario = SCENARIOS.find(({ name }) => name.startsWith("task"))!;
  const world = await createWorld(scenario);
  const server = (await world.start())!;
  await server.quiet();
  await world.twilio.type("STATUS");
  await sleep(2000);
  const act = createAct(world);
  await Promise.race([sleep(20000), scenario.run(act)]).catch(console.log);
  console.log(JSON.stringify(world.twilio.messages().map(({ direction, body, buttons }) => [direction, body, buttons]), null, 1), server.output(), act.calls);
  await world.close();
});
