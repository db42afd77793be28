// The table of commands against what is documented and what is there.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { EXIT } from "../../src/cli/exit.ts";
import { packageRoot } from "../../src/server/system.ts";

const read = (path: string) => readFileSync(join(packageRoot(), path), "utf8");

describe("the table of commands", () => {
  it("is README's table, in its order and its words", () => {
    const [, section = ""] = read("README.md").split("\n## Commands\n");
    const rows = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| `([^`]+)` +\| (.+?) +\|$/gm)];
    const shown = rows.map(([, command, text = ""]) => [command, text.replaceAll("`", "")]);
    expect(shown).toEqual(
      COMMANDS.map(({ name, npm, summary }) => [npm ?? `approval-server ${name}`, summary]),
    );
  });

  it("names scripts of package.json, each with its entry", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
    for (const { name, npm } of COMMANDS) {
      if (npm === undefined) continue;
      const script = scripts[npm.replace(/^npm (run )?/, "")] ?? "";
      expect(script).toBe(`exec node bin/npm.js ${name}`);
      const entry = name === "start" ? "src/main.ts" : `scripts/${name}.ts`;
      expect([name, existsSync(join(packageRoot(), entry))]).toEqual([name, true]);
    }
  });

  it("names each argument that must be there so that a sentence can say that it is missing", () => {
    const forms = COMMANDS.flatMap((row) => [row, ...(row.verbs ?? [])]);
    const names = forms
      .flatMap((form) => form.arguments ?? [])
      .filter(({ isOptional }) => isOptional !== true);
    expect(names.length).toBeGreaterThan(2);
    for (const { about } of names) expect(about).toMatch(/^[^,;()]+(?: \([^()]+\))?$/);
  });

  it("ends wrong usage with 64 in every command, and never takes help for an approval", () => {
    expect(EXIT.usage).toBe(64);
    for (const { name, exits } of COMMANDS)
      expect([name, exits.help]).toEqual([name, name === "ask" ? 64 : 0]);
  });

  it.each(COMMANDS.filter(({ name }) => name !== "start"))("loads $name", async ({ load }) => {
    expect(await load?.()).toBeTypeOf("function");
  });
});
