// Twilio hangs, breaks off, lies and refuses: while a request is sent, and while a reply is checked with it. Nothing is approved by it,
// every call ends, and the next one goes its way.
import { describe, expect, it, onTestFinished } from "vitest";
import { createAct } from "./act.ts";
import { createLyingProxy, LIES, type Lie, type LyingProxy } from "./lying-proxy.ts";
import { createWorld, type World } from "./world.ts";

/** One way of lying after the other, on one server. */
async function liedTo(
  isAbout: (method: string, path: string) => boolean,
): Promise<{ world: World; lie(way: Lie | undefined): void }> {
  let proxy: LyingProxy | undefined;
  const world = await createWorld({
    env: () => ({ APPROVAL_TIMEOUT_SECONDS: "10" }),
    through: async (url) => {
      proxy = await createLyingProxy(url);
      return proxy.url;
    },
  });
  onTestFinished(async () => {
    await world.close();
    await proxy?.close();
  });
  await world.start();
  await world.server.quiet();
  return {
    world,
    lie: (way) => proxy?.lieAbout((method, path) => (isAbout(method, path) ? way : undefined)),
  };
}

/** A request on a wire that is sound is approved as ever. */
async function goesItsWay(world: World): Promise<string> {
  const act = createAct(world);
  const mark = act.mark();
  const answer = act.permission(mark);
  await act.tap(await act.prompt(mark), "approve");
  return act.alive(answer);
}

const isSending = (method: string, path: string) => method === "POST" && path.endsWith("/Messages.json");
const isChecking = (method: string, path: string) => method === "GET" && /\/Messages\/\w+\.json/.test(path);

describe("while a reply is checked, Twilio", () => {
  it("lies in every way: it approves nothing, and the phone hears that it was not checked", async () => {
    const { world, lie } = await liedTo(isChecking);
    const wrong: string[] = [];
    for (const [name, way] of Object.entries(LIES)) {
      lie(way);
      const act = createAct(world);
      const mark = act.mark();
      const answer = act.permission(mark);
      const prompt = await act.prompt(mark);
      await act.tap(prompt, "approve");
      // By its own deadline, if by nothing else.
      if ((await act.alive(answer)) !== "deny") wrong.push(`${name}: allowed`);
      await act.told(new RegExp(act.idOf(prompt)));
      process.stderr.write(`checking: ${name}\n`);
    }
    lie(undefined);
    expect(wrong).toEqual([]);
    expect(await goesItsWay(world)).toBe("allow");
  });
});

describe("while a request is sent, Twilio", () => {
  it("lies in every way: the call is denied in its time, and nobody approves what nobody has seen", async () => {
    const { world, lie } = await liedTo(isSending);
    const wrong: string[] = [];
    const ask = async ([name, way]: [string, Lie]) => {
      lie(way);
      const act = createAct(world);
      const answer = await act.alive(act.permission(act.mark()));
      const line = `sending: ${name}: ${answer}`;
      if (answer !== "deny") wrong.push(line);
      process.stderr.write(`${line}\n`);
    };
    const isLong = ([name]: [string, Lie]) => name.includes("for a century");
    const lies = Object.entries(LIES);
    for (const each of lies.filter((one) => !isLong(one))) await ask(each);
    lie(undefined);
    expect(await goesItsWay(world)).toBe("allow");
    // The server waits as long as it is told, a quarter of an hour at most: nothing is sent after this one.
    for (const each of lies.filter(isLong)) await ask(each);
    expect(wrong).toEqual([]);
  });
});
