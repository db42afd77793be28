// What the check of an approval with Twilio adds: one GET, on loopback here. Two servers that differ in VERIFY_REPLIES only.

import { startServerSide } from "../parts/sides.ts";
import { percentile } from "../parts/statistics.ts";
import { createWaitingRoom, timeTap, type WaitingRoom } from "../parts/waiting-room.ts";
import { type Figure, row } from "../rows.ts";

const TAPS = 200;
const QUICK_TAPS = 30;

export const verification: Figure = {
  name: "verification",
  about: "what the check with Twilio adds to a tap",
  async run(run) {
    const sides = [await startServerSide({ VERIFY_REPLIES: "approvals" }), await startServerSide()] as const;
    const rooms = sides.map(createWaitingRoom) as [WaitingRoom, WaitingRoom];
    const times: [number[], number[]] = [[], []];
    const count = run.quick ? QUICK_TAPS : TAPS;
    run.say("verification: taps with and without it");
    for (let tap = 0; tap < count; tap += 1) {
      for (const side of [0, 1] as const) {
        await rooms[side].fill(1);
        times[side].push(await timeTap(rooms[side].next()));
      }
    }
    const fetches = sides[0].twilio.fetches();
    if (fetches !== count) throw new Error(`${count} taps were checked with ${fetches} questions`);
    for (const share of [0.5, 0.99]) {
      run.add(
        row({
          id: `verification.p${share * 100}`,
          figure: "verification",
          what: `checked tap → answer, p${share * 100} (floor: unchecked)`,
          unit: "ms",
          value: percentile(times[0], share),
          floor: percentile(times[1], share),
          samples: count,
          note: "one GET an approval, here to a Twilio on loopback",
        }),
      );
    }
    await Promise.all(sides.map((side) => side.close()));
  },
};
