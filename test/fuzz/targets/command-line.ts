// The arguments of the commands: a call or a text with an exit code, never a crash, and never another command than was named.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { readCommandLine } from "../../../src/cli/command-line.ts";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { anyText, mutated } from "../inputs/text.ts";
import { target } from "../target.ts";

const FLAGS = COMMANDS.flatMap(({ options = [], verbs = [] }) =>
  [...options, ...verbs.flatMap((verb) => verb.options ?? [])].flatMap(({ flags }) => flags.split(/[ ,]+/)),
).filter((flag) => flag.startsWith("-"));
const NAMES = COMMANDS.flatMap(({ name, verbs = [] }) => [name, ...verbs.map((verb) => verb.name)]);
const word = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.constantFrom(...FLAGS, "--help", "--version", "--dir", "--", "-h", "--dir=x"),
  mutated([...NAMES, ...FLAGS], 2),
  anyText,
);

export default target("command-line", "arguments → a command, or what is wrong with them", 0.7, () => ({
  input: fc.array(word, { maxLength: 5 }),
  check(argv) {
    const line = readCommandLine(argv, { start: "approval-server", version: "1" });
    if (line.kind === "notice") {
      assert.ok(line.text !== "" && line.exitCode >= 0 && line.exitCode < 128);
      if (line.to === "err") assert.notEqual(line.exitCode, 0, "what is wrong ends as if it were right");
    } else assert.ok(argv.includes(line.command.name), "a command runs that was not named");
  },
}));
