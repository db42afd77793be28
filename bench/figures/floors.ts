// The floors by themselves: what one commit, one POST on loopback and one answer of the SDK take on this machine today.

import { rmSync } from "node:fs";
import { Agent } from "node:http";
import { openCall } from "../parts/call.ts";
import { openPlainCommit } from "../parts/plain-commit.ts";
import { FORM, post } from "../parts/post.ts";
import { newFolder, startFloor } from "../parts/sides.ts";
import { percentile } from "../parts/statistics.ts";
import { type Figure, row } from "../rows.ts";

const ROUNDS = 500;
const QUICK_ROUNDS = 60;
const WARM_UP = 20;

export const floors: Figure = {
  name: "floors",
  about: "the floors by themselves",
  async run(run) {
    run.say("floors: commits, POSTs and answers in turn");
    const dir = newFolder();
    const floor = await startFloor();
    const { commit, close } = openPlainCommit(dir);
    const agent = new Agent({ keepAlive: true });
    const rounds = run.quick ? QUICK_ROUNDS : ROUNDS;
    const times = { commit: [] as number[], post: [] as number[], answer: [] as number[] };
    for (let round = -WARM_UP; round < rounds; round += 1) {
      const committed = commit();
      const start = performance.now();
      const posted = (await post(`${floor.url}/signal`, "id=nobody", FORM, agent)).at - start;
      const begun = performance.now();
      const answered = (await openCall(floor.target(agent), { id: "n" }).answer).at - begun;
      if (round < 0) continue;
      times.commit.push(committed);
      times.post.push(posted);
      times.answer.push(answered);
    }
    const kinds = [
      ["commit", "one SQLite commit (WAL, synchronous=FULL)"],
      ["post", "one POST on loopback"],
      ["answer", "a tool of the SDK that answers at once"],
    ] as const;
    for (const [kind, what] of kinds)
      for (const share of [0.5, 0.99])
        run.add(
          row({
            id: `floor.${kind}.p${share * 100}`,
            figure: "floors",
            what: `${what}, p${share * 100}`,
            unit: "ms",
            value: percentile(times[kind], share),
            samples: rounds,
          }),
        );
    agent.destroy();
    close();
    await floor.close();
    rmSync(dir, { recursive: true, force: true });
  },
};
