// Texts of several lines in an input are blocks under their key, and no line of one passes for a field.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import { renderText } from "../../src/channels/whatsapp-format/text.ts";
import { inputText, isTall } from "../../src/domain/input-text.ts";
import type { ToolCall } from "../../src/domain/tool-call.ts";
import { visibleBlock } from "../../src/domain/visible.ts";
import { cpuTimeOf, SOON_MS } from "../helpers/cpu-time.ts";
import { SESSION } from "../helpers/session-offer.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const shown = (input: Record<string, unknown>) => renderText(inputText(input).body);
const prompt = (call: ToolCall) => promptFor(waitingRequest({ call, door: "mcp" }));
const CODE = "import os\nfor x in y:\n    print(x)\n";

describe("a text of several lines", () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      "NotebookEdit",
      { notebook_path: "/n.ipynb", new_source: CODE, edit_mode: "insert" },
      `edit_mode: insert\nnotebook_path: /n.ipynb\nnew_source:\n${CODE}`,
    ],
    [
      "Agent",
      { description: "Look", prompt: "one\ntwo", subagent_type: "Explore" },
      "description: Look\nsubagent_type: Explore\nprompt:\none\ntwo",
    ],
    [
      "Workflow",
      { script: "export const meta = {}\nagent()", args: { a: [1] } },
      'args: {"a":[1]}\nscript:\nexport const meta = {}\nagent()',
    ],
    [
      "ExitPlanMode",
      { plan: "# P\n1. x", allowedPrompts: [{ tool: "Bash", prompt: "run tests" }] },
      'allowedPrompts: [{"prompt":"run tests","tool":"Bash"}]\nplan:\n# P\n1. x',
    ],
    [
      "mcp__db__run",
      { statements: ["SELECT 1\nFROM a", "x"], options: { note: "a\r\nb", deep: [{ t: "c\nd" }] } },
      "options:\n  deep:\n    item 1:\n      t:\n        c\n        d\n  note:\n    a⟨U+000D⟩\n    b\n" +
        "statements:\n  item 1:\n    SELECT 1\n    FROM a\n  item 2: x",
    ],
    ["mcp__a__b", { one: "a\nb", two: "c\nsafe: yes" }, "one:\n  a\n  b\ntwo:\n  c\n  safe: yes"],
  ])("is a block under its key: %s", (toolName, input, expected) => {
    expect(shown(input)).toBe(expected);
    const { parts } = prompt({ toolName, input });
    expect(parts).toHaveLength(1);
    expect(parts[0]).toContain(expected);
    expect(parts[0]).not.toMatch(/\\n|\\r/);
  });

  it.each([
    ["Monitor", { description: "x", command: "tail -f a |\n grep b", timeout_ms: 5 }],
    ["PowerShell", { command: "Get-Item a\nRemove-Item b", description: "x" }],
    ["CronCreate", { cron: "0 3 * * *", prompt: "one\ntwo" }],
    ["TodoWrite", { todos: [{ content: "one\ntwo", status: "pending" }] }],
    ["a tool nobody knows", { "a b": { "c\nd": "e\nf" } }],
  ])("is never JSON with escapes, whoever asks: %s", (toolName, input) => {
    const { parts, values } = prompt({ toolName, input });
    expect([...parts, ...Object.values(values)].join("\n").replace('"c\\nd"', "")).not.toMatch(/\\n/);
  });

  it("in a value on a line is told by its size, and the text goes above", () => {
    const { values, parts } = prompt({ toolName: "mcp__a__b", input: { edits: [{ old: "a\nb" }, {}] } });
    expect(values["line1"]).toBe("edits: 2 items");
    expect(values["line2"]).toBe("full text above, 1 part");
    expect(parts).toHaveLength(1);
  });

  it("cannot add a field, whatever it holds", () => {
    const key = fc.constantFrom("prompt", "command", "safe", "a b", "item 1", "x\ny");
    const text = fc
      .array(fc.constantFrom("safe: yes", "\n", "  ", "x", "item 2: y", '"a b":', "\r", ":"), {
        maxLength: 12,
      })
      .map((pieces) => pieces.join(""));
    const value = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(key, tie("any"), { maxKeys: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 }), (input) => {
        const lines = shown(input).split("\n");
        if (lines[0] === "{") return;
        const tall = Object.values(input).filter((each) => isTall(each));
        const isOpen = tall.length === 1 && typeof tall[0] === "string";
        // Of what stands at the edge, only our keys, or the one text that ends it all.
        const keys = Object.keys(input).map((name) =>
          /^[\w.$-]+$|^item \d+$/.test(name) ? name : JSON.stringify(name),
        );
        const end = isOpen ? visibleBlock(String(tall[0])).split("\n").length : 0;
        const edge = lines.slice(0, lines.length - end).filter((line) => /^\S/.test(line));
        if (edge.length === keys.length)
          for (const line of edge) expect(keys.some((name) => line.startsWith(`${name}:`))).toBe(true);
        else expect(edge.length).toBeGreaterThan(keys.length);
      }),
    );
  });
});

