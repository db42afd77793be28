// Which scripts count as approved: those that a person has approved, under this server's seal, and as they were then.
import { expect, test } from "vitest";
import type { ApprovedScript, ScriptStore } from "../../src/core/ports/script-store.ts";
import { openApprovedScripts } from "../../src/script-tools/approved-scripts.ts";
import type { LoadedScript } from "../../src/script-tools/script-file.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const SECRET = "the auth token of the account";
const script = (more: Partial<LoadedScript> = {}) =>
  ({ name: "deploy", folder: "/home/ann/tools", identity: "deploy.sh\n10\nabc", ...more }) as LoadedScript;

function kept(rows: ApprovedScript[] = []) {
  const store: ScriptStore = {
    approvedScripts: async () => rows,
    recordApprovedScript: async (row) => void rows.push(row),
  };
  const log = createKeptLog();
  const open = (secrets: readonly string[] = [SECRET], from = store) =>
    openApprovedScripts({ store: from, secrets, clock: createFakeClock(), log });
  return { rows, open, log };
}

async function oneApproved() {
  const all = kept();
  await (await all.open()).remember(script());
  const [row] = all.rows;
  if (row === undefined) throw new Error("nothing was kept");
  return { ...all, row };
}

test("one that was approved is the same over a restart, until it changes", async () => {
  const { open } = await oneApproved();
  const again = await open();
  expect(again.state(script())).toBe("same");
  expect(again.state(script({ identity: "deploy.sh\n10\nabd" }))).toBe("changed");
  expect(again.state(script({ name: "other" }))).toBe("new");
  expect(again.state(script({ folder: "/tmp/tools" }))).toBe("new");
});

test("a second token takes over what the first has sealed; another one does not", async () => {
  const { open, log } = await oneApproved();
  expect((await open(["the new one", SECRET])).state(script())).toBe("same");
  expect((await open(["the new one"])).state(script())).toBe("new");
  expect(log.text()).toContain("was not written with this auth token");
});

test("an empty secret seals nothing that counts", async () => {
  const { rows, open } = kept();
  await (await open([])).remember(script());
  expect(rows).toHaveLength(1);
  expect((await open([""])).state(script())).toBe("new");
});

test.each([
  ["another identity", { identity: "deploy.sh\n10\nevil" }],
  ["another name", { name: "evil" }],
  ["no seal", { seal: "" }],
  ["a seal of its own", { seal: "0".repeat(64) }],
])("a row that somebody has written with %s does not make a script known", async (_, forged) => {
  const { row, log } = await oneApproved();
  const { open } = kept([{ ...row, ...forged }]);
  const { name = row.name, identity = row.identity } = forged as Partial<ApprovedScript>;
  expect((await open()).state(script({ name, identity }))).toBe("new");
  expect(log.entries).toEqual([]);
});

test("a database that fails: everything is new, and what is approved now is known until the stop", async () => {
  const { open, log } = kept();
  const fail = async () => Promise.reject(new Error("SQLITE_FULL"));
  const approved = await open([SECRET], { approvedScripts: fail, recordApprovedScript: fail });
  expect(approved.state(script())).toBe("new");
  await approved.remember(script());
  expect(approved.state(script())).toBe("same");
  expect(log.entries).toHaveLength(2);
});
