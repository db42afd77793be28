// What the journals are told of requests: masked, once, and without a way back into the gate.
import { describe, expect, it } from "vitest";
import type { Journal, JournalEnd, JournalRequest } from "../../src/core/ports/journal.ts";
import { callLine, cutLine } from "../../src/domain/call-line.ts";
import { createGateStage, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";

function keptJournal() {
  const asked: JournalRequest[] = [];
  const ended: JournalEnd[] = [];
  const answered: [string, boolean][] = [];
  const turnedAway: Parameters<Journal["turnedAway"]>[0][] = [];
  const journal: Journal = {
    asked: (request) => void asked.push(request),
    ended: (end) => void ended.push(end),
    answered: (id, taken) => void answered.push([id, taken]),
    turnedAway: (away) => void turnedAway.push(away),
  };
  return { journal, asked, ended, answered, turnedAway };
}

const masking = {
  inspect: async () => ({
    shown: { toolName: "Bash", input: { command: "echo [secret]\nls" } },
    secrets: 1,
    warnings: ["shows a secret"],
  }),
};
const APPROVE = { kind: "approve", by: PHONE } as const;

describe("a journal", () => {
  it("is told of a request as it comes and as it ends, with the masked call and the time it took", async () => {
    const { journal, asked, ended, answered } = keptJournal();
    const { gate, clock, id } = createGateStage({ journals: [journal], inspector: masking });
    const waiting = gate.request({ ...SUBMISSION, project: "web-shop" });
    await clock.advance(12_000);
    expect(asked).toMatchObject([
      {
        id: id(),
        toolName: "Bash",
        call: "echo [secret]⟨U+000A⟩ls",
        project: "web-shop",
        warnings: ["shows a secret"],
        waiting: 1,
      },
    ]);
    expect(ended).toEqual([]);
    await gate.resolve(id(), APPROVE);
    (await waiting).acknowledge(true);
    await clock.advance(0);
    expect(ended).toEqual([
      { request: asked[0], outcome: { status: "approved", by: PHONE }, tookMs: 12_000, delivery: "queued" },
    ]);
    expect(answered).toEqual([[id(), true]]);
    expect(JSON.stringify([asked, ended])).not.toContain(JSON.stringify(SUBMISSION.call.input).slice(1, -1));
  });

  it("is told that nobody took the answer", async () => {
    const { journal, answered } = keptJournal();
    const { gate, clock, id } = createGateStage({ journals: [journal] });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), APPROVE);
    (await waiting).acknowledge(false);
    await clock.advance(0);
    expect(answered).toEqual([[id(), false]]);
  });

  it("is told of what was turned away, and nothing of its call", async () => {
    const { journal, asked, turnedAway } = keptJournal();
    const { gate, stopStage } = createGateStage({ journals: [journal] });
    await stopStage();
    await gate.request(SUBMISSION);
    expect(asked).toEqual([]);
    expect(turnedAway).toMatchObject([{ outcome: { status: "cancelled", cause: "shutdown" } }]);
    expect(turnedAway[0]?.request).not.toHaveProperty("call");
  });

  it("shows nothing of a call whose secrets could not be looked for", async () => {
    const { journal, asked } = keptJournal();
    const inspector = { inspect: () => Promise.reject(new Error("broken")) };
    const { gate, clock } = createGateStage({ journals: [journal], inspector });
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(asked).toMatchObject([{ call: "(could not be looked through)" }]);
  });

  it("that fails keeps neither the gate nor another journal from anything", async () => {
    const fail = () => {
      throw new Error("full");
    };
    const { journal, asked, ended } = keptJournal();
    const broken = { asked: fail, ended: fail, answered: fail, turnedAway: fail };
    const { gate, clock, id, log } = createGateStage({ journals: [broken, journal] });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), APPROVE);
    expect((await waiting).outcome.status).toBe("approved");
    expect([asked.length, ended.length]).toEqual([1, 1]);
    expect(log.text()).toContain("a journal failed");
  });
});

describe("a call in one line", () => {
  it.each([
    ["Bash", { command: "ls -la /etc", description: "List" }, "ls -la /etc"],
    ["Bash", { command: "ls", run_in_background: true }, "ls, run_in_background: true"],
    ["Bash", { command: "echo a\n\u001b[2Jrm x" }, "echo a⟨U+000A⟩⟨U+001B⟩[2Jrm x"],
    ["WebFetch", { prompt: "title", url: "https://example.com" }, "url: https://example.com, prompt: title"],
    ["Write", { file_path: "/x", content: "a" }, "file_path: /x, content: a"],
    ["Task", { description: "look", a: [1, 2], b: { c: 1 } }, "description: look, a: 2 items, b: 1 field"],
    ["Any", { a: 1, b: 2, c: 3, d: 4, e: 5 }, "a: 1, b: 2, c: 3, 2 more"],
    ["Any", {}, "-"],
    ["AskUserQuestion", { questions: [{ question: "Which?" }] }, "Which?"],
    ["AskUserQuestion", { questions: "x" }, "questions: x"],
    ["ExitPlanMode", { plan: "# Plan" }, "# Plan"],
    ["Any", { "a\nb": "\u202ex" }, "a⟨U+000A⟩b: ⟨U+202E⟩x"],
  ])("of %s %j", (toolName, input, line) => {
    expect(callLine({ toolName, input })).toBe(line);
  });

  it("is cut visibly, never inside an escape or a character", () => {
    expect(callLine({ toolName: "Bash", input: { command: "x".repeat(2_000_000) } })).toMatch(/^x{499}…$/);
    expect(cutLine("abcdef", 6)).toBe("abcdef");
    expect(cutLine("abcdef", 5)).toBe("abcd…");
    expect(cutLine("ab⟨U+000A⟩c", 6)).toBe("ab…");
    expect(cutLine("abc😀d", 5)).toBe("abc…");
  });
});
