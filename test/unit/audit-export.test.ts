// What leaves the event log: no number that can be found again, and no cell that a spreadsheet would run.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventWords } from "../../src/audit/event-line.ts";
import { csvHeader, csvLines, exported, hideNumbers } from "../../src/audit/export.ts";
import { asciiJson, type StoredEvent } from "../../src/core/event-chain.ts";

const entry = (data: object, more: Partial<StoredEvent> = {}): StoredEvent => ({
  seq: 1,
  at: 1_700_000_000_000,
  kind: "requested",
  request: "kqmwa",
  data: asciiJson(data),
  prev: "0".repeat(64),
  hash: "a".repeat(64),
  ...more,
});

/** Reads it as RFC 4180 says. */
function cellsOf(csv: string): string[] {
  return [...csv.replace(/\r\n$/, "").matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );
}

describe("a cell of the CSV", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A1", "＝1"])(
    "%j is no formula",
    (text) => {
      const event = entry({ tool: text, project: text, status: text, by: text });
      const csv = csvLines([exported(event, hideNumbers())]);
      expect(cellsOf(csv).filter((cell) => cell === `'${text}`)).toHaveLength(4);
    },
  );

  it("is never one, whatever is in the entry", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (tool, request) => {
        const csv = csvLines([exported(entry({ tool, project: request }, { request }), hideNumbers())]);
        for (const cell of cellsOf(csv)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it("has one header and one line an entry, whatever line breaks are in it", () => {
    const csv = csvHeader() + csvLines([exported(entry({ tool: 'a\r\n"b",c' }), hideNumbers())]);
    expect(cellsOf(csv)).toHaveLength(20);
  });
});

describe("a phone number", () => {
  it("is hashed wherever it stands, also WhatsApp's id of a user, and ids of messages stay", () => {
    const hide = hideNumbers();
    const number = "+15005550006";
    const data = {
      by: number,
      to: "US.13491208655302741918",
      call: `send to whatsapp:${number}, +491512345678`,
      list: [{ from: "15005550006" }],
      message: "SM0123456789abcdef0123456789abcdef",
    };
    const text = JSON.stringify(exported(entry(data), hide));
    for (const digits of ["15005550006", "491512345678", "13491208655302741918"])
      expect(text).not.toContain(digits);
    expect(text).toContain("SM0123456789abcdef0123456789abcdef");
    expect(hide({ by: number })).toEqual(hide({ by: number }));
    expect(hide({ by: number })).not.toEqual(hideNumbers()({ by: number }));
    expect(hide({ by: "policy" })).toEqual({ by: "policy" });
  });
});

describe("a line of the list", () => {
  it("shows what is hidden, and moves no cursor", () => {
    const line = eventWords(
      entry({ tool: "\u001b[2J\u202e", call: "echo\nid", at: null, by: "+15005550006" }),
    );
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(line).toContain("by …0006");
    expect(eventWords({ data: "not JSON \u001b[2J" })).not.toMatch(/\p{Cc}/u);
  });
});

describe("an entry that somebody else has written", () => {
  const HOSTILE = "\u001B[2J\nFORGED\r\u202E\u2028";

  it("steers no terminal and begins no line, neither by its values nor by their names", () => {
    const data = { [HOSTILE]: HOSTILE, counts: { [HOSTILE]: 1, deeper: { [HOSTILE]: HOSTILE } } };
    const words = eventWords(entry(data));
    expect(words).toContain("⟨U+001B⟩[2J⟨U+000A⟩FORGED");
    expect(words).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it.each<[string, string]>([
    ["lists", `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
    ["objects", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`],
  ])("is listed and exported as the text that it is where it is nested too deeply: %s", (_, text) => {
    const deep = { ...entry({}), data: text };
    expect(eventWords(deep)).toMatch(/^data .{160}…$/);
    const made = exported(deep, hideNumbers());
    expect(made.data).toBe(text);
    expect(cellsOf(csvLines([made]))[8]).toBe(JSON.stringify(text));
  });
});
