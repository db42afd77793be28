// A thousand taps at once: from the first tap that leaves to the last answer that comes.

import { type Side, startFloor, startServerSide } from "../parts/sides.ts";
import { median } from "../parts/statistics.ts";
import { createWaitingRoom, untilQuiet, type WaitingRoom } from "../parts/waiting-room.ts";
import { type Figure, row } from "../rows.ts";

const TAPS = 1_000;
const QUICK_TAPS = 150;
const ROUNDS = 5;
const QUICK_ROUNDS = 3;
const SETTLE_MS = 20_000;

export const burst: Figure = {
  name: "burst",
  about: "1,000 taps at once",
  async run(run) {
    const sides = [await startServerSide(), await startFloor()] as const;
    const rooms = sides.map(createWaitingRoom) as [WaitingRoom, WaitingRoom];
    const count = run.quick ? QUICK_TAPS : TAPS;
    const rounds = run.quick ? QUICK_ROUNDS : ROUNDS;
    const times: [number[], number[]] = [[], []];
    const cpu: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      run.say(`burst: ${count} taps at once, round ${round + 1} of ${rounds}`);
      for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        await rooms[side].fill(count);
        await untilQuiet(sides[side] as Side, SETTLE_MS);
        const before = await sides[side].child.usage();
        times[side].push(await tapAll(rooms[side]));
        cpu[side].push((await sides[side].child.usage()).cpuMs - before.cpuMs);
      }
    }
    run.add(
      row({
        id: "burst.time",
        figure: "burst",
        what: `${count.toLocaleString("en")} taps at once: the last answer`,
        unit: "ms",
        value: median(times[0]),
        floor: median(times[1]),
        target: { of: "ratio", is: "at most", limit: 1.5 },
        samples: rounds,
      }),
    );
    run.add(
      row({
        id: "burst.cpu",
        figure: "burst",
        what: "processor time for one of them",
        unit: "ms",
        value: median(cpu[0]) / count,
        floor: median(cpu[1]) / count,
        samples: rounds,
      }),
    );
    await Promise.all(sides.map((side) => side.close()));
  },
};

async function tapAll(room: WaitingRoom): Promise<number> {
  const ready = Array.from({ length: room.size }, () => room.next()).map(({ call, ready }) => ({
    call,
    tap: ready(),
  }));
  const start = performance.now();
  const answers = await Promise.all(
    ready.map(async ({ call, tap }) => {
      const [{ status }, answer] = await Promise.all([tap.post(), call.answer]);
      if (status !== 200 || !answer.text.includes('"behavior":"allow"'))
        throw new Error(`a tap of many went wrong (HTTP ${status}): ${answer.text}`);
      return answer.at;
    }),
  );
  return Math.max(...answers) - start;
}
