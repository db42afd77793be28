// Not one of thousands of ordinary commands is altered: commit and image digests, UUIDs, checksums, names and paths with
// "token" and "password" in them, variables, placeholders. The values are made from a fixed seed.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createInspector } from "../../src/inspection/inspector.ts";
import { createSecretMasker } from "../../src/inspection/secrets.ts";
import { readTables } from "../helpers/tables.ts";

const inspector = createInspector({ home: "/home/ann", ownPaths: [], ownPorts: [] });
const masker = createSecretMasker();

/** Numerical Recipes' generator: the same commands in each run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const random = createRandom(8);
const from = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[random(alphabet.length)]).join("");

const DIGITS = "0123456789";
const HEX = `${DIGITS}abcdef`;
const LOW = "abcdefghijklmnopqrstuvwxyz";
const ALNUM = `${DIGITS}${LOW}${LOW.toUpperCase()}`;
const BASE58 = ALNUM.replace(/[0OIl]/g, "");
const VALUES: Readonly<Record<string, () => string>> = {
  sha: () => from(HEX, 40),
  short: () => from(HEX, 7),
  hex: () => from(HEX, 32),
  uuid: () => [8, 4, 4, 4, 12].map((length) => from(HEX, length)).join("-"),
  ver: () => `${random(20)}.${random(30)}.${random(99)}`,
  int: () => String(1_000 + random(8_000)),
  acct: () => from("123456789", 12),
  b64: () => Buffer.from(from(ALNUM, 30 + random(60))).toString("base64"),
  alnum24: () => from(ALNUM, 24),
  b58x44: () => from(BASE58, 44),
  b64x43: () => from(`${ALNUM}+/`, 43),
  b64x86: () => from(`${ALNUM}+/`, 86),
  low5: () => from(LOW, 5),
  HEX40: () => from(HEX, 40).toUpperCase(),
};

function valueFor(name: string): string {
  const fixed = VALUES[name];
  if (fixed !== undefined) return fixed();
  const [, kind, length = "1"] = /^(hex|int)(\d+)$/.exec(name) ?? [];
  return kind === "hex" ? from(HEX, Number(length)) : from("123456789", Number(length));
}

const TEMPLATES = readFileSync(new URL("secrets.ordinary.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");
const PLACE = new RegExp(`\\{(${Object.keys(VALUES).join("|")}|hex\\d+|int\\d+)\\}`, "g");
const GENERATED = TEMPLATES.flatMap((template) =>
  Array.from({ length: 16 }, () =>
    template.replaceAll("⏎", "\n").replace(PLACE, (_, name: string) => valueFor(name)),
  ),
);
const TABLES = [
  "shell-risk.harmless",
  "shell-risk.risky",
  "policy.allowed",
  "policy.denied",
  "policy.not-allowed",
].flatMap((name) => [...readTables(new URL(`${name}.txt`, import.meta.url)).values()].flat());
const COMMANDS = [...new Set([...GENERATED, ...TABLES])];

describe("an ordinary command", () => {
  it("is one of more than three thousand", () => {
    expect(COMMANDS.length).toBeGreaterThan(3_500);
  });

  it("is not altered", async () => {
    const altered: string[] = [];
    for (const command of COMMANDS) {
      const { shown } = await inspector.inspect({ toolName: "Bash", input: { command } }, "/work");
      if (shown.input["command"] !== command) altered.push(String(shown.input["command"]));
    }
    expect(altered).toEqual([]);
  });

  it("is not altered where nobody knows that it is a command", () => {
    expect(
      COMMANDS.map((command) => masker.mask(command).text).filter((text, at) => text !== COMMANDS[at]),
    ).toEqual([]);
  });
});
