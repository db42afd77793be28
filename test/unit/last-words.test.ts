// What Claude said before a call, from its transcript: the right words, and no file that is none of ours.
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectLine } from "../../src/channels/whatsapp-format/origin.ts";
import { createLastWords } from "../../src/doors/hook/last-words.ts";
import { saidBefore } from "../../src/doors/hook/transcript.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { plainInspector } from "../helpers/gate-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const SESSION = "e971e67e-703d-43e4-83d8-cf323fff9940";

/** Lines as 2.1.329 writes them, without what is not read. */
const line = (type: string, content: unknown, more: object = {}) =>
  JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    message: { role: type, content, stop_reason: "tool_use" },
    type,
    sessionId: SESSION,
    version: "2.1.329",
    ...more,
  });
const said = (text: string, more: object = {}) => line("assistant", [{ type: "text", text }], more);
const called = (input: object = { command: "ls" }, id = "toolu_2", name = "Bash") =>
  line("assistant", [{ type: "tool_use", id, name, input }]);
/** A call that has its result. */
const done = () => [
  called({ command: "pwd" }, "toolu_1"),
  line("user", [{ type: "tool_result", tool_use_id: "toolu_1", content: "said nothing" }]),
];
const prompted = (text: string, more: object = {}) => line("user", text, more);
const REST = ['{"type":"last-prompt","lastPrompt":"assistant user"}', '{"type":"atis-latch","atis":""}'];

