// Reading a shell text: whatever a second parser sees as a command is seen by ours too, or ours says that it could not read it.
import { strict as assert } from "node:assert";
import { analyse, type CommandAnalysis, MAX_COMMAND_LENGTH } from "../../../src/shell/analyse.ts";
import { script } from "../inputs/script.ts";
import { createSecondParser, isCommandFor } from "../inputs/second-parser.ts";
import { target } from "../target.ts";

/** What was read last is remembered: each is another text. */
let count = 0;
const another = (text: string) => {
  count += 1;
  return analyse(`${text}${count}`);
};

/** Words of the grammar, which tree-sitter takes for commands behind `time` and `coproc`. */
const NO_COMMANDS = new Set(
  "time coproc if then elif else fi while until do done for select in case esac function".split(" "),
);

export default target("shell", "a shell text → its commands, beside two other parsers", 3, async () => {
  const { commandsOf } = await createSecondParser();
  return {
    waits: true as const,
    input: script,
    async check(text) {
      const analysis = analyse(text);
      assert.ok(analysis.steps.length <= 25_000, "as many steps as the limits allow");
      for (const { start, end } of analysis.places())
        assert.ok(0 <= start && start <= end && end <= text.length);
      if (analysis.extent === "none") {
        assert.ok(analysis.findings.length > 0, "what was not read is said to be so");
        assert.equal(analysis.plain, undefined);
      }
      if (analysis.extent !== "whole") {
        assert.ok(analysis.risks.has("unreadable") || analysis.risks.has("not-fully-checked"));
        return;
      }
      const ours = namesOf(analysis);
      for (const command of commandsOf(text) ?? []) {
        if (ours.has(plainName(command.name)) || NO_COMMANDS.has(command.name)) continue;
        // Only now the slow judge.
        if (await isCommandFor(text, command))
          assert.fail(`${command.name} runs, and is not among: ${[...ours].join(" ")}`);
      }
      // A policy may allow nothing but plain commands: each of them must be one for the others, and no more may be there.
      if (analysis.plain !== undefined) {
        const others = commandsOf(text);
        if (others !== undefined)
          assert.ok(others.length <= analysis.plain.length, "a plain line has no other commands");
      }
    },
    growth: [
      ...[
        "a;",
        "a|",
        "$(",
        "`a`",
        "(",
        "{ ",
        "a=1 ",
        "'a' ",
        '"$X"',
        "<<E\n",
        "a&&",
        "a\n",
        "if a; then ",
        "[[ a",
        "((1+",
        "\\\n",
      ].map((part) => ({
        name: JSON.stringify(part),
        from: 4_000,
        run: (size: number) => another(part.repeat(size / part.length)),
      })),
      ...[
        "xargs ",
        "sudo ",
        "env -S 'a' ",
        "find . -exec a \\; ",
        "redis-cli <<E\n",
        "sed -e 's/a/b/' ",
        "sqlite3 x '\n",
      ].map((part) => ({
        name: JSON.stringify(part),
        from: 4_000,
        run: (size: number) => another(part.repeat(size / part.length)),
      })),
      {
        name: "blank lines to a database",
        from: 4_000,
        run: (size: number) => another(`redis-cli <<E\n${"\n ".repeat(size / 2)}x\nE\n`),
      },
      { name: "too long", from: MAX_COMMAND_LENGTH + 1, run: (size: number) => another("a;".repeat(size)) },
    ],
  };
});

/** Without folder, quotes and case: how the name is written is not the question here. */
function plainName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).toLowerCase();
}

function namesOf({ steps }: CommandAnalysis): Set<string> {
  return new Set(
    steps.flatMap((step) => {
      const word = step.call.command;
      return word === undefined ? [] : [plainName(word.text)];
    }),
  );
}
