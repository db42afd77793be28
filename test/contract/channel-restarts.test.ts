// A stop, a start and a crash in the middle of a wait, over each channel.
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { startWorlds, type WorldStage } from "../helpers/channel-world/start.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { answer, answerLate, bash, countOf, overEachChannel } from "./channel.ts";

/** The record as it stands now: what a crash leaves. */
async function crashed({ databasePath }: WorldStage): Promise<string> {
  const copy = join(temporaryFolder(), "approvals.db");
  const db = new Database(databasePath, { readonly: true });
  await db.backup(copy);
  db.close();
  return copy;
}

overEachChannel((channel) => {
  it("a stop answers the caller, and a later answer is told that nothing ran; nothing is asked again", async () => {
    const stage = await startWorlds([channel]);
    const call = stage.call();
    const asked = await stage.asked();
    await stage.stop();
    expect(await call.answer).toMatchObject({
      behavior: "deny",
      message: expect.stringMatching(/shutting down.*nothing was approved/i),
    });
    await stage.start();
    await answerLate(stage, asked, "approve");
    await stage.told(new RegExp(`⌛ ${asked.id} ended.*the approval server was stopped: nothing ran`));
    expect(countOf(stage, "Approval Request")).toBe(1);
    expect(countOf(stage, "approved")).toBe(0);
    // And it works on.
    const next = stage.call(bash("echo next"));
    await answer(stage, await stage.asked(1), "approve");
    expect(await next.answer).toMatchObject({ behavior: "allow" });
  });

  it("after a crash the old request is cancelled, says so, and is not asked again", async () => {
    const stage = await startWorlds([channel]);
    stage.call();
    const asked = await stage.asked();
    const copy = await crashed(stage);
    await stage.stop();
    await stage.start(copy);
    expect(stage.server().waiting()).toEqual([]);
    await answerLate(stage, asked, "approve");
    await stage.told(new RegExp(`⌛ ${asked.id} ended.*the approval server was restarted: nothing ran`));
    expect(countOf(stage, "Approval Request")).toBe(1);
    expect(countOf(stage, "approved")).toBe(0);
  });

  it("what was heard before a stop is not heard again after it", async () => {
    const stage = await startWorlds([channel]);
    const call = stage.call();
    const asked = await stage.asked();
    await answer(stage, asked, "approve");
    await call.answer;
    await stage.told(`✅ ${asked.id} approved: Claude has the answer`);
    await stage.heardAll();
    const before = stage.world().chat().length;
    await stage.stop();
    await stage.start();
    await stage.clock.lapse(10_000);
    await stage.heardAll();
    expect(stage.world().chat()).toHaveLength(before + 1);
  });

  it("what was heard before a crash, and not yet known to be, is carried out once", async () => {
    const stage = await startWorlds([channel]);
    const copy = await crashed(stage);
    const call = stage.call();
    const { id } = await stage.asked();
    await stage.world().write(`DENY ${id} later`);
    await call.answer;
    await stage.told(`❌ ${id} denied: Claude has the answer`);
    await stage.stop();
    // The record knows of nothing that came after it: neither of the request nor of the reply.
    await stage.start(copy);
    await stage.clock.lapse(10_000);
    await stage.heardAll();
    expect(countOf(stage, "approved")).toBe(0);
    expect(countOf(stage, "denied: Claude has the answer")).toBe(1);
  });

  it("what is written while the server is stopped is answered once by the next one", async () => {
    const stage = await startWorlds([channel]);
    const { write } = stage.world();
    // What somebody wrote to Twilio before this record first heard of them is history (docs/delivery.md).
    await stage.heardAll();
    const call = stage.call();
    const asked = await stage.asked();
    await stage.stop();
    await call.answer;
    await write(`APPROVE ${asked.id}`);
    await stage.start();
    await stage.told(new RegExp(`⌛ ${asked.id} ended.*nothing ran`));
    await stage.clock.lapse(10_000);
    await stage.heardAll();
    expect(countOf(stage, `⌛ ${asked.id}`)).toBe(1);
    expect(countOf(stage, "approved")).toBe(0);
  });

  if (channel !== "whatsapp")
    it("whoever was not told of a binding before a crash is told by the next start, once", async () => {
      const stage = await startWorlds([channel]);
      await stage.heardAll();
      await stage.stop();
      const db = new Database(stage.databasePath);
      db.exec("UPDATE bindings SET untold = json_array(address)");
      db.close();
      await stage.start();
      await stage.told("This chat may approve from now on");
      await stage.stop();
      await stage.start();
      await stage.heardAll();
      expect(countOf(stage, "This chat may approve from now on")).toBe(1);
    });

  it("PANIC holds from the start on where they are the first words ever, written while the server was stopped; RESUME is none", async () => {
    const stage = await startWorlds([channel]);
    await stage.stop();
    await stage.world().write("PANIC");
    await stage.world().write("RESUME");
    await stage.start();
    await stage.told("Stopped: ");
    expect(await stage.call().answer).toMatchObject({ behavior: "deny" });
    expect(countOf(stage, "Approval Request")).toBe(0);
  });

  it("PANIC that was written while the server was stopped holds from its start on", async () => {
    const stage = await startWorlds([channel]);
    await stage.heardAll();
    await stage.stop();
    await stage.world().write("PANIC");
    await stage.start();
    await stage.told("Stopped: ");
    expect(await stage.call().answer).toMatchObject({ behavior: "deny" });
    expect(countOf(stage, "Approval Request")).toBe(0);
  });

  it("a stop is over within its time while the platform hangs on everything, and the caller has its answer", async () => {
    const stage = await startWorlds([channel]);
    const { wire } = stage.world();
    for (const kind of ["send", "poll", "other"] as const) wire.every(kind, { kind: "hang" });
    const call = stage.call();
    await stage.until("the try", () => wire.calls("send") > 0 || wire.calls("other") > 0);
    const at = stage.clock.now();
    await stage.stop();
    // A stop that takes 4.5 s is ended by force.
    expect(stage.clock.now() - at).toBeLessThan(4_000);
    expect(await call.answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("shutting down"),
    });
  });
});