function transcriptOf(lines: readonly string[], folder = temporaryFolder()): string {
  const path = join(folder, "projects", "-code-web-shop", `${SESSION}.jsonl`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const SOURCE = {
  sessionId: SESSION,
  agentId: undefined,
  agentType: undefined,
  promptId: undefined,
  cwd: undefined,
  call: { toolName: "Bash", input: { command: "ls" } },
};

const lastWordsIn = async (path: string, session: string) => (await saidBefore("Bash", path, session)).words;
const read = (lines: readonly string[]) => lastWordsIn(transcriptOf(lines), SESSION);

describe("the last words before a call", () => {
  it.each<[string, readonly string[], string | undefined]>([
    ["stand before it", [prompted("go"), said("I will look."), called(), ...REST], "I will look."],
    [
      "stand in the same entry",
      [
        line("assistant", [
          { type: "text", text: "Now." },
          { type: "tool_use", id: "toolu_2", name: "Bash" },
        ]),
      ],
      "Now.",
    ],
    ["may be earlier in the same turn", [prompted("go"), said("First."), ...done(), called()], "First."],
    ["are the latest", [said("First."), ...done(), said("Second."), called()], "Second."],
    ["are none where the turn has none", [said("Done."), prompted("now this"), called()], undefined],
    [
      "are none where a person has sent more than text",
      [said("Done."), line("user", [{ type: "text", text: "x" }, { type: "image" }]), called()],
      undefined,
    ],
    [
      "do not end at what Claude Code adds by itself",
      [said("Here."), prompted("a note", { isMeta: true }), called()],
      "Here.",
    ],
    ["are not a subagent's", [said("Mine."), said("Not mine.", { isSidechain: true }), called()], "Mine."],
    ["are not empty ones", [said("Mine."), said(" \n"), called()], "Mine."],
    ["are none in an empty file", [], undefined],
    ["are read past lines that are none", [said("Mine."), "{", "null", '"assistant"', called()], "Mine."],
  ])("%s", async (_, lines, words) => {
    expect(await read(lines)).toBe(words);
  });

  it.each<[string, readonly string[]]>([
    ["the call", [prompted("go"), said("I will look.")]],
    ["the call of that tool", [prompted("go"), said("I will look."), called({}, "toolu_2", "Read")]],
    ["the next call after its words", [said("First."), ...done(), said("Second.")]],
    ["the next words and their call", [said("First."), ...done()]],
    ["anything of the new turn", [said("Done."), prompted("now this")]],
    ["anything", []],
  ])("are not known yet where the file does not have %s", async (_, lines) => {
    expect(await saidBefore("Bash", transcriptOf(lines), SESSION)).toEqual({ isEarly: true });
  });

  it("are waited for a moment, and no longer", async () => {
    const clock = createFakeClock();
    const words = createLastWords(plainInspector, { clock, log: createKeptLog() });
    const start = [prompted("go"), said("I will look.")];
    const transcriptPath = transcriptOf(start);
    const first = words({ ...SOURCE, transcriptPath });
    await clock.advance(300);
    writeFileSync(transcriptPath, [...start, called()].join("\n"));
    await clock.advance(200);
    expect(await first).toBe("I will look.");
    writeFileSync(transcriptPath, start.join("\n"));
    const second = words({ ...SOURCE, transcriptPath });
    await clock.advance(2_000);
    expect(await second).toBeUndefined();
    expect(clock.pending()).toBe(0);
  });

  it("are found behind a large call, and not looked for in a whole long session", async () => {
    const large = called({ command: "x".repeat(400_000) });
    expect(await read([said("Now the large one."), large])).toBe("Now the large one.");
    expect(await read([said("Long ago."), ...Array.from({ length: 4 }, () => large)])).toBeUndefined();
    expect(await read(["x".repeat(2_000_000), said("New."), called()])).toBe("New.");
  });

  it.each<[string, (path: string) => string]>([
    ["another session's", (path) => path.replace(SESSION, SESSION.replace("e", "f"))],
    ["not below projects", (path) => path.replace("/projects/", "/other/")],
    ["relative", (path) => path.slice(1)],
    ["a device", () => "/dev/zero"],
    ["a way round", (path) => join("/dev/fd", path)],
    ["not there", (path) => path.replace("-code", "-none")],
  ])("are not read from a path that is %s", async (_, change) => {
    const path = transcriptOf([said("Mine."), called()]);
    expect(await lastWordsIn(change(path), SESSION)).toBeUndefined();
    expect(await lastWordsIn(path, SESSION)).toBe("Mine.");
  });

  it("are not read through a link to something else, nor from a device, a pipe or a folder", async () => {
    const folder = join(temporaryFolder(), "projects", "-code-web-shop");
    mkdirSync(folder, { recursive: true });
    const elsewhere = join(temporaryFolder(), "notes.jsonl");
    writeFileSync(elsewhere, `${said("A secret file.")}\n${called()}\n`);
    const [file, device, pipe, directory] = ["a", "b", "c", "d"].map((each) => SESSION.replace(/^./, each));
    const pathOf = (session = "") => join(folder, `${session}.jsonl`);
    symlinkSync(elsewhere, pathOf(file));
    symlinkSync("/dev/zero", pathOf(device));
    execFileSync("mkfifo", [pathOf(pipe)]);
    mkdirSync(pathOf(directory));
    for (const session of [file, device, pipe, directory])
      expect(await lastWordsIn(pathOf(session), session ?? "")).toBeUndefined();
  });

  it("may be in a home that is itself a link", async () => {
    const home = temporaryFolder();
    transcriptOf([said("Mine."), called()], home);
    const link = join(temporaryFolder(), "home");
    symlinkSync(home, link);
    expect(await lastWordsIn(join(link, "projects", "-code-web-shop", `${SESSION}.jsonl`), SESSION)).toBe(
      "Mine.",
    );
  });

  it("are none for a subagent, and none where they could not be checked for secrets", async () => {
    const transcriptPath = transcriptOf([said("Mine."), called()]);
    const source = { ...SOURCE, transcriptPath };
    const deps = { clock: createFakeClock(), log: createKeptLog() };
    const words = createLastWords(plainInspector, deps);
    expect(await words(source)).toBe("Mine.");
    expect(await words({ ...source, agentId: "a1" })).toBeUndefined();
    const broken = createLastWords({ inspect: () => Promise.reject(new Error("broken")) }, deps);
    expect(await broken(source)).toBeUndefined();
  });
});

describe("the line that shows them", () => {
  const origin = { project: "web-shop", notes: [], agent: "", said: "" };
  it.each([
    ["I will look.\n\n*Project:* other", "web-shop · Claude said: `I will look. *Project:* other`"],
    ["a `tick` and \u202e", "web-shop · Claude said: `a ⟨U+0060⟩tick⟨U+0060⟩ and ⟨U+202E⟩`"],
    [" ", "web-shop"],
  ])("is one line in a code mark: %j", (words, shown) => {
    expect(projectLine({ ...origin, said: words })).toBe(shown);
  });

  it("cannot be made by a folder's name", () => {
    expect(projectLine({ ...origin, project: "x · Claude said: ok" })).toBe("`x · Claude said: ok`");
  });

  it("stands by itself where the project is not known", () => {
    expect(projectLine({ ...origin, project: "", said: "Mine." })).toBe("- · Claude said: `Mine.`");
  });
});
