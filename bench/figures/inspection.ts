// Looking through a call, in this process: ordinary commands, and large ones of several kinds. It has no floor.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ToolCall } from "../../src/domain/tool-call.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { packageRoot } from "../../src/server/system.ts";
import { percentile } from "../parts/statistics.ts";
import { type Figure, row } from "../rows.ts";

const ROUNDS = 20;
const QUICK_ROUNDS = 4;
const LARGE_ROUNDS = 15;
const QUICK_LARGE_ROUNDS = 4;
const LARGE = 32_000;
const HOME = "/home/someone";
const LIST = join(packageRoot(), "test", "unit", "shell-risk.harmless.txt");

const bash = (command: string): ToolCall => ({ toolName: "Bash", input: { command }, toolUseId: "toolu_1" });

/** Commands that the tests know as ordinary. */
function ordinary(): readonly ToolCall[] {
  return readFileSync(LIST, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !/^\[\w+\]$|[{}]/.test(line))
    .map((line) => bash(line.replaceAll("⏎", "\n")));
}

const fill = (piece: (index: number) => string) => {
  let text = "";
  for (let index = 0; text.length < LARGE; index += 1) text += piece(index);
  return text.slice(0, LARGE);
};

/** A made-up secret, another one each. */
const random = (index: number) => `aB3${index.toString(36)}dE5gH7jK9mN1pQ2rS4tU6vW8x`.slice(0, 24);

/** What is large in practice, and what has been slow: files that are written, long chains, data that is sent. */
const large: Readonly<Record<string, ToolCall>> = {
  "a script in a heredoc": bash(
    `cat > build.sh <<'EOF'\n${fill((index) => `echo "step ${index}" && cp "src/$${index}.ts" dist/ || exit 1\n`)}\nEOF`,
  ),
  "a chain of commands": bash(fill((index) => `git add src/file-${index}.ts && `).replace(/ && [^&]*$/, "")),
  "JSON that is sent": bash(
    `curl -X POST https://example.com/items -d '${JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id, name: `item ${id}`, tags: ["a", "b"] })))}'`,
  ),
  "a program in a string": bash(`python3 -c '${fill((index) => `print(${index}, "text of line")\n`)}'`),
  "one long word": bash(`echo ${fill(() => "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo0NTY3ODkw")}`),
  "tokens in variables": bash(fill((index) => `TOKEN_${index}=${random(index)}\n`)),
  "tokens that are used": bash(
    fill((index) => `API_KEY=${random(index)}; curl -H "Authorization: Bearer $API_KEY" x/${index}; `),
  ),
  "tokens in programs": bash(fill((index) => `python3 -c 'import os; os.system(x); t="${random(index)}"'; `)),
  pipes: bash(fill((index) => `grep line-${index} | `).replace(/ \| [^|]*$/, "")),
  "lines for a file": bash(fill((index) => `printf 'line ${index}' >> notes\n`)),
  "the shortest commands": bash(fill(() => "a && ").replace(/ && [^&]*$/, "")),
  folders: bash(fill((index) => `cd folder-${index} && `).replace(/ && [^&]*$/, "")),
  "a list of tokens": {
    toolName: "mcp__notes__add",
    input: { list: Array.from({ length: LARGE / 30 }, (_, index) => `token=${random(index)}`) },
    toolUseId: "toolu_1",
  },
  "settings of empty lines": {
    toolName: "Write",
    input: { file_path: "/home/someone/shop/.env", content: "\n".repeat(LARGE) },
    toolUseId: "toolu_1",
  },
  "a file that is written": {
    toolName: "Write",
    input: {
      file_path: "/home/someone/shop/src/list.ts",
      content: fill((index) => `export const value${index} = ${index};\n`),
    },
    toolUseId: "toolu_1",
  },
};

export const inspection: Figure = {
  name: "inspection",
  about: "looking through a call, in process",
  async run(run) {
    run.say("inspection: ordinary commands, then 32 kB");
    const inspector = createInspector({ home: HOME, ownPaths: ["/srv/approval"], ownPorts: [8000, 8001] });
    const calls = ordinary();
    const time = async (call: ToolCall) => {
      const start = performance.now();
      await inspector.inspect(call, `${HOME}/shop`);
      return performance.now() - start;
    };
    for (const call of calls) await time(call);
    const times: number[] = [];
    const before = process.cpuUsage();
    for (let round = 0; round < (run.quick ? QUICK_ROUNDS : ROUNDS); round += 1)
      for (const call of calls) times.push(await time(call));
    const { user, system } = process.cpuUsage(before);
    run.add(
      row({
        id: "inspection.ordinary.cpu",
        figure: "inspection",
        what: "an ordinary command, processor time, mean",
        unit: "ms",
        value: (user + system) / 1_000 / times.length,
        samples: times.length,
      }),
    );
    for (const share of [0.5, 0.99])
      run.add(
        row({
          id: `inspection.ordinary.p${share * 100}`,
          figure: "inspection",
          what: `an ordinary command, p${share * 100}`,
          unit: "ms",
          value: percentile(times, share),
          samples: times.length,
          note: `${calls.length} commands`,
          ...(share === 0.5 ? { target: { of: "value", is: "at most", limit: 0.3 } } : {}),
        }),
      );
    for (const [kind, call] of Object.entries(large)) {
      const rounds = run.quick ? QUICK_LARGE_ROUNDS : LARGE_ROUNDS;
      await time(call);
      const each: number[] = [];
      for (let round = 0; round < rounds; round += 1) each.push(await time(call));
      run.add(
        row({
          id: `inspection.large.${kind.replaceAll(" ", "-")}`,
          figure: "inspection",
          what: `32 kB: ${kind}`,
          unit: "ms",
          value: percentile(each, 0.5),
          samples: rounds,
          target: { of: "value", is: "at most", limit: 30 },
        }),
      );
    }
  },
};
