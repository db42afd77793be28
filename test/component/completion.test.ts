// Completion in the shells themselves: bash always, zsh and fish where they are installed (CI installs them).
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { runHere } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];
const there = (shell: Shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0;

/** How each shell is asked what it would offer; all print one word a line. */
const ASK: Readonly<Record<Shell, (line: string, script: string) => readonly string[]>> = {
  // As readline does: the words are taken apart at spaces and at the sign.
  bash: (line, script) => {
    const words = line.replaceAll("=", " = ").split(/ +/);
    const list = words.map((word) => `'${word}'`).join(" ");
    return [
      "--norc",
      "-c",
      `${script}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _approval_server; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ];
  },
  // Its own functions draw menus: what they would be given is printed in their place.
  zsh: (line, script) => {
    const words = line.split(/ +/);
    const list = words.map((word) => `'${word}'`).join(" ");
    return [
      "-f",
      "-c",
      `compdef() {}
_describe() { local last=\${argv[-1]}; print -rl -- \${(P)last%%:*} }
compadd() { shift; print -rl -- "$@" }
compset() {}
_message() {}
_files() { [[ $1 == -/ ]] && print -rl -- *(N/) || print -rl -- *(N) }
${script}
words=(${list}); CURRENT=${words.length}; _approval_server`,
    ];
  },
  fish: (line, script) => ["--no-config", "-c", `${script}\ncomplete -C '${line}' | string split -f1 \\t`],
};

async function offered(shell: Shell, line: string, cwd: string): Promise<string[]> {
  const script = (await runHere(["completion", shell])).out;
  const { status, stdout, stderr } = spawnSync(shell, ASK[shell](line, script), {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: cwd },
  });
  expect({ status, stderr }).toEqual({ status: expect.any(Number), stderr: "" });
  const cur = /[^ =]*$/.exec(line)?.[0] ?? "";
  const words = stdout.split("\n").filter((word) => word !== "");
  // fish repeats the option in front of the value.
  return words
    .map((word) => word.replace(/^--[\w-]+=/, "").replace(/\/$/, ""))
    .filter((word) => word.startsWith(cur));
}

describe.each(SHELLS)("completion for %s", (shell) => {
  const names = COMMANDS.map(({ name }) => name);

  it("is printed, and nothing else", async () => {
    const { code, out, err } = await runHere(["completion", shell]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const name of names) expect(out).toContain(name);
  });

  it.skipIf(!there(shell)).each<[string, readonly string[]]>([
    ["approval-server ", names],
    ["approval-server d", ["demo", "doctor"]],
    ["approval-server hooks ", ["install", "uninstall", "print"]],
    ["approval-server hooks un", ["uninstall"]],
    ["approval-server --dir start ho", ["hooks"]],
    ["approval-server policy test --d", ["--door", "--dir"]],
    ["approval-server policy test --door ", ["mcp", "hook", "rest", "phone"]],
    ["approval-server policy test --door=h", ["hook"]],
    ["approval-server policy --dir x test --door r", ["rest"]],
    ["approval-server ask --j", ["--json"]],
    ["approval-server completion ", ["bash", "zsh", "fish"]],
    ["approval-server start --dir w", ["web shop"]],
    ["approval-server policy check w", ["web shop", "wrong.json"]],
    ["approval-server policy test --file wr", ["wrong.json"]],
    ["approval-server ask --reason d", []],
  ])("offers for %j: %j", async (line, words) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "web shop"));
    writeFileSync(join(folder, "wrong.json"), "");
    const found = (await offered(shell, line, folder)).map((word) => word.replaceAll("\\ ", " "));
    const options = line.endsWith(" ") ? found.filter((word) => word.startsWith("-")) : [];
    const rest = found.filter(
      (word) => !options.includes(word) && !["web shop", "wrong.json"].includes(word),
    );
    const wanted = words.filter((word) => !["web shop", "wrong.json"].includes(word));
    expect([...new Set(rest)].toSorted()).toEqual([...wanted].toSorted());
    for (const word of words) expect(found).toContain(word);
  });
});

describe("completion", () => {
  it.each([["tcsh"], ["Bash"], [""]])(
    "of another shell (%j) is refused with those that are known",
    async (shell) => {
      const { code, out, err } = await runHere(["completion", shell]);
      expect({ code, out }).toEqual({ code: 64, out: "" });
      expect(err).toContain("bash, zsh, fish");
    },
  );
});
