// What a person's answer does, over each channel: which words and taps decide, which never do, and what the person and Claude are told.
import { describe, expect, it } from "vitest";
import { startWorlds } from "../helpers/channel-world/start.ts";
import { BASH_CALL } from "../helpers/server-stage.ts";
import { answer, answerLate, bash, countOf, overEachChannel } from "./channel.ts";

overEachChannel((channel) => {
  describe("a call", () => {
    it("is allowed with its own input, and the person is told so once Claude has the answer", async () => {
      const stage = await startWorlds([channel]);
      const { traits, chat } = stage.world();
      const call = stage.call();
      const asked = await stage.asked();
      expect(countOf(stage, "approved")).toBe(0);
      await answer(stage, asked, "approve");
      expect(await call.answer).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
      await stage.told(`✅ ${asked.id} approved: Claude has the answer`);
      if (!traits.changesMessages) return;
      const isOver = () => chat().find(({ id }) => id === asked.message.id)?.buttons.length === 0;
      await stage.until("the message without its buttons", isOver);
    });

    it.each([
      ["APPROVE and the id", (id: string) => `APPROVE ${id}`, false],
      ["the id in capitals, and yes", (id: string) => `Yes ${id.toUpperCase()}`, false],
      ["a quoted yes", () => "yes", true],
      ["a quoted y", () => "Y", true],
    ])("is allowed by %s", async (_, words, isQuoted) => {
      const stage = await startWorlds([channel]);
      const call = stage.call();
      const { message, id } = await stage.asked();
      await stage.world().write(words(id), isQuoted ? message.id : undefined);
      expect(await call.answer).toMatchObject({ behavior: "allow" });
    });

    it.each([
      [
        "DENY, the id and a reason",
        (id: string) => `dEnY ${id} use the staging bucket`,
        false,
        "Their words: use the staging bucket",
      ],
      ["the id and no", (id: string) => `no ${id}`, false, "gave no reason"],
      ["a quoted no", () => "no", true, "gave no reason"],
      ["quoted words", () => "not on a Friday", true, "Their words: not on a Friday"],
    ])("is denied by %s", async (_, words, isQuoted, said) => {
      const stage = await startWorlds([channel]);
      const call = stage.call();
      const { message, id } = await stage.asked();
      await stage.world().write(words(id), isQuoted ? message.id : undefined);
      expect(await call.answer).toMatchObject({ behavior: "deny", message: expect.stringContaining(said) });
      await stage.told(`❌ ${id} denied: Claude has the answer`);
    });

    it("is allowed for the session, and the same call then runs without a message", async () => {
      const stage = await startWorlds([channel]);
      const call = stage.call();
      const asked = await stage.asked();
      await answer(stage, asked, "session");
      expect(await call.answer).toMatchObject({ behavior: "allow" });
      await stage.told(`REVOKE ${asked.id} ends that`);
      const again = stage.call({ ...BASH_CALL, tool_use_id: "toolu_again" });
      expect(await again.answer).toMatchObject({ behavior: "allow" });
      expect(countOf(stage, "Approval Request")).toBe(1);
    });

    it.each([
      ["a yes that says not for what", () => "yes"],
      ["what a button would say", (id: string) => `approve:${id}`],
      ["an approval with more words", (id: string) => `APPROVE ${id} but only on Monday`],
      ["another id", () => "APPROVE zzzzz"],
    ])("is not decided by %s, and the person is told", async (_, words) => {
      const stage = await startWorlds([channel]);
      const call = stage.call();
      const asked = await stage.asked();
      const before = stage.world().chat().length;
      await stage.world().write(words(asked.id));
      const told = await stage.until("an answer", () => stage.world().chat()[before]);
      expect(told.text).toMatch(/[Nn]othing changed/);
      await stage.heardAll();
      expect(call.ended()).toBeUndefined();
      await answer(stage, asked, "deny");
      await call.answer;
    });

    it("is not decided by a stranger, who hears nothing, whatever they write", async () => {
      const stage = await startWorlds([channel]);
      const { strangerWrites, strangersChat } = stage.world();
      const call = stage.call();
      const asked = await stage.asked();
      for (const words of [
        `APPROVE ${asked.id}`,
        `approve:${asked.id}`,
        "yes",
        "PANIC",
        "STATUS",
        "HELP",
        asked.id,
      ])
        await strangerWrites(words);
      await stage.heardAll();
      expect(call.ended()).toBeUndefined();
      expect(stage.server().waiting()).toHaveLength(1);
      expect(strangersChat()).toEqual([]);
      await answer(stage, asked, "approve");
      expect(await call.answer).toMatchObject({ behavior: "allow" });
    });
  });

  describe("an answer", () => {
    it("that comes after the deadline changes nothing, and says how late it was", async () => {
      const stage = await startWorlds([channel], { env: { APPROVAL_TIMEOUT_SECONDS: "60" } });
      const call = stage.call();
      const asked = await stage.asked();
      await stage.clock.lapse(61_000);
      expect(await call.answer).toMatchObject({
        behavior: "deny",
        message: expect.stringMatching(
          /^Nobody answered .* within 1 minute\. It did not run\. This is not a refusal\./,
        ),
      });
      await answerLate(stage, asked, "approve");
      await stage.told(new RegExp(`⌛ ${asked.id} expired .* ago: nothing ran`));
      expect(countOf(stage, "approved")).toBe(0);
    });

    it("that comes second changes nothing, and says what was decided", async () => {
      const stage = await startWorlds([channel]);
      const call = stage.call();
      const asked = await stage.asked();
      await answer(stage, asked, "deny");
      expect(await call.answer).toMatchObject({ behavior: "deny" });
      await stage.told(`❌ ${asked.id} denied`);
      await answerLate(stage, asked, "approve");
      await stage.told(`❌ ${asked.id} was already denied`);
      await stage.world().write("yes", asked.message.id);
      await stage.until("the second", () => countOf(stage, `❌ ${asked.id} was already denied`) === 2);
      expect(countOf(stage, "approved")).toBe(0);
    });

    it("beside another one at the same moment: exactly one counts, and both are told what is so", async () => {
      const stage = await startWorlds([channel]);
      const { write } = stage.world();
      const call = stage.call();
      const { id } = await stage.asked();
      await Promise.all([write(`APPROVE ${id}`), write(`DENY ${id} no`)]);
      const { behavior } = await call.answer;
      const done =
        behavior === "allow"
          ? `✅ ${id} approved: Claude has the answer`
          : `❌ ${id} denied: Claude has the answer`;
      await stage.told(done);
      await stage.told(behavior === "allow" ? `${id} was already approved` : `${id} was already denied`);
      const other = behavior === "allow" ? `${id} denied` : `${id} approved`;
      expect(countOf(stage, other)).toBe(0);
    });

    it("to something unknown is told so", async () => {
      const stage = await startWorlds([channel]);
      await stage.world().write("APPROVE zzzzz");
      await stage.told("There is no request zzzzz: nothing changed");
    });

    it("to a caller that has left is told that nothing ran, and never that it was approved", async () => {
      const stage = await startWorlds([channel]);
      const call = stage.call();
      const asked = await stage.asked();
      call.leave();
      await call.answer.catch(() => "gone");
      await stage.until("the end of the request", () => stage.server().waiting().length === 0);
      await answerLate(stage, asked, "approve");
      await stage.told("Claude was no longer waiting: nothing ran");
      expect(countOf(stage, "approved")).toBe(0);
    });

    it("that comes twice over the wire counts once, and is told once", async () => {
      const stage = await startWorlds([channel]);
      const call = stage.call();
      const asked = await stage.asked();
      stage.world().repeatNext();
      await answer(stage, asked, "deny");
      expect(await call.answer).toMatchObject({ behavior: "deny" });
      await stage.told(`❌ ${asked.id} denied: Claude has the answer`);
      await stage.clock.lapse(10_000);
      await stage.heardAll();
      expect(countOf(stage, asked.id)).toBe(2);
    });

    it("that was overtaken on the way counts for its own request all the same", async () => {
      const stage = await startWorlds([channel]);
      const { write, holdReplies } = stage.world();
      const calls = [stage.call(bash("echo one")), stage.call(bash("echo two"))];
      const asked = [await stage.asked(0), await stage.asked(1)];
      const command = (nth: number) => (asked[nth]?.message.text.includes("echo one") ? 0 : 1);
      const release = holdReplies();
      await write(`APPROVE ${asked[command(0)]?.id}`);
      await write(`DENY ${asked[command(1)]?.id} later`);
      await release("mixed");
      expect(await calls[0]?.answer).toMatchObject({
        behavior: "allow",
        updatedInput: { command: "echo one" },
      });
      expect(await calls[1]?.answer).toMatchObject({
        behavior: "deny",
        message: expect.stringContaining("later"),
      });
      await stage.told(`✅ ${asked[command(0)]?.id} approved: Claude has the answer`);
      await stage.told(`❌ ${asked[command(1)]?.id} denied: Claude has the answer`);
    });

    it("that was held up until after the deadline changes nothing", async () => {
      const stage = await startWorlds([channel], { env: { APPROVAL_TIMEOUT_SECONDS: "60" } });
      const call = stage.call();
      const asked = await stage.asked();
      const release = stage.world().holdReplies();
      await answer(stage, asked, "approve");
      await stage.clock.lapse(61_000);
      expect(await call.answer).toMatchObject({
        behavior: "deny",
        message: expect.stringContaining("Nobody answered"),
      });
      await release("in order");
      await stage.told(new RegExp(`⌛ ${asked.id} expired .*: nothing ran`));
      expect(countOf(stage, "approved")).toBe(0);
    });
  });

  describe("PANIC", () => {
    it("denies what waits and all that comes, and RESUME over the same channel does not end it", async () => {
      const stage = await startWorlds([channel]);
      const { write } = stage.world();
      const call = stage.call();
      await stage.asked();
      await write("PANIC");
      expect(await call.answer).toMatchObject({
        behavior: "deny",
        message: expect.stringContaining("stopped all approvals"),
      });
      await stage.told("Stopped: everything that waited was denied");
      await write("RESUME");
      await stage.until("the answer", () => countOf(stage, "Only the command") >= 2);
      const second = stage.call(bash("echo again"));
      expect(await second.answer).toMatchObject({ behavior: "deny" });
      expect(countOf(stage, "Approval Request")).toBe(1);
    });
  });

  it("PAUSE denies everything without a message until RESUME", async () => {
    const stage = await startWorlds([channel]);
    const { write } = stage.world();
    await write("PAUSE 30");
    await stage.told("Paused until");
    expect(await stage.call().answer).toMatchObject({ behavior: "deny" });
    expect(countOf(stage, "Approval Request")).toBe(0);
    await write("RESUME");
    await stage.told("Resumed");
    const call = stage.call(bash("echo again"));
    await answer(stage, await stage.asked(), "approve");
    expect(await call.answer).toMatchObject({ behavior: "allow" });
  });

  it("PENDING lists what waits, and DENY ALL ends it", async () => {
    const stage = await startWorlds([channel]);
    const { write } = stage.world();
    const calls = [stage.call(bash("echo one")), stage.call(bash("echo two"))];
    const ids = [(await stage.asked(0)).id, (await stage.asked(1)).id];
    await write("PENDING");
    const list = await stage.until("the list", () =>
      stage
        .world()
        .chat()
        .find(({ text }) => !text.startsWith("🔔") && ids.every((id) => text.includes(id))),
    );
    expect(list.text).toContain("echo one");
    await write("DENY ALL");
    for (const call of calls) expect(await call.answer).toMatchObject({ behavior: "deny" });
  });
});
