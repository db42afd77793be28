// Telegram and the agent platform hang, break off, lie and refuse, tell the same again and in another order: the next channel is asked,
// nothing is approved by what they say, and nothing is said twice.
import { describe, expect, it, onTestFinished } from "vitest";
import type { PairedChannel } from "../../src/domain/channel.ts";
import { type Act, createAct } from "./act.ts";
import { unsound } from "./invariants.ts";
import { createLyingProxy, LIES, type Lie, type LyingProxy } from "./lying-proxy.ts";
import { createReplayingProxy } from "./replaying-proxy.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

const PLATFORMS: readonly PairedChannel[] = ["telegram", "whatsapp-agent"];
/** What ends the reading until somebody has done something, or for a long time, comes last. */
const LASTING = /does not know us|closed the account|knows no such thing|redirects|rate limited/;
const LIES_IN_ORDER = Object.entries(LIES).toSorted(
  ([one], [other]) => Number(LASTING.test(one)) - Number(LASTING.test(other)),
);

async function start(options: WorldOptions): Promise<World> {
  const world = await createWorld(options);
  onTestFinished(() => world.close());
  await world.start();
  await world.server.quiet();
  return world;
}

/** @param seconds how long nobody answers until the next channel is asked */
async function liedTo(platform: PairedChannel, seconds: string) {
  let proxy: LyingProxy | undefined;
  const world = await start({
    platform,
    env: () => ({ APPROVAL_TIMEOUT_SECONDS: "60" }),
    escalateAfterSeconds: seconds,
    through: async (url) => {
      proxy = await createLyingProxy(url);
      return proxy.url;
    },
  });
  onTestFinished(async () => proxy?.close());
  const lie = (isAbout: RegExp, way: Lie | undefined) =>
    proxy?.lieAbout((method, path) => (isAbout.test(`${method} ${path}`) ? way : undefined));
  return { world, lie };
}

/** The same person with Twilio's phone in the hand. */
const onTwilio = (world: World): Act => createAct({ ...world, server: world.server, phone: world.twilio });

const SENDING = /^POST .*\/(sendMessage|messages)$/;
const READING = /\/(getUpdates|updates)(\?|$)/;

describe.each(PLATFORMS)("while a request is sent, %s", (platform) => {
  it("lies in every way: the next channel is asked, once, and what is tapped there counts", async () => {
    const { world, lie } = await liedTo(platform, "5");
    const wrong: string[] = [];
    for (const [name, way] of LIES_IN_ORDER) {
      lie(SENDING, way);
      const act = onTwilio(world);
      const mark = act.mark();
      const answer = act.permission(mark);
      await act.tap(await act.prompt(mark), "approve");
      if ((await act.alive(answer)) !== "allow") wrong.push(`${name}: denied`);
      wrong.push(...(await unsound(act)).map((problem) => `${name}: ${problem}`));
      process.stderr.write(`${platform}, sending: ${name}\n`);
    }
    expect(wrong).toEqual([]);
  });
});

describe.each(PLATFORMS)("while answers are read, %s", (platform) => {
  it("lies in every way: nothing is approved by it, the next channel is asked, and what was tapped comes too late", async () => {
    const { world, lie } = await liedTo(platform, "3");
    const wrong: string[] = [];
    for (const [name, way] of LIES_IN_ORDER) {
      lie(READING, way);
      const [act, there] = [onTwilio(world), createAct(world)];
      const mark = act.mark();
      const answer = act.permission(mark);
      const next = await act.prompt(mark);
      // Where it says that it cannot be read, nothing is sent there.
      const first = world.phone
        .messages()
        .find(({ body, buttons }) => buttons.length > 0 && body.includes(mark));
      if (first !== undefined) await there.tap(first, "approve");
      await act.tap(next, "deny");
      if ((await act.alive(answer)) !== "deny") wrong.push(`${name}: allowed`);
      wrong.push(...(await unsound(act)).map((problem) => `${name}: ${problem}`));
      process.stderr.write(`${platform}, reading: ${name}\n`);
    }
    lie(READING, undefined);
    // What was refused until somebody does something is read again after a restart.
    await world.server.end("SIGTERM");
    await world.start();
    await world.server.quiet();
    const after = createAct(world);
    const mark = after.mark();
    const answer = after.permission(mark);
    await after.tap(await after.prompt(mark), "approve");
    expect(await after.alive(answer)).toBe("allow");
    // After what is told of all the late taps, at the pace that the platform takes.
    await after.told(/approved: Claude has the answer/);
    expect([...wrong, ...(await unsound(after))]).toEqual([]);
  });
});

describe.each(PLATFORMS)("%s tells all of its news twice, and backwards", (platform) => {
  it("each answer counts once, for its own request, and is confirmed once", async () => {
    let replays = () => 0;
    const world = await start({
      platform,
      through: async (url) => {
        const proxy = await createReplayingProxy(url);
        onTestFinished(() => proxy.close());
        replays = proxy.replays;
        return proxy.url;
      },
    });
    const act = createAct(world);
    const [one, two, three] = [act.mark(), act.mark(), act.mark()];
    const answers = [one, two, three].map((mark) => act.permission(mark));
    const [first, second, third] = [await act.prompt(one), await act.prompt(two), await act.prompt(three)];
    await act.tap(first, "approve");
    await act.tap(second, "deny");
    expect(await act.alive(Promise.all(answers.slice(0, 2)))).toEqual(["allow", "deny"]);
    // Of two answers to one request the first that is read counts; the other one is told that.
    await act.tap(third, "deny");
    await act.tap(third, "approve");
    const last = await act.alive(answers[2] as Promise<string>);
    await act.told(new RegExp(`${act.idOf(third)} was already ${last === "deny" ? "denied" : "approved"}`));
    const again = act.mark();
    const fourth = act.permission(again);
    await act.tap(await act.prompt(again), "approve");
    expect(await act.alive(fourth)).toBe("allow");
    await act.told(new RegExp(`${act.idOf(await act.prompt(again))} approved: Claude has the answer`));
    expect(replays()).toBeGreaterThanOrEqual(2);
    expect(await unsound(act)).toEqual([]);
  });
});
