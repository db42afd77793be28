// A change is shown as what goes and what comes, and nothing is called the same that is not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderChange } from "../../src/channels/whatsapp-format/change.ts";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import type { Inspection } from "../../src/domain/inspection.ts";
import { decodeVisible, visibleBlock } from "../../src/domain/visible.ts";
import { cpuTimeOf, SOON_MS } from "../helpers/cpu-time.ts";
import { SESSION } from "../helpers/session-offer.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const change = (before: string, after: string, more: object = {}) =>
  renderChange({ before, after, isUnlike: false, otherwise: "both", ...more });
const numbered = (count: number, at: (n: number) => string = (n) => `line ${n}`) =>
  Array.from({ length: count }, (_, n) => at(n + 1)).join("\n");

function prompt(input: Record<string, unknown>, toolName = "Edit", more: Partial<Inspection> = {}) {
  const request = { ...waitingRequest({ call: { toolName, input }, door: "mcp" }), session: SESSION };
  return promptFor({ ...request, inspection: { ...request.inspection, ...more } });
}

describe("a change", () => {
  it("of two lines among sixty shows these, three lines around each, and how many stay", () => {
    const after = numbered(60, (n) => (n === 20 || n === 40 ? `LINE ${n}` : `line ${n}`));
    expect(change(numbered(60), after).split("\n")).toEqual([
      "⋯ 16 lines the same",
      ...[17, 18, 19].map((n) => `  line ${n}`),
      "− line 20",
      "+ LINE 20",
      ...[21, 22, 23].map((n) => `  line ${n}`),
      "⋯ 13 lines the same",
      ...[37, 38, 39].map((n) => `  line ${n}`),
      "− line 40",
      "+ LINE 40",
      ...[41, 42, 43].map((n) => `  line ${n}`),
      "⋯ 17 lines the same",
    ]);
  });

  it.each([
    [
      "a line break at the end that comes",
      "a\nb",
      "a\nb\n",
      "  a\n− b\n⋯ no line break after this line\n+ b",
    ],
    ["a line break at the end that goes", "a\nb\n", "a\nb", "  a\n− b\n+ b\n⋯ no line break after this line"],
    ["other line breaks", "a\r\nb\r\n", "a\nb\n", "− a⟨U+000D⟩\n− b⟨U+000D⟩\n+ a\n+ b"],
    ["a space at the end", "a \n", "a\n", "− a \n+ a"],
    ["hidden characters", "rm\u200B", "rm", "− rm⟨U+200B⟩\n+ rm"],
    ["a longer gap", `${"\n".repeat(25)}x`, `${"\n".repeat(26)}x`, "− ⟨U+000A×25⟩x\n+ ⟨U+000A×26⟩x"],
    ["nothing", "a\nb", "a\nb", "⋯ nothing changes: both texts are the same"],
    ["a first text", "", "a\nb\n", "+ a\n+ b"],
    ["the last text", "a\n", "", "− a"],
    ["lines that look like ours", "⋯ 5 lines the same", "+ x", "− ⋯ 5 lines the same\n+ + x"],
    [
      "other separators of lines",
      "a\u2028b\u0085c\rd",
      "a\u2028b\u0085c\re",
      "− a⟨U+2028⟩b⟨U+0085⟩c⟨U+000D⟩d\n+ a⟨U+2028⟩b⟨U+0085⟩c⟨U+000D⟩e",
    ],
  ])("shows %s", (_, before, after, shown) => {
    expect(change(before, after)).toBe(shown);
  });

  it("can be put together again: both texts are in it, whatever they are", () => {
    const text = fc
      .array(
        fc.constantFrom(
          "a",
          "b",
          "c\n",
          "\n",
          " ",
          "− x",
          "+ y",
          "⋯ 2 lines the same",
          "\r",
          "\t",
          "\\ No newline",
        ),
        {
          maxLength: 30,
        },
      )
      .map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const shown = change(before, after);
        if (shown.startsWith("⋯ nothing changes")) {
          expect(before).toBe(after);
          return;
        }
        const kept = visibleBlock(before).split("\n");
        const lines: string[][] = [[], []];
        const open = [false, false];
        let last = "";
        for (const line of shown.split("\n")) {
          const same = /^⋯ (\d+) lines? the same$/.exec(line)?.[1];
          const mark = line.charAt(0);
          if (same !== undefined) {
            const from = lines[0]?.length ?? 0;
            for (const side of lines) side.push(...kept.slice(from, from + Number(same)));
          } else if (line === "⋯ no line break after this line") open[last === "+" ? 1 : 0] = true;
          else {
            if (mark !== "+") lines[0]?.push(line.slice(2));
            if (mark !== "−") lines[1]?.push(line.slice(2));
            last = mark;
          }
        }
        const texts = [before, after].map((each) => decodeVisible(visibleBlock(each).replace(/\n$/, "")));
        expect(lines.map((side) => decodeVisible(side.join("\n")))).toEqual(texts);
        const ends = [before, after].map((each) => each !== "" && !visibleBlock(each).endsWith("\n"));
        if (ends[0] !== ends[1]) expect(open).toEqual(ends);
      }),
      { numRuns: 2_000 },
    );
  });

  it("of texts with different secrets behind one mask shows all of both", () => {
    expect(change("x\nT=[secret]", "x\nT=[secret]", { isUnlike: true })).toBe(
      "− x\n− T=[secret]\n+ x\n+ T=[secret]",
    );
  });

  it("that is too large to be compared shows both texts, or all of the new one, and takes no time", () => {
    const old = numbered(10_000);
    const next = numbered(10_000, (n) => `other ${n}`);
    const time = cpuTimeOf(() => {
      expect(change(old, next)).toBe(
        `${old}\n${next}`.replace(/^line/gm, "− line").replace(/^other/gm, "+ other"),
      );
      expect(change(old, next, { otherwise: "after" }).split("\n").slice(0, 2)).toEqual([
        "⋯ too different to be compared with what is there. All of the new text:",
        "+ other 1",
      ]);
    });
    expect(time).toBeLessThan(SOON_MS);
  });
});

