// The lists of the record in a terminal of any width.
import { describe, expect, it } from "vitest";
import { eventWords } from "../../src/audit/event-line.ts";
import { createPaint } from "../../src/cli/paint.ts";
import { fittingLine } from "../../src/cli/record/fitting.ts";
import { logLine } from "../../src/cli/record/lines.ts";
import type { ShownRequest } from "../../src/history/shown-record.ts";

const HEAD = { columns: 30, shown: "2026-11-30 11:54  kqmwa  read " };

describe("a line of a list", () => {
  it("is one line, cut, where there is room beside its head", () => {
    expect(fittingLine(HEAD, "x".repeat(100), 80)).toBe(`${HEAD.shown}  ${"x".repeat(47)}…\n`);
    expect(fittingLine(HEAD, "short", 40)).toBe(`${HEAD.shown}  short\n`);
    expect(fittingLine(HEAD, "x".repeat(1000), undefined)).toBe(`${HEAD.shown}  ${"x".repeat(1000)}\n`);
    expect(fittingLine(HEAD, "", 20)).toBe(`${HEAD.shown.trimEnd()}\n`);
  });

  it.each([20, 25, 36, 40, 60, 63])(
    "goes on under its head where %i columns leave too little beside it",
    (width) => {
      const [first, second, none] = fittingLine(HEAD, `  ${"字x".repeat(100)}`, width).split("\n");
      expect(first).toBe(HEAD.shown.trimEnd());
      expect(second).toMatch(/^ {4}字x.*…$/);
      expect([...(second ?? "")].reduce((sum, each) => sum + (each === "字" ? 2 : 1), 0)).toBeLessThanOrEqual(
        width,
      );
      expect(none).toBe("");
    },
  );

  it("of `log` says at 40 columns which tool was asked about, and what for", () => {
    const request: ShownRequest = {
      ...{
        id: "kqmwa",
        status: "approved" as const,
        outcome: "approved by …0006",
        door: "mcp",
        tool: "Bash",
      },
      ...{ tool_name: "Bash", summary: "ls -la /etc", project: "web-shop", took_ms: 20_000, input: {} },
      ...{ created_at: "2026-11-30T11:54:00Z", expires_at: "2026-11-30T11:59:00Z" },
    };
    const lines = logLine(request, createPaint(false), 40).trimEnd().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^2026-11-30 \d\d:54 {2}kqmwa {2}approved$/),
      "    20 s  Bash  web-shop  ls -la /etc  …",
    ]);
  });
});

it("the call of an entry of the event log is written out once: it was made safe when it was recorded", () => {
  const words = (call: string) => eventWords({ data: JSON.stringify({ call }) });
  expect(words("content: line 0⟨U+000A⟩line 1")).toBe("content: line 0⟨U+000A⟩line 1");
  expect(words("a\u202eb\n")).toBe("a⟨U+202E⟩b⟨U+000A⟩");
  expect(eventWords({ data: JSON.stringify({ reason: "⟨U+000A⟩" }) })).toBe("reason ⟨U+27E8⟩U+000A⟩");
});