describe("a value that nobody reads", () => {
  const png = `iVBORw0KGgo${"Ab3+/".repeat(40_000)}5CYII=`;

  it("is described by its kind, size and ends, counted, and never offered for the session", () => {
    const call = { toolName: "mcp__images__put", input: { image: png, name: "a.png" } };
    const request = waitingRequest({ call, door: "mcp" });
    const { parts, values, offersSession, rest } = promptFor({ ...request, session: SESSION });
    expect(parts).toHaveLength(1);
    expect(parts[0]).toContain(
      "image: what looks like base64 of a PNG picture, 200,017 characters, begins iVBORw0KGgoAb3+/Ab3+/Ab3, ends 3+/Ab3+/Ab3+/Ab3+/5CYII=: not shown in full",
    );
    expect(values["warning"]).toMatch(/^199,969 characters of the text are NOT shown/);
    expect(values["line2"]).toBe("name: a.png");
    expect(values["line3"]).toBe("text above, 1 part");
    expect([offersSession, rest]).toEqual([false, []]);
  });

  it("is told by its kind and size in a line", () => {
    const { values } = prompt({ toolName: "mcp__images__put", input: { image: png } });
    expect(values["line1"]).toBe("image: what looks like base64 of a PNG picture, 200,017 characters");
  });

  it.each([
    ["as a file's content", { toolName: "Write", input: { file_path: "/a.png", content: png } }],
    ["with a type", { toolName: "mcp__a__b", input: { a: `data:image/png;base64,${png}` } }],
    ["in lines", { toolName: "mcp__a__b", input: { a: png.replaceAll(/.{76}/g, "$&\r\n") } }],
    ["deep inside", { toolName: "mcp__a__b", input: { a: [{ b: { c: png } }] } }],
  ])("is described %s", (_, call) => {
    const { parts, values } = prompt(call);
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatch(/what looks like base64 of a PNG picture.*: not shown in full/);
    expect(values["warning"]).toMatch(/^[\d,]+ characters of the text are NOT shown/);
  });

  it.each([
    ["a long word", "x".repeat(5_000)],
    ["a sentence", "Ab3 ".repeat(1_000)],
    ["a command", `echo ${png} | base64 -d | sh`],
    ["a short one", png.slice(0, 1_999)],
  ])("is not %s", (_, text) => {
    expect(prompt({ toolName: "mcp__a__b", input: { a: text } }).parts.join()).not.toContain(
      "not shown in full",
    );
  });
});

describe("an input of any size", () => {
  it("is looked through once, not once for each level", () => {
    let deep: unknown = "x y ".repeat(500_000);
    for (let level = 0; level < 190; level += 1) deep = { a: deep, b: "1\n2" };
    expect(cpuTimeOf(() => prompt({ toolName: "mcp__a__b", input: { deep } }))).toBeLessThan(SOON_MS);
  });

  it("whose letters could make a search go back and forth takes its length, no more", () => {
    const hostile = ["\u05B8", "\u0663", "\u05D01", "a\u0301\u0302\u0303", "\u27E8U+", "\\ ", "\u05D0 ", "-"];
    for (const letters of hostile) {
      const text = `a\u05D0${letters.repeat(100_000)}x1`;
      expect(cpuTimeOf(() => visibleBlock(text))).toBeLessThan(SOON_MS);
    }
  });
});
