// Who was bound stays bound over a restart, and nobody becomes an approver by writing to the database.
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openBindings } from "../../src/core/bindings.ts";
import { createPeople } from "../../src/core/people.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const CHAT = "telegram:7001" as Phone;
const OTHER = "telegram:7002" as Phone;
const AGENT = "whatsapp-agent:user:111" as Phone;

function stage() {
  const store = createSqliteStore(join(temporaryFolder(), "approvals.db"));
  onTestFinished(() => store.close());
  const log = createKeptLog();
  const start = async (
    secrets: Readonly<Record<string, string>> = { telegram: "a token", "whatsapp-agent": "a key" },
  ) => {
    const people = createPeople({ people: [], channels: ["telegram", "whatsapp-agent"] });
    const secretOf = (channel: string) => secrets[channel];
    return {
      people,
      bindings: await openBindings({ people, store, secretOf, clock: createFakeClock(), log }),
    };
  };
  return { store, log, start };
}

describe("a bound address", () => {
  it("may approve from then on, and after a restart", async () => {
    const { start } = stage();
    const first = await start();
    await first.bindings.bind(CHAT, "ada");
    await first.bindings.bind(AGENT, "ada");
    const { people } = await start();
    expect(people.all()).toEqual([{ name: "ada", role: "approve", addresses: [CHAT, AGENT] }]);
  });

  it("may no longer once it was unbound, and stays so", async () => {
    const { start } = stage();
    const { people, bindings } = await start();
    await bindings.bind(CHAT, "ada");
    await bindings.unbind(CHAT, "refused");
    expect([people.mayApprove(CHAT), (await start()).people.mayApprove(CHAT)]).toEqual([false, false]);
  });

  it("is nobody under another key of its channel", async () => {
    const { start, log } = stage();
    await (await start()).bindings.bind(CHAT, "ada");
    const { people } = await start({ telegram: "another token" });
    expect([people.all(), log.entries.some(({ message }) => message.includes("does not count"))]).toEqual([
      [],
      true,
    ]);
    expect((await start({})).people.all()).toEqual([]);
  });

  it.each([
    ["a row of somebody else's making", { address: OTHER, person: "ada", seal: "0".repeat(64) }],
    ["a row without a seal", { address: OTHER, person: "ada", seal: "" }],
    ["a number", { address: "+15005550006" as Phone, person: "ada", seal: "0".repeat(64) }],
  ])("is nobody by %s", async (_, row) => {
    const { store, start } = stage();
    await store.keepBinding({ ...row, boundAt: 0 });
    expect((await start()).people.all()).toEqual([]);
  });

  it("is nobody by the seal of another address, or of another person", async () => {
    const { store, start } = stage();
    await (await start()).bindings.bind(CHAT, "ada");
    const [{ seal } = { seal: "" }] = await store.bindings();
    await store.keepBinding({ address: OTHER, person: "ada", seal, boundAt: 0 });
    await store.keepBinding({ address: CHAT, person: "ben", seal, boundAt: 0 });
    expect((await start()).people.all()).toEqual([]);
  });

  it("stands in the event log, as does its end", async () => {
    const { store, start } = stage();
    const { bindings } = await start();
    await bindings.bind(CHAT, "ada");
    await bindings.unbind(CHAT, "refused");
    expect(await store.checkLog()).toBeUndefined();
    expect(await store.bindings()).toEqual([]);
  });
});
