// 5,000 waiting and 200 taps a second, until few wait. The taps keep to their timetable whatever the server does, and each answer is
// counted from the moment that its tap was due. Every answer is checked: the right call, the right decision, none lost, none late.
import { setTimeout as pause } from "node:timers/promises";
import { openCall } from "../parts/call.ts";
import { bashCall, requestId, type ServerSide, startServerSide } from "../parts/sides.ts";
import { percentile } from "../parts/statistics.ts";
import { type Figure, row } from "../rows.ts";

const WAITING = 5_000;
const QUICK_WAITING = 200;
const PER_SECOND = 200;
const QUICK_PER_SECOND = 10;
const SECONDS = 20;
const QUICK_SECONDS = 6;
const BATCH = 100;
const LATE_MS = 1_000;
/** How long the last answers may take before they count as lost. */
const LOST_MS = 30_000;

interface Waiting {
  readonly number: number;
  readonly command: string;
  readonly id: string;
  readonly answer: Promise<{ readonly text: string; readonly at: number }>;
  drop(): void;
}

type Verdict = "right" | "wrong" | "lost";

export const load: Figure = {
  name: "load",
  about: "5,000 waiting and 200 taps a second, every answer checked",
  async run(run) {
    const size = run.quick ? QUICK_WAITING : WAITING;
    const rate = run.quick ? QUICK_PER_SECOND : PER_SECOND;
    const total = rate * (run.quick ? QUICK_SECONDS : SECONDS);
    const server = await startServerSide();
    const opener = createOpener(server);
    const room: Waiting[] = [];
    while (room.length < size) {
      run.say(`load: ${room.length} of ${size} wait`);
      room.push(...(await Promise.all(Array.from({ length: Math.min(BATCH, size - room.length) }, opener))));
    }
    run.say(`load: ${total} taps, ${rate} a second, with ${size} waiting`);
    const before = await server.child.usage();
    const times: number[] = [];
    const found: Promise<Verdict>[] = [];
    const start = performance.now();
    for (let tap = 0; tap < total; tap += 1) {
      const due = start + (tap / rate) * 1_000;
      if (due > performance.now()) await pause(due - performance.now());
      const next = room.shift() as Waiting;
      found.push(answered(server, next, due, times));
    }
    const verdicts = await Promise.all(found);
    const took = (performance.now() - start) / 1_000;
    const after = await server.child.usage();
    for (const { drop } of room) drop();
    await server.close();
    const count = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length;
    const none = { of: "value", is: "at most", limit: 0 } as const;
    const common = { figure: "load", samples: total } as const;
    const what = `${rate} taps a second, ${size.toLocaleString("en")} waiting`;
    for (const share of [0.5, 0.99])
      run.add(
        row({
          ...common,
          id: `load.p${share * 100}`,
          what: `${what}, p${share * 100}`,
          unit: "ms",
          value: percentile(times, share),
        }),
      );
    run.add(
      row({
        ...common,
        id: "load.wrong",
        what: "answers of another request or decision",
        unit: "count",
        value: count("wrong"),
        target: none,
      }),
    );
    run.add(
      row({
        ...common,
        id: "load.lost",
        what: "answers that did not come",
        unit: "count",
        value: count("lost"),
        target: none,
      }),
    );
    const late = times.filter((ms) => ms > LATE_MS).length;
    run.add(
      row({
        ...common,
        id: "load.late",
        what: `answers later than ${LATE_MS} ms`,
        unit: "count",
        value: late,
        target: none,
      }),
    );
    run.add(
      row({
        ...common,
        id: "load.busy",
        what: "processor of the server meanwhile",
        unit: "%",
        value: (after.cpuMs - before.cpuMs) / took / 10,
      }),
    );
  },
};

function createOpener(server: ServerSide): () => Promise<Waiting> {
  let opened = 0;
  return async () => {
    opened += 1;
    const number = opened;
    const command = `ls -la /srv/shop/item-${number}`;
    const call = openCall({ ...server.target(), token: server.token(number) }, bashCall(command, number));
    const { note } = await call.taken;
    return { number, command, id: requestId(note), answer: call.answer, drop: call.drop };
  };
}

/** Every third is denied, with a reason of its own. */
async function answered(
  server: ServerSide,
  waiting: Waiting,
  due: number,
  times: number[],
): Promise<Verdict> {
  const { number, command, id, answer } = waiting;
  const isDenied = number % 3 === 0;
  const reason = `reason number ${number}`;
  const tap = isDenied
    ? server.twilio.words(server.webhookUrl, `DENY ${id} ${reason}`)
    : server.twilio.tap(server.webhookUrl, "approve", id);
  const lost = pause(LOST_MS, undefined, { ref: false });
  await tap.post().catch(() => {});
  const got = await Promise.race([answer, lost]).catch(() => undefined);
  if (got === undefined) return "lost";
  times.push(got.at - due);
  const decision = JSON.parse(got.text) as {
    behavior: string;
    message?: string;
    updatedInput?: { command?: string };
  };
  const isRight = isDenied
    ? decision.behavior === "deny" && decision.message?.includes(reason) === true
    : decision.behavior === "allow" && decision.updatedInput?.command === command;
  return isRight ? "right" : "wrong";
}
