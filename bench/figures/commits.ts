// How many commits an approval takes, from the call to the confirmation on the phone: one by one, and many at once.

import { startServerSide } from "../parts/sides.ts";
import { createWaitingRoom, timeTap, untilQuiet } from "../parts/waiting-room.ts";
import { countCommits } from "../parts/wal.ts";
import { type Figure, row } from "../rows.ts";

const ONE_BY_ONE = 20;
const AT_ONCE = 200;
const QUICK_AT_ONCE = 50;
const SETTLE_MS = 10_000;

export const commits: Figure = {
  name: "commits",
  about: "commits an approval",
  async run(run) {
    run.say("commits: approvals one by one, then at once");
    const server = await startServerSide();
    const room = createWaitingRoom(server);
    const approve = async () => {
      await room.fill(1);
      await timeTap(room.next());
    };
    // The first one makes the log.
    await approve();
    await room.fill(1);
    const single = await countCommits(server.databasePath, async () => {
      for (let count = 0; count < ONE_BY_ONE; count += 1) await approve();
      await untilQuiet(server, SETTLE_MS);
    });
    const many = run.quick ? QUICK_AT_ONCE : AT_ONCE;
    const together = await countCommits(server.databasePath, async () => {
      await room.fill(many);
      await Promise.all(Array.from({ length: many }, () => timeTap(room.next())));
      await untilQuiet(server, SETTLE_MS);
    });
    const common = { figure: "commits", unit: "count" } as const;
    run.add(
      row({
        ...common,
        id: "commits.single",
        what: "commits an approval, one by one",
        value: single / ONE_BY_ONE,
        samples: ONE_BY_ONE,
      }),
    );
    run.add(
      row({
        ...common,
        id: "commits.together",
        what: `commits an approval, ${many} at once`,
        value: together / many,
        samples: many,
      }),
    );
    await server.close();
  },
};
