// A pairing whose process is killed at each of its steps, over a real database: whoever was there before hears of the new chat, at least once.
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openBindings } from "../../src/core/bindings.ts";
import { createPairing } from "../../src/core/pairing.ts";
import { hashOfCode } from "../../src/core/pairing-code.ts";
import { createPeople } from "../../src/core/people.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const CODE = "kqmwa";
const ADA = "telegram:7001" as Phone;
const BEN = "telegram:7002" as Phone;
const NEW = "telegram:7003" as Phone;

/** Ends a run: nothing that it began comes back, and nothing it does afterwards has an effect. */
interface Killer {
  /** Around everything that reaches the disk or a phone. */
  step<T>(work: () => Promise<T>): Promise<T>;
  readonly steps: () => number;
  readonly dead: Promise<void>;
}

/** @param at the step that it ends at, from 0 @param when before it has an effect, or after it had */
function killer(at: number, when: "before" | "after"): Killer {
  let steps = 0;
  let isDead = false;
  let die = () => {};
  const dead = new Promise<void>((resolve) => {
    die = resolve;
  });
  const never = new Promise<never>(() => {});
  const kill = () => {
    isDead = true;
    die();
    return never;
  };
  return {
    dead,
    steps: () => steps,
    async step(work) {
      if (isDead) return never;
      const here = steps++ === at;
      if (here && when === "before") return kill();
      const result = await work();
      return here || isDead ? kill() : result;
    },
  };
}

async function startRun(path: string, told: string[], { step }: Pick<Killer, "step">, refuses?: Phone) {
  const store = createSqliteStore(path);
  const [clock, log] = [createFakeClock(), createKeptLog()];
  const people = createPeople({ people: [], channels: ["telegram"] });
  const stepped = {
    ...store,
    keepBinding: (...args: Parameters<typeof store.keepBinding>) => step(() => store.keepBinding(...args)),
    keepUntold: (...args: Parameters<typeof store.keepUntold>) => step(() => store.keepUntold(...args)),
  };
  const bindings = await openBindings({ people, store: stepped, secretOf: () => "a token", clock, log });
  const messenger = {
    tell: (to: Phone, { kind }: Notice) =>
      step(async () => {
        if (to === refuses) throw new Error("cannot be reached");
        return `N${told.push(`${to} ${kind}`)}`;
      }),
  };
  const pairing = createPairing({ people, bindings, messenger, clock, log });
  return { store, people, bindings, pairing, clock };
}

const ALIVE = { step: <T>(work: () => Promise<T>) => work() };

/** Ada and Ben may approve; then a third chat writes the code in a run that ends at that step. */
async function pairThird(kill: Killer, refuses?: Phone) {
  const path = join(temporaryFolder(), "approvals.db");
  const told: string[] = [];
  const first = await startRun(path, [], ALIVE);
  await first.bindings.bind(ADA, "ada");
  await first.bindings.bind(BEN, "ben");
  await first.store.close();
  const run = await startRun(path, told, kill, refuses);
  run.pairing.tellLeft();
  void run.pairing.open({ channel: "telegram", person: "cem", code: hashOfCode(CODE, "salt") });
  const whole = run.pairing
    .hear({ from: NEW, text: CODE, at: run.clock.now() })
    .then(() => run.pairing.idle(1_000));
  await Promise.race([whole, kill.dead]);
  await run.store.close();
  const restart = async () => {
    const next = await startRun(path, told, ALIVE);
    onTestFinished(() => next.store.close());
    next.pairing.tellLeft();
    await next.pairing.idle(1_000);
    return next.people.mayApprove(NEW);
  };
  return { told, restart };
}

/** The binding, three messages, and what is noted after each of them. */
const STEPS = 7;
const ALL = [`${ADA} approver-added`, `${BEN} approver-added`, `${NEW} paired`];

describe("a pairing", () => {
  it("that nothing ends tells everybody once, and the next start nobody", async () => {
    const whole = killer(-1, "before");
    const { told, restart } = await pairThird(whole);
    expect(await restart()).toBe(true);
    expect(told.toSorted()).toEqual(ALL);
    expect(whole.steps()).toBe(STEPS);
  });

  it.each(
    Array.from({ length: STEPS }, (_, at) => at).flatMap((at) => [
      [at, "before"] as const,
      [at, "after"] as const,
    ]),
  )(
    "that is killed at step %i, %s it is done, tells everybody at the next start, or has bound nobody",
    async (at, when) => {
      const { told, restart } = await pairThird(killer(at, when));
      const isBound = at > 0 || when === "after";
      expect(await restart()).toBe(isBound);
      expect([...new Set(told)].toSorted()).toEqual(isBound ? ALL : []);
    },
  );

  it("of which somebody could not be told is told to them by the next start, and to nobody else again", async () => {
    const { told, restart } = await pairThird(killer(-1, "before"), BEN);
    expect(told.toSorted()).toEqual([ALL[0], ALL[2]]);
    await restart();
    await restart();
    expect(told.toSorted()).toEqual(ALL);
  });
});
