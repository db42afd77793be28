// Help, and words that no command knows: each says what it has to say, and does nothing else.
import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { CommandForm } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { run, runHere, start } from "../helpers/command-line.ts";
import { startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** Every way to name something that can be done: `ask`, `hooks install`, … */
const CALLS = COMMANDS.flatMap((command) => [
  { words: [command.name], form: command as CommandForm, help: command.exits.help, runs: !command.verbs },
  ...(command.verbs ?? []).map((form) => ({
    words: [command.name, form.name],
    form,
    help: command.exits.help,
    runs: true,
  })),
]);

/** Runs a command where anything that it does is noticed. */
async function watched(argv: readonly string[]) {
  const folder = temporaryFolder();
  const touched: string[] = [];
  const result = await runHere(argv, {
    folder,
    env: { HOME: folder },
    stdin: new Readable({ read: () => void touched.push("stdin") }),
    fetch: () => {
      touched.push("network");
      return Promise.reject(new Error("nothing may be asked"));
    },
  });
  expect(touched).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  return result;
}

describe.each(CALLS.map(({ words, ...more }) => ({ name: words.join(" "), words, ...more })))(
  "$name",
  ({ words, form, help, runs }) => {
    const wanted = (form.arguments ?? []).map(({ name }) => name);

    it.each(["--help", "-h"])("explains itself with %s, and does nothing else", async (flag) => {
      const { code, out, err } = await watched([...words, flag]);
      expect({ code, err }).toEqual({ code: help, err: "" });
      expect(out).toMatch(/^Usage: /);
      for (const { flags, about } of form.options ?? []) {
        expect(out).toContain(flags);
        expect(out.replaceAll(/\s+/g, " ")).toContain(about);
      }
      for (const name of wanted) expect(out).toContain(name);
    });

    it("names an option that it does not know and the nearest that it does, and does nothing else", async () => {
      const { code, out, err } = await watched([...words, "--hepl", ...wanted]);
      expect({ code, out }).toEqual({ code: 64, out: "" });
      expect(err).toContain("Unknown option '--hepl'; did you mean --help?");
    });

    it("names a word too many, and does nothing else", async () => {
      const { code, out, err } = await watched([...words, ...wanted, "surplus"]);
      expect({ code, out }).toEqual({ code: 64, out: "" });
      expect(err).toContain(runs ? "Unexpected 'surplus'" : "Unknown command 'surplus'");
    });
  },
);

describe("a word that is no command", () => {
  it.each([
    [["resumee"], "Unknown command 'resumee'; did you mean resume?"],
    [["resumee", "--help"], "Unknown command 'resumee'; did you mean resume?"],
    [["help", "dcotor"], "Unknown command 'dcotor'; did you mean doctor?"],
    [["hooks", "instal"], "Unknown command 'instal'; did you mean install?"],
    [["hooks", "instal", "--help"], "Unknown command 'instal'; did you mean install?"],
    [["doctor", "-json"], "Unknown option '-json'; did you mean --json?"],
    [["doctor", "json"], "Unexpected 'json'; did you mean --json?"],
    [["hooks", "--projct"], "Unknown option '--projct'; did you mean --project?"],
    [["hooks", "install", "--projct"], "Unknown option '--projct'; did you mean --project?"],
    [["--dri", "x", "doctor"], "Unknown option '--dri'; did you mean --dir?"],
    [
      ["policy", "test", "{}", "--door", "mpc"],
      "Unknown --door 'mpc': choose one of mcp, hook, rest, phone; did you mean mcp?",
    ],
    [["completion", "fihs"], "Unknown shell 'fihs': choose one of bash, zsh, fish; did you mean fish?"],
    [["policy", "init", "webb"], "Unknown kind 'webb': choose one of cautious, web, data; did you mean web?"],
    [["policy", "init"], "<kind> is missing: the kind of policy (cautious, web, data; "],
    [["backup"], "<file> is missing: the new file (it must not be there yet). See: "],
    [["log", "--tool"], "--tool has no value. See: "],
    [["log", "--status", "it's so"], "Unknown --status 'it's so': choose one of waiting, approved, "],
    [["resume", "xyzzy"], "Unexpected 'xyzzy'. See"],
    [["--versoin"], "Unknown option '--versoin'; did you mean --version?"],
    [["\u001b[31m"], "Unknown command '⟨U+001B⟩[31m'"],
  ])("is named: %j", async (argv, words) => {
    const { code, out, err } = await watched(argv);
    expect({ code, out }).toEqual({ code: 64, out: "" });
    expect(err).toContain(words);
  });

  it("is never the package's version behind a question", async () => {
    expect((await watched(["ask", "Deploy?", "--version"])).code).toBe(64);
    expect((await watched(["ask", "Deploy?", "-v"])).code).toBe(64);
  });

  it("is not taken for the value of an option", async () => {
    const { code, err } = await watched(["ask", "Deploy?", "--reason", "--json"]);
    expect(code).toBe(64);
    expect(err).toContain("--reason has no value");
  });
});

describe("as processes", () => {
  it.each(["--help", "--helpp", "now"])("resume %s ends no panic", async (word) => {
    const { server, phone, told } = await startStage();
    await phone.type("panic");
    await told("Stopped: everything that waited was denied");
    const env = { SERVER_PORT: new URL(server.localUrl).port };
    const { code } = await run(["resume", word], temporaryFolder(), env);
    expect(code).toBe(word === "--help" ? 0 : 64);
    const health = (await (await fetch(`${server.localUrl}/health`)).json()) as { standing: string };
    expect(health.standing).toBe("panic");
    expect(await run(["resume"], temporaryFolder(), env)).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    ["--help", 0],
    ["--helpp", 64],
    ["now", 64],
  ])("start %s starts nothing", async (word, code) => {
    const folder = temporaryFolder();
    expect(await run(["start", word], folder)).toMatchObject({ code });
    const main = new URL("../../dist/src/main.js", import.meta.url).pathname;
    const { ended } = start({ command: process.execPath, args: [main, word], cwd: folder, env: {} });
    expect(await ended).toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });
});
