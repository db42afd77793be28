// Each invariant can fail: a server that is broken on purpose is killed where that shows, and the check that watches over it says so.
import { describe, expect, it } from "vitest";
import { killAt } from "./crash-matrix.ts";
import { MUTATIONS } from "./mutations.ts";
import { scenarioOf } from "./scenarios.ts";

describe.concurrent("a server with a mistake is found out", () => {
  it.each(MUTATIONS)("$mistake", async ({ broken, scenario, kills, found }) => {
    const result = await killAt({ ...scenarioOf(scenario), broken }, kills);
    const problems = result.kills.flatMap((kill) => kill.problems);
    process.stderr.write(`${JSON.stringify([broken.file, problems])}\n`);
    expect(problems).toContainEqual(expect.stringMatching(found));
  });
});
