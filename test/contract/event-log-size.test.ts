// A long log with its rows is verified whole. Prints how long that takes; the time itself is no assertion.
// AUDIT_ENTRIES=100000 npx vitest run test/contract/event-log-size.test.ts
import { utimesSync } from "node:fs";
import { expect, it } from "vitest";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { EVENT_START, eventRequest, eventStage, TOKEN } from "../helpers/event-stage.ts";
import { fillLog } from "../helpers/long-log.ts";

const ENTRIES = Number(process.env["AUDIT_ENTRIES"] ?? 12_000);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const before = { cpu: process.cpuUsage(), at: performance.now() };
  const result = await work();
  const { user, system } = process.cpuUsage(before.cpu);
  const ms = Math.round(performance.now() - before.at);
  const cpuMs = Math.round((user + system) / 1000);
  process.stdout.write(`${what} of ${ENTRIES} entries: ${ms} ms, ${cpuMs} ms of CPU\n`);
  return result;
}

it("many entries hold, and one that was changed among them is named", async () => {
  const stage = eventStage();
  await stage.store.probe();
  await stage.store.close();
  fillLog({ path: stage.path, entries: ENTRIES, start: EVENT_START, token: TOKEN, request: eventRequest });

  const verdict = await timed("audit --verify", async () => stage.verify());
  expect(verdict).toMatchObject({ problems: [], entries: ENTRIES, seal: "fits" });

  const files: string[] = [];
  const server = stage.open({ isServer: true, onFiles: (_, words) => void files.push(words) });
  await server.cancelPending(EVENT_START);
  expect(await timed("an old answer's first look", () => server.isAsDecided("r1" as ApprovalId))).toBe(true);
  expect(await timed("its second one", () => server.isAsDecided("r1" as ApprovalId))).toBe(true);
  utimesSync(stage.path, 1, 1);
  await timed("reading a touched file", () => server.probe());
  expect(files).toHaveLength(1);
  await server.close();

  const changed = Math.floor(ENTRIES * 0.7);
  stage.attack("UPDATE events SET at = at + 1 WHERE seq = ?", changed);
  expect(stage.verify().problems[0]).toMatchObject({ seq: changed, at: EVENT_START + changed + 1 });
});