describe("an edit", () => {
  const texts = { file_path: "/a.ts", old_string: "a\nb", new_string: "a\nc" };

  it.each([
    [true, "file and change, at every place", "`replace_all`: true"],
    [false, "file and change", "`old_string`: a"],
  ])("names replace_all only where it is true: %s", (replace_all, title, line2) => {
    const { parts, values } = prompt({ ...texts, replace_all });
    expect(parts).toEqual([`*kqmwa, part 1 of 1:* ${title}\n\`\`\`\n/a.ts\n\n  a\n− b\n+ c\n\`\`\``]);
    expect(values["line2"]).toBe(line2);
    expect(Object.values(values).join().includes("replace_all")).toBe(replace_all);
  });

  it("shows one that is no truth value", () => {
    expect(prompt({ ...texts, replace_all: "no" }).values["line2"]).toBe("`replace_all`: no");
  });
});

describe("a write onto a file that is there", () => {
  const content = numbered(300, (n) => (n === 150 ? "NEW" : `line ${n}`));

  it("shows what changes, against the file as it was when asked", () => {
    const { parts, values } = prompt({ file_path: "/a", content }, "Write", {
      replaces: { text: numbered(300) },
    });
    expect(parts).toHaveLength(1);
    expect(parts[0]).toContain(
      "*kqmwa, part 1 of 1:* content of 2,586 characters, 300 lines, against the file as it was when asked\n```\n/a\n\n⋯ 146 lines the same\n  line 147\n",
    );
    expect(parts[0]).toContain("\n− line 150\n+ NEW\n");
    expect(values["line2"]).toBe("content: 2,586 characters, 300 lines");
    expect(values["line3"]).toBe("change above, 1 part");
  });

  it("says that it replaces one that could not be compared, and shows the whole content", () => {
    const replaces = { unknown: "which is not read because of where it is" };
    const { parts } = prompt({ file_path: "/a", content: "x" }, "Write", { replaces });
    expect(parts).toEqual([
      "*kqmwa, part 1 of 1:* file and content, 1 character, 1 line; replaces a file that is there, which is not read because of where it is\n```\n/a\n\nx\n```",
    ]);
  });
});

describe("data that is too long", () => {
  const content = Array.from({ length: 900 }, (_, n) => `${n} ${"x".repeat(30)}`).join("\n");

  it.each([
    ["a file's content", "Write", { file_path: "/a", content }],
    ["a change", "Edit", { file_path: "/a", old_string: "", new_string: content }],
    ["a prompt", "Agent", { description: "x", prompt: content }],
    ["a cell", "NotebookEdit", { notebook_path: "/a", new_source: content }],
    ["an MCP text", "mcp__a__b", { text: content }],
  ])("goes out in four parts, then as it is asked for: %s", (_, toolName, input) => {
    const { parts, rest, values, offersSession, template } = prompt(input, toolName);
    const all = [...parts, ...rest];
    expect(parts).toHaveLength(4);
    expect(all.map((part) => /part (\d+) of (\d+)/.exec(part)?.slice(1))).toEqual(
      all.map((_part, index) => [String(index + 1), String(all.length)]),
    );
    for (const line of content.split("\n")) expect(all.some((part) => part.includes(`${line}\n`))).toBe(true);
    expect(values["warning"]).toMatch(/^[\d,]+ characters of the text are NOT shown/);
    const lines = Object.values(values).join("\n");
    expect(lines).toContain(`the first 4 of ${all.length} parts above, MORE kqmwa sends the next`);
    expect([offersSession, template.endsWith("_warning")]).toEqual([false, true]);
  });

  it.each([
    ["a command", "Bash", { command: content }],
    ["a PowerShell command", "PowerShell", { command: content }],
    ["a watch", "Monitor", { description: "x", command: content }],
    ["a plan", "ExitPlanMode", { plan: content }],
    ["what is asked", "request_approval", { action: content }],
  ])("is not what runs or is agreed to: %s goes out in twelve", (_, toolName, input) => {
    const { parts, rest, values } = prompt(input, toolName);
    const total = parts.length + rest.length;
    expect(parts).toHaveLength(12);
    expect(Object.values(values).join("\n")).toContain(
      `12 of ${total} parts above, MORE kqmwa sends the others`,
    );
    expect(rest[0]).toContain(`part 9 of ${total}`);
  });

  it("counts exactly what the first parts leave out", () => {
    const { parts, values } = prompt({ text: content }, "mcp__a__b");
    const hidden = Number(/^([\d,]+) /.exec(values["warning"] ?? "")?.[1]?.replaceAll(",", ""));
    const shown = parts.map((part) => /\n```\n([\s\S]*)\n```$/.exec(part)?.[1] ?? "").join("\n");
    expect(shown.length + hidden).toBe(`text:\n${content}`.length);
  });
});
