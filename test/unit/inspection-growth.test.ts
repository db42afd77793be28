// What looking through a call costs grows with its length: four times the text takes about four times the processor time, a square
// would take sixteen. The least of several looks counts: what else the machine does only ever adds.
import { describe, expect, it } from "vitest";
import type { ToolCall } from "../../src/domain/tool-call.ts";
import { createInspector } from "../../src/inspection/inspector.ts";

const OWN = `own-${"secret-".repeat(3)}of-ours`;
const inspector = createInspector({
  home: "/home/someone",
  ownPaths: ["/srv/approval"],
  ownPorts: [8000],
  ownSecrets: [OWN],
});

/** Made up, another one each. */
const random = (index: number) => `aB3${index.toString(36)}dE5gH7jK9mN1pQ2rS4tU6vW8x`.slice(0, 24);
const token = (index: number) => `gh${"p_"}${random(index)}${random(index + 1)}`.slice(0, 40);

/** Each is repeated until the text is long enough. */
const COMMANDS: Readonly<Record<string, (index: number) => string>> = {
  "a chain": (index) => `make a${index} && make b${index} && `,
  pipes: (index) => `grep a${index} | sort | `,
  "tokens in variables": (index) => `A${index}=${token(index)}\n`,
  "tokens in one variable": (index) => `A=${token(index)}\n`,
  "tokens in variables that are used": (index) =>
    `API_TOKEN=${random(index)}; curl -H "Authorization: Bearer $API_TOKEN" x${index}; `,
  "names over two lines": (index) => `TOKEN_${index}=${token(index)} ; echo $TOK\\\nEN_${index}; `,
  "lines for a file": (index) => `printf 'line ${index}' >> notes\n`,
  "lines for files": (index) => `printf 'line ${index}' >> notes-${index}\n`,
  folders: (index) => `cd folder${index} && cp a b && `,
  "programs with tokens": (index) => `python3 -c 'import os; os.system(x); t${index}="${token(index)}"'; `,
  "here-documents with tokens": (index) => `cat > f${index} <<E\nPASSWORD=${random(index)} $X\nE\n`,
  substitutions: (index) => `echo $(cat f${index}) "$(ls)"; `,
};
const TEXTS: Readonly<Record<string, (index: number) => string>> = {
  settings: (index) => `API_KEY_${index}=${random(index)}\n`,
  "empty lines": () => "\n",
  "own secrets beside others": (index) => `${OWN} ${token(index)} `,
  addresses: (index) => `postgres://user:${random(index)}@db/x\n`,
  "one word": () => "aB3dE5gH7jK9",
};

const LENGTH = 6_000;
const TIMES = 4;
const LOOKS = 5;
const MOST = 8;
const TURNS = 4;

function textOf(piece: (index: number) => string, length: number): string {
  let text = "";
  for (let index = 0; text.length < length; index += 1) text += piece(index);
  return `${text}true`;
}

const bash = (command: string): ToolCall => ({ toolName: "Bash", input: { command } });
const mcp = (text: string): ToolCall => ({ toolName: "mcp__a__b", input: { text } });

/** Processor time, ms. */
async function leastTime(call: (turn: number) => ToolCall): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < LOOKS; turn += 1) {
    const looked = call(turn);
    const before = process.cpuUsage();
    await inspector.inspect(looked, "/home/someone/shop");
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** The least of several, as soon as one is little enough: a machine that is busy with something else makes it look like more. */
async function leastGrowth(
  piece: (index: number) => string,
  as: (text: string) => ToolCall,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < TURNS && least >= MOST; turn += 1)
    least = Math.min(least, await growthOf(piece, as));
  return least;
}

async function growthOf(piece: (index: number) => string, as: (text: string) => ToolCall): Promise<number> {
  // What was read last is remembered: each turn has another text.
  const timeOf = (length: number) => {
    const text = textOf(piece, length);
    return leastTime((turn) => as(text + turn));
  };
  const small = await timeOf(LENGTH);
  return (await timeOf(LENGTH * TIMES)) / small;
}

describe("the time of looking through", () => {
  it.each(Object.entries(COMMANDS))("a command grows with its length: %s", async (_, piece) => {
    expect(await leastGrowth(piece, bash)).toBeLessThan(MOST);
  });

  it.each(Object.entries(TEXTS))("a text grows with its length: %s", async (_, piece) => {
    expect(await leastGrowth(piece, mcp)).toBeLessThan(MOST);
  });
});
