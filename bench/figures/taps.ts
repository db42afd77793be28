// Tap → answer, with nobody and with thousands waiting; and the memory that a waiting call takes, which needs the same rooms.

import type { Usage } from "../parts/children.ts";
import { type Side, startFloor, startServerSide } from "../parts/sides.ts";
import { percentile } from "../parts/statistics.ts";
import { createWaitingRoom, timeTap, untilQuiet, type WaitingRoom } from "../parts/waiting-room.ts";
import { type Figure, type Run, row, type Target } from "../rows.ts";

const SIZES = [0, 1_000, 3_000, 5_000];
const QUICK_SIZES = [0, 300];
const TAPS = 400;
const QUICK_TAPS = 40;
const WARM_UP = 30;
const SETTLE_MS = 20_000;
const TAP_TARGET: Target = { of: "ratio", is: "at most", limit: 2 };
const MEMORY_TARGET: Target = { of: "value", is: "at most", limit: 15 };

export const taps: Figure = {
  name: "taps",
  about: "tap → answer with 0 to 5,000 waiting, and the memory of a waiting call",
  async run(run) {
    const sides = [await startServerSide(), await startFloor()] as const;
    const rooms = sides.map(createWaitingRoom) as [WaitingRoom, WaitingRoom];
    await tapBoth(rooms, WARM_UP);
    const empty = await Promise.all(sides.map((side) => side.child.usage(true)));
    const count = run.quick ? QUICK_TAPS : TAPS;
    for (const size of run.quick ? QUICK_SIZES : SIZES) {
      run.say(`taps: ${size} waiting`);
      for (const [index, room] of rooms.entries()) {
        await room.fill(size);
        await untilQuiet(sides[index] as Side, SETTLE_MS);
      }
      if (size >= Math.min(1_000, QUICK_SIZES[1] as number)) await addMemory(run, sides, empty, size);
      const used = () => Promise.all(sides.map(async (side) => (await side.child.usage()).cpuMs));
      const before = await used();
      const [ours, floor] = await tapBoth(rooms, count, size);
      const after = await used();
      const cpu = after.map((ms, side) => (ms - (before[side] ?? 0)) / count);
      run.add(
        row({
          id: `tap.${size}.cpu`,
          figure: "taps",
          what: `processor time of call, tap and answer, ${size.toLocaleString("en")} waiting`,
          unit: "ms",
          value: cpu[0] ?? 0,
          floor: cpu[1],
          samples: count,
        }),
      );
      for (const share of [0.5, 0.99]) {
        run.add(
          row({
            id: `tap.${size}.p${share * 100}`,
            figure: "taps",
            what: `tap → answer, ${size.toLocaleString("en")} waiting, p${share * 100}`,
            unit: "ms",
            value: percentile(ours, share),
            floor: percentile(floor, share),
            target: TAP_TARGET,
            samples: count,
          }),
        );
      }
    }
    for (const room of rooms) room.empty();
    await Promise.all(sides.map((side) => side.close()));
  },
};

/** Taps at both sides in turn, so that whatever else the machine does hits both. @param keep how many go on waiting */
async function tapBoth(
  rooms: readonly WaitingRoom[],
  count: number,
  keep = 0,
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let tap = 0; tap < count; tap += 1) {
    for (const side of tap % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const room = rooms[side] as WaitingRoom;
      // The youngest joins behind the others: the one that is tapped has waited longest.
      await room.fill(keep + 1);
      times[side].push(await timeTap(room.next()));
    }
  }
  return times;
}

async function addMemory(
  run: Run,
  sides: readonly Side[],
  empty: readonly Usage[],
  size: number,
): Promise<void> {
  const full = await Promise.all(sides.map((side) => side.child.usage(true)));
  const of = (kind: "rss" | "heapUsed", side: number) =>
    ((full[side] as Usage)[kind] - (empty[side] as Usage)[kind]) / size / 1_000;
  const kinds = [
    ["rss", "memory"],
    ["heapUsed", "heap"],
  ] as const;
  for (const [kind, words] of kinds) {
    const [ours, floor] = [of(kind, 0), of(kind, 1)];
    run.add(
      row({
        id: `memory.${size}.${kind}`,
        figure: "taps",
        what: `a waiting call above the floor's, ${size.toLocaleString("en")} waiting, ${words}`,
        unit: "kB",
        value: ours - floor,
        note: `${ours.toFixed(1)} kB, floor ${floor.toFixed(1)} kB`,
        ...(kind === "rss" && size >= 1_000 ? { target: MEMORY_TARGET } : {}),
      }),
    );
  }
}
