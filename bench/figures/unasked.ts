// What needs no person: a call that a grant answers, and one that the policy allows. Both write their row before they answer.
import { rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { openCall } from "../parts/call.ts";
import { openPlainCommit } from "../parts/plain-commit.ts";
import {
  bashCall,
  newFolder,
  requestId,
  type ServerSide,
  startFloor,
  startServerSide,
} from "../parts/sides.ts";
import { percentile } from "../parts/statistics.ts";
import { type Figure, type Run, row, type Target } from "../rows.ts";

const CALLS = 400;
const QUICK_CALLS = 50;
const WARM_UP = 30;
const POLICY = { version: 1, rules: [{ decision: "allow", rules: ["Bash(git status)"] }] };
const TARGET: Target = { of: "ratio", is: "at most", limit: 1.3 };

export const grant: Figure = {
  name: "grant",
  about: "what a grant answers",
  async run(run) {
    const server = await startServerSide();
    const command = "ls -la /etc";
    const first = openCall(server.target(), bashCall(command, 0));
    const id = requestId((await first.taken).note);
    await server.twilio.shows(`session:${id}`);
    await server.twilio.tap(server.webhookUrl, "session", id).post();
    await first.answer;
    await answers(run, server, { figure: "grant", what: "a grant answers", command, target: TARGET });
  },
};

export const policy: Figure = {
  name: "policy",
  about: "what the policy allows",
  async run(run) {
    const write = (dir: string) => writeFileSync(join(dir, "policy.json"), JSON.stringify(POLICY));
    const server = await startServerSide({}, write);
    const what = "the policy allows";
    await answers(run, server, { figure: "policy", what, command: "git status" });
  },
};

interface Unasked {
  readonly figure: string;
  readonly what: string;
  readonly command: string;
  readonly target?: Target;
}

/** Calls the server, the floor and the disk in turn. */
async function answers(
  run: Run,
  server: ServerSide,
  { figure, what, command, target }: Unasked,
): Promise<void> {
  const count = run.quick ? QUICK_CALLS : CALLS;
  run.say(`${figure}: ${count} calls in turn with the floor`);
  const floor = await startFloor();
  const dir = newFolder();
  const { commit, close } = openPlainCommit(dir);
  const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })] as const;
  const times = { ours: [] as number[], tool: [] as number[], commit: [] as number[] };
  const used = () => Promise.all([server.child.usage(), floor.child.usage()]);
  let before = await used();
  for (let call = -WARM_UP; call < count; call += 1) {
    if (call === 0) before = await used();
    const start = performance.now();
    const answer = await openCall(server.target(agents[0]), bashCall(command, 1_000 + call)).answer;
    const ours = answer.at - start;
    if (!answer.text.includes('"behavior":"allow"')) throw new Error(`not allowed: ${answer.text}`);
    const begun = performance.now();
    const tool = (await openCall(floor.target(agents[1]), { id: "n" }).answer).at - begun;
    const committed = commit();
    if (call < 0) continue;
    times.ours.push(ours);
    times.tool.push(tool);
    times.commit.push(committed);
  }
  const after = await used();
  const cpu = ([0, 1] as const).map((side) => (after[side].cpuMs - before[side].cpuMs) / count);
  run.add(
    row({
      id: `${figure}.cpu`,
      figure,
      what: `${what}, processor time (floor: the tool)`,
      unit: "ms",
      value: cpu[0] ?? 0,
      floor: cpu[1],
      samples: count,
    }),
  );
  for (const share of [0.5, 0.99]) {
    const value = percentile(times.ours, share);
    const tool = percentile(times.tool, share);
    const common = { figure, unit: "ms", value, samples: count } as const;
    const judged = target === undefined || share !== 0.5 ? {} : { target };
    const name = `${what}, p${share * 100}`;
    run.add(
      row({
        ...common,
        id: `${figure}.p${share * 100}`,
        what: `${name} (floor: the tool)`,
        floor: tool,
        ...judged,
      }),
    );
    run.add(
      row({
        ...common,
        id: `${figure}.commit.p${share * 100}`,
        what: `${name} (floor: tool and commit)`,
        floor: tool + percentile(times.commit, share),
        ...judged,
      }),
    );
  }
  for (const agent of agents) agent.destroy();
  close();
  await Promise.all([server.close(), floor.close()]);
  rmSync(dir, { recursive: true, force: true });
}
