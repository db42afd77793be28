// A long log with its rows is verified whole. Prints how long that takes; the time itself is no assertion.
// AUDIT_ENTRIES=100000 npx vitest run test/contract/event-log-size.test.ts
import { expect, it } from "vitest";
import { EVENT_START, eventRequest, eventStage, TOKEN } from "../helpers/event-stage.ts";
import { fillLog } from "../helpers/long-log.ts";

const ENTRIES = Number(process.env["AUDIT_ENTRIES"] ?? 12_000);

it("many entries hold, and one that was changed among them is named", async () => {
  const stage = eventStage();
  await stage.store.probe();
  await stage.store.close();
  fillLog({ path: stage.path, entries: ENTRIES, start: EVENT_START, token: TOKEN, request: eventRequest });

  const before = { cpu: process.cpuUsage(), at: performance.now() };
  const verdict = stage.verify();
  const { user, system } = process.cpuUsage(before.cpu);
  const ms = Math.round(performance.now() - before.at);
  process.stdout.write(
    `audit --verify of ${ENTRIES} entries: ${ms} ms, ${Math.round((user + system) / 1000)} ms of CPU\n`,
  );
  expect(verdict).toMatchObject({ problems: [], entries: ENTRIES, seal: "fits" });

  const changed = Math.floor(ENTRIES * 0.7);
  stage.attack("UPDATE events SET at = at + 1 WHERE seq = ?", changed);
  expect(stage.verify().problems[0]).toMatchObject({ seq: changed, at: EVENT_START + changed + 1 });
});
