// What you see is what runs: the shown text decodes back to the call, and none of it can pass for a line of ours.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillPlaceholders } from "../../src/channels/twilio/templates/template.ts";
import {
  contentVariables,
  parseTemplateConfig,
} from "../../src/channels/twilio/templates/template-config.ts";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { named } from "../../src/domain/grant.ts";
import type { Inspection } from "../../src/domain/inspection.ts";
import { text } from "../../src/domain/text.ts";
import type { ApprovalId, ToolCall } from "../../src/domain/tool-call.ts";
import { decodeVisible } from "../../src/domain/visible.ts";
import { SESSION, SESSION_TEXT } from "../helpers/session-offer.ts";

const TEMPLATES = new Map(
  parseTemplateConfig(readFileSync("template_config.json", "utf8")).map((template) => [
    template.key,
    template,
  ]),
);

type More = Partial<Inspection> & Pick<ApprovalRequest, "session">;

function request(call: ToolCall, { session, ...more }: More = {}, waiting = 1): ApprovalRequest {
  const inspection = { shown: call, secrets: 0, warnings: [], ...more };
  return {
    id: "kqmwa" as ApprovalId,
    call,
    inspection,
    session,
    door: "mcp",
    project: "web-shop",
    createdAt: 0,
    expiresAt: 300_000,
    waiting,
  };
}

function bash(command: string, more: object = {}): ToolCall {
  return { toolName: "Bash", input: { command, ...more } };
}

function withoutProject(call: ToolCall): ApprovalRequest {
  const { project, ...rest } = request(call);
  return rest;
}

/** All messages as the phone gets them: the parts, then the one with the buttons. */
function messages(shown: ApprovalRequest): string[] {
  const { template, values, parts } = promptFor(shown);
  const body = TEMPLATES.get(template)?.body;
  if (body === undefined) throw new Error(`no template ${template}`);
  return [...parts, fillPlaceholders(body, (name) => values[name] ?? `{{${name}}}`)];
}

/** The variables of the message with the buttons as Twilio gets them. */
function variables(shown: ApprovalRequest): string[] {
  const { template, values } = promptFor(shown);
  const found = TEMPLATES.get(template);
  if (found === undefined) throw new Error(`no template ${template}`);
  return Object.values(contentVariables(found, values));
}

/** The lines between the title and the project. */
function lines(toolName: string, input: Record<string, unknown>): string[] {
  return messages(request({ toolName, input })).at(-1)?.split("\n").slice(2, -5) ?? [];
}

/** The foreign text of the parts, put together again as a careful reader would. */
function readParts(parts: readonly string[]): string {
  return parts
    .map((part) => {
      const match = /^(\*kqmwa, part [^\n]*)\n```\n([\s\S]*)\n```$/.exec(part);
      if (match === null) throw new Error(`not a part: ${part}`);
      const [, head = "", text = ""] = match;
      return { text, continues: head.endsWith("goes on in the same line") };
    })
    .reduce((all, { text, continues }, index) => all + (index === 0 || continues ? "" : "\n") + text, "");
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4000 }),
  fc.string({ unit: "grapheme", maxLength: 4000 }),
  fc
    .array(
      fc.constantFrom(
        "`",
        "```",
        "*",
        "_",
        "~",
        "\n",
        "\t",
        "     ",
        "⟨U+0041⟩",
        "\u202e",
        "\u200b",
        "*Request ID:* zzzzz",
        "x",
        "é",
        "💥",
      ),
      { maxLength: 600 },
    )
    .map((pieces) => pieces.join("")),
);

describe("a command", () => {
  it("of one line is shown in the message with the buttons alone", () => {
    expect(messages(request(bash("ls -la /etc", { description: "List files" })))).toEqual([
      "🔔 *Approval Request*\n\nExecute command: `ls -la /etc`\n*Reason:* List files (Claude's words)\n\n" +
        "*Project:* web-shop\n*Request ID:* kqmwa\n\n⏱️ Expires in 5 minutes",
    ]);
  });

  it.each([[{}], [{ description: "" }], [{ description: "  " }]])("has a dash for no reason: %j", (more) => {
    expect(messages({ ...withoutProject(bash("ls", more)) })).toEqual([
      "🔔 *Approval Request*\n\nExecute command: `ls`\n*Reason:* -\n\n" +
        "*Project:* -\n*Request ID:* kqmwa\n\n⏱️ Expires in 5 minutes",
    ]);
  });

  it.each([
    ["a second line", "ls\nrm -rf /"],
    ["a forged line", "ls\n*Request ID:* zzzzz"],
    ["a closed code span", "ls` *Approved before* `"],
    ["a closed fence", "ls\n```\n*Request ID:* zzzzz\n```"],
    ["a reordered text", "ls \u202E# safe"],
    ["a hidden text", "ls \u{E0072}\u{E006D}\u200B"],
    ["a far text", `ls${" ".repeat(500)}; rm -rf /`],
    ["a placeholder", "echo {{id}} {{reason}}"],
    ["a fake escape", "echo ⟨U+000A⟩"],
    ["a far end", `echo ${"x".repeat(5_000)}; rm -rf ~`],
  ])("with %s is shown to its end, and decodes to what runs", (_, command) => {
    const shown = messages(request(bash(command)));
    const line = /^Execute command: `([^`]*)`$/m.exec(shown.at(-1) ?? "")?.[1] ?? "";
    const text = shown.length > 1 ? readParts(shown.slice(0, -1)) : line;
    expect(decodeVisible(text)).toBe(command);
    expect(shown.at(-1)?.match(/^\*Request ID:\* .*$/gm)).toEqual(["*Request ID:* kqmwa"]);
  });

  it.each([
    ["something new", { something_new: { a: 1 } }, '  • `something_new`: {"a":1}'],
    ["a timeout that is no number", { timeout: "5; rm -rf /" }, "  • timeout: 5; rm -rf /"],
    ["a description that is no text", { description: ["List"] }, '  • description: ["List"]'],
    ["a flag that is no flag", { run_in_background: "yes" }, "  • `run_in_background`: yes"],
  ])("with %s is shown as a tool call with its fields", (_, more, line) => {
    expect(lines("Bash", { command: "ls", ...more })).toEqual(["*Tool:* Bash", "  • command: ls", line]);
  });

  it.each([[{}], [{ command: 5 }], [{ command: ["ls"] }], [{ command: null }]])(
    "that is no text is shown as it is: %j",
    (input) => {
      const [key = "no input", value] = Object.entries(input)[0] ?? [];
      const shown = value === undefined ? key : `${key}: ${JSON.stringify(value)}`;
      expect(lines("Bash", input)).toEqual(["*Tool:* Bash", `  • ${shown}`]);
    },
  );

  it("of several lines goes first in full, and the message with the buttons names it", () => {
    const [part, message] = messages(request(bash("cd /srv\nrm -rf build\nls")));
    expect(part).toBe("*kqmwa, part 1 of 1:* command\n```\ncd /srv\nrm -rf build\nls\n```");
    expect(message).toContain("Execute command: `cd /srv … (full text above, 1 part)`");
  });

  it("of any length and shape can be read back from what is shown", () => {
    fc.assert(
      fc.property(anyText, (command) => {
        const prompt = promptFor(request(bash(command)));
        const shown = prompt.parts.length > 0 ? readParts(prompt.parts) : (prompt.values["command"] ?? "");
        const expected = command === "" ? "-" : command;
        expect(decodeVisible(shown)).toBe(expected);
      }),
    );
  });

  it("above twelve parts shows head and tail, says how much is missing, and offers no session", () => {
    const lines = Array.from({ length: 4000 }, (_, index) => `echo line ${index}`);
    const shown = request(bash(lines.join("\n")), { session: SESSION });
    const { parts, values, template, offersSession } = promptFor(shown);
    expect(parts).toHaveLength(12);
    expect(parts[0]).toContain("echo line 0\n");
    expect(parts.at(-1)).toContain("echo line 3999\n```");
    const hidden = /([\d,]+) characters of the text are NOT shown/.exec(values["warning"] ?? "")?.[1];
    expect(parts[8]).toContain(`${hidden} characters before this are NOT shown`);
    expect(template).toBe("command_warning");
    expect(offersSession).toBe(false);
  });

  it("above twelve parts says of the one behind the gap, too, that it goes on in the same line", () => {
    const { parts, rest } = promptFor(request(bash("x".repeat(20_000))));
    expect(parts[8]).toMatch(/ characters before this are NOT shown, goes on in the same line\n/);
    expect(rest.every((part) => part.includes("goes on in the same line"))).toBe(true);
  });

  it.each([
    [{ run_in_background: true }, "runs in the background"],
    [{ dangerouslyDisableSandbox: true }, "runs without the sandbox"],
  ])("that runs differently says so: %j", (flags, badge) => {
    expect(messages(request(bash("npm run dev", flags))).at(-1)).toContain(`\n⚠️ ${badge}\n`);
  });
});

describe("a command with fields that its template does not show", () => {
  it.each([{ extra: "HIDDEN" }, { timeout: "HIDDEN" }, { description: { a: "HIDDEN" } }])(
    "shows every one of them: %j",
    (more) => {
      for (const command of ["ls", "a\nb"]) {
        expect(messages(request(bash(command, more))).join("\n")).toContain("HIDDEN");
      }
    },
  );
});

describe("a tool's name", () => {
  it("is made visible once", () => {
    const [message] = messages(request({ toolName: "X\u200B*y", input: {} }));
    expect(message).toContain("*Tool:* `X⟨U+200B⟩*y`\n");
  });
});

describe("values that could be taken for each other", () => {
  it.each([
    [
      { a: "", b: null, c: true },
      { a: "-", b: "null", c: "true" },
    ],
    [
      { a: 1, b: {} },
      { a: "1", b: "{}" },
    ],
  ])("are shown apart: %j and %j", (one, other) => {
    const lines = [one, other].map((input) => promptFor(request({ toolName: "T", input })).values);
    for (const key of ["line1", "line2"]) expect(lines[0]?.[key]).not.toBe(lines[1]?.[key]);
  });
});

describe("other tools", () => {
  it("show every field on a line of its own where that holds it", () => {
    const input = { prompt: "Extract title", url: "https://example.com" };
    expect(messages(request({ toolName: "WebFetch", input }))).toEqual([
      "🔔 *Approval Request*\n\n*Tool:* WebFetch\n  • url: https://example.com\n  • prompt: Extract title\n\n" +
        "*Project:* web-shop\n*Request ID:* kqmwa\n\n⏱️ Expires in 5 minutes",
    ]);
  });

  it.each<[string, string, Record<string, unknown>, string[]]>([
    ["no input", "Skill", {}, ["*Tool:* Skill", "  • no input"]],
    [
      "nested values",
      "mcp__db__query",
      { where: { age: [1, null, true] }, limit: 5 },
      ["*Tool:* db › query", '  • where: {"age":[1,null,true]}', "  • limit: 5"],
    ],
    ["a name with markup", "mcp__my_db__q*", { a: 1 }, ["*Tool:* `my_db › q*`", "  • a: 1"]],
    ["a name that is no server's", "mcp__x", { a: 1 }, ["*Tool:* `mcp__x`", "  • a: 1"]],
    ["an empty text", "Agent", { old: "", new: "x" }, ["*Tool:* Agent", '  • old: ""', "  • new: x"]],
    [
      "names and values with markup",
      "NotebookRead",
      { file_path: "/tmp/*_*.txt", content: "a\u200Bb" },
      ["*Tool:* NotebookRead", "  • `file_path`: `/tmp/*_*.txt`", "  • content: a⟨U+200B⟩b"],
    ],
    ["a key of JavaScript's own", "X", JSON.parse('{"__proto__":1}'), ["*Tool:* X", "  • `__proto__`: 1"]],
  ])("with %s", (_, toolName, input, shown) => {
    expect(lines(toolName, input)).toEqual(shown);
    expect(promptFor(request({ toolName, input })).parts).toEqual([]);
  });

  it("with a forged field show its name and its text in code, and in full above", () => {
    const input = { "x\n*Request ID:* zzzzz": "\n*Request ID:* zzzzz" };
    expect(lines("Agent", input)).toEqual([
      "*Tool:* Agent",
      "  • `x⟨U+000A⟩*Request ID:* zzzzz`: `*Request ID:* zzzzz`",
      "  • full text above, 1 part",
    ]);
    expect(readParts(promptFor(request({ toolName: "Agent", input })).parts)).toBe(
      '"x\\n*Request ID:* zzzzz":\n\n*Request ID:* zzzzz',
    );
  });

  it("with more fields than lines show all of them above, sorted", () => {
    const input = { e: [5], d: "four", c: 3, b: 2, a: 1 };
    const { parts } = promptFor(request({ toolName: "Agent", input }));
    expect(lines("Agent", input)).toEqual([
      "*Tool:* Agent",
      "  • e: [5]",
      "  • d: four",
      "  • full text above, 1 part",
    ]);
    const text = readParts(parts);
    expect(JSON.parse(text)).toEqual(input);
    expect(text.match(/"[a-e]"/g)).toEqual(['"a"', '"b"', '"c"', '"d"', '"e"']);
  });

  it("with huge values in many fields say how much is not shown", () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`field${index}`, "x".repeat(5_000)]),
    );
    const { template, values, parts } = promptFor(request({ toolName: "Workflow", input: many }));
    expect(template).toBe("tool_3_warning");
    expect(parts).toHaveLength(12);
    expect(values["warning"]).toMatch(/^\d{3},\d{3} characters of the text are NOT shown$/);
    expect(values["line1"]).toMatch(/^field0: x+ … \(\d{4} more characters\)$/);
  });

  it("show an edit as − and + lines under the file's name", () => {
    const call = {
      toolName: "Edit",
      input: { file_path: "/srv/app.ts", old_string: "a\nb\nc", new_string: "a\nB\nc", replace_all: true },
    };
    expect(messages(request(call))).toEqual([
      "*kqmwa, part 1 of 1:* file and change, at every place\n```\n/srv/app.ts\n\n  a\n− b\n+ B\n  c\n```",
      "🔔 *Approval Request*\n\n*Tool:* Edit\n  • `file_path`: /srv/app.ts\n  • `replace_all`: true\n  • full text above, 1 part\n\n" +
        "*Project:* web-shop\n*Request ID:* kqmwa\n\n⏱️ Expires in 5 minutes",
    ]);
  });

  it("show a write with path, size and content", () => {
    const call = { toolName: "Write", input: { file_path: "/srv/a.txt", content: "one\ntwo\n" } };
    const [part, message] = messages(request(call));
    expect(part).toBe(
      "*kqmwa, part 1 of 1:* file and content, 8 characters, 2 lines\n```\n/srv/a.txt\n\none\ntwo\n\n```",
    );
    expect(message).toContain("  • content: 8 characters, 2 lines\n  • full text above, 1 part\n");
  });

  it("show an MCP tool as server › tool with sorted JSON", () => {
    const call = { toolName: "mcp__github__open", input: { z: 1, a: { c: [1, 2], b: "x" }, m: 2, q: 3 } };
    const [part, message] = messages(request(call));
    expect(part).toContain('{\n  "a": {\n    "b": "x",\n    "c": [\n');
    expect(message).toContain("*Tool:* github › open\n");
  });

  it("can be read back from what is shown, whatever the input", () => {
    const noBreaks = anyText.map((text) => text.replaceAll(/[\n\r]/g, " "));
    const json = fc.jsonValue().filter((value) => !/\\[nr]/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(fc.dictionary(noBreaks, fc.oneof(noBreaks, json), { maxKeys: 6 }), (input) => {
        const { parts, values } = promptFor(request({ toolName: "mcp__s__t", input }));
        if (parts.length === 0) {
          expect(Object.values(values).join("\n")).not.toContain("more character");
          return;
        }
        const text = readParts(parts.filter((part) => !part.startsWith("*kqmwa, to notice:*")));
        if (values["warning"] === undefined || !values["warning"].includes("NOT shown")) {
          expect(JSON.parse(decodeVisible(text))).toEqual(JSON.parse(JSON.stringify(input)));
        }
      }),
    );
  });
});

describe("what no message shows", () => {
  const count = (text: string) => Number(text.replaceAll(",", ""));

  it("is counted in characters of the text, not of its escapes", () => {
    // One line without ends: every character is either in a part or among those that are not shown.
    const command = `echo ${"x\u200B🔔".repeat(20_000)}`;
    const { parts, values } = promptFor(request(bash(command)));
    const shown = parts
      .map((part) => /\n```\n([\s\S]*)\n```$/.exec(part)?.[1] ?? "")
      .reduce((sum, text) => sum + [...decodeVisible(text)].length, 0);
    const hidden = /^([\d,]+) characters of the text are NOT shown/.exec(values["warning"] ?? "")?.[1] ?? "";
    expect(shown + count(hidden)).toBe([...command].length);
  });

  it("is said before every other warning, of which the last may stand above only", () => {
    const warnings = Array.from({ length: 12 }, () => "deletes recursively");
    const long = Array.from({ length: 4_000 }, (_, index) => `echo line ${index}`).join("\n");
    const { values } = promptFor(request(bash(long), { warnings, secrets: undefined }));
    expect(values["warning"]).toMatch(
      /^[\d,]+ characters of the text are NOT shown · not checked for secrets · deletes recursively · /,
    );
    expect(values["warning"]).toMatch(/ · \d+ more above$/);
  });

  it("is counted in the line that names a text which is shown above", () => {
    const url = `https://example.com/${"\u200B".repeat(2_000)}${"x".repeat(500)}`;
    const [, line = ""] = lines("WebFetch", { url });
    const [, kept = "", hidden = ""] = /url: (.*) … \(([\d,]+) more characters\)$/.exec(line) ?? [];
    expect([...decodeVisible(kept)].length + count(hidden)).toBe([...url].length);
  });
});

describe("no foreign text", () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 9])(
    "behind %i spaces makes a gap that Twilio refuses (error 21656)",
    (gap) => {
      const spaces = " ".repeat(gap);
      const spaced = `${spaces}x${spaces}`;
      const long = `${spaces}${"x".repeat(95)}${spaces}${"y".repeat(600)}`;
      // Every place of the cut: inside the gap, before it and behind it.
      const cut = Array.from({ length: 30 }, (_, at) => `${"x".repeat(60 + at)}${spaces}${"y".repeat(600)}`);
      for (const text of [spaced, long, ...cut]) {
        const calls = [
          bash(text, { description: text }),
          bash(`${text}\nls`),
          { toolName: text, input: { [text]: text, other: [text], content: text } },
          { toolName: "WebFetch", input: { url: text, prompt: `${text}\n` } },
        ];
        for (const call of calls) {
          const shown = { ...request(call, { session: { ...SESSION, what: named(text) } }), project: text };
          for (const variable of [...variables(shown), ...Object.values(promptFor(shown).values)]) {
            expect(variable).not.toMatch(/ {5}/);
          }
        }
      }
    },
  );

  const LONG = "x*".repeat(1_000);
  const LONGEST = {
    ...SESSION,
    holder: {},
    what: text`the tool ${named(LONG)}, with any input`,
    ms: 1_439 * 60_000,
  };
  it.each<[string, ToolCall]>([
    ["a command with its reason", bash(LONG, { description: LONG })],
    ["a command that just fits", bash("x".repeat(398), { description: LONG })],
    [
      "a command that runs differently",
      bash(LONG, { run_in_background: true, dangerouslyDisableSandbox: true }),
    ],
    ...[1, 2, 3, 4, 5].map((count): [string, ToolCall] => [
      `${count} fields`,
      {
        toolName: LONG,
        input: Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}${LONG}`, LONG])),
      },
    ]),
  ])("is too long for the message: %s", (_, call) => {
    const inspections = [
      { session: LONGEST, secrets: 1_000 },
      { warnings: [LONG, LONG], secrets: 1_000 },
      { secrets: undefined },
    ];
    for (const inspection of inspections) {
      const shown = { ...request(call, inspection, 1_000), project: LONG, expiresAt: 3_599_000 };
      const body = messages(shown).at(-1) ?? "";
      expect(body).toContain("Expires in 59 minutes 59 seconds");
      expect(body.length).toBeLessThanOrEqual(1_000);
      const agent = { agent: LONG, permissionMode: "p".repeat(24) };
      for (const origin of [{}, agent]) {
        const said = messages({ ...shown, ...origin, said: LONG }).at(-1) ?? "";
        expect(said).toContain("Claude said: `");
        expect(said.length).toBeLessThanOrEqual(1_000);
      }
    }
  });

  it("makes a message too long, empty, or of more lines than its template", () => {
    const calls = fc.oneof(
      fc.record({
        toolName: fc.constant("Bash"),
        input: fc.record(
          {
            command: anyText,
            description: fc.oneof(anyText, fc.jsonValue()),
            timeout: fc.jsonValue(),
            run_in_background: fc.boolean(),
          },
          { requiredKeys: ["command"] },
        ),
      }),
      fc.record({
        toolName: anyText,
        input: fc.dictionary(anyText, fc.oneof(anyText, fc.jsonValue()), { maxKeys: 6 }),
      }),
    );
    fc.assert(
      fc.property(calls, anyText, anyText, fc.boolean(), (call, project, said, warned) => {
        const warnings = warned ? ["deletes recursively", "runs as root"] : [];
        const shown = { ...request(call, { warnings, session: SESSION, secrets: 2 }, 12), project, said };
        const { template, values, parts } = promptFor(shown);
        for (const value of [...Object.values(values), ...variables(shown)]) {
          expect(value).not.toBe("");
          expect(value).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]| {5}/u);
          // Markup of a foreign text stands in code that is closed, or there is none.
          expect(value.match(/`/g)?.length ?? 0).toSatisfy((ticks: number) => ticks % 2 === 0);
        }
        const all = messages(shown);
        for (const message of all) expect(message.length).toBeLessThanOrEqual(1600);
        expect(parts.length).toBeLessThanOrEqual(12);
        const body = all.at(-1) ?? "";
        expect(body.length).toBeLessThanOrEqual(1000);
        expect(body.split("\n")).toHaveLength(TEMPLATES.get(template)?.body.split("\n").length ?? 0);
        expect(body.match(/^\*Request ID:\*.*$/gm)).toEqual(["*Request ID:* kqmwa"]);
      }),
      { numRuns: 500 },
    );
  });

  it("closes the fence that it stands in", () => {
    fc.assert(
      fc.property(anyText, (command) => {
        for (const part of promptFor(request(bash(command))).parts) {
          expect(part.match(/```/g)).toHaveLength(2);
        }
      }),
    );
  });
});

describe("what is to be noticed", () => {
  it("is a line of its own, and takes the session offer away", () => {
    const shown = request(bash("rm -rf /srv"), {
      warnings: ["deletes recursively", "runs as root"],
      session: SESSION,
    });
    const [message] = messages(shown);
    expect(message).toContain("🔔 *Approval Request*\n⚠️ deletes recursively · runs as root\n\n");
    expect(promptFor(shown).offersSession).toBe(false);
  });

  it("names what an allow for the session covers", () => {
    const [message] = messages(request(bash("npm test"), { session: SESSION }));
    expect(message?.endsWith(`⏱️ Expires in 5 minutes\n🔁 Session allows ${SESSION_TEXT}`)).toBe(true);
  });

  it("counts masked secrets, and from three on the waiting requests", () => {
    const body = messages(request(bash("npm test"), { secrets: 2 }, 3)).at(-1);
    expect(body).toContain(
      "⏱️ Expires in 5 minutes · 2 values that look like secrets are masked: look for others · 3 requests wait: PENDING lists them",
    );
    expect(messages(request(bash("npm test"), {}, 2)).at(-1)).not.toContain("wait");
  });

  it("says when secrets could not be looked for", () => {
    expect(messages(request(bash("npm test"), { secrets: undefined })).at(-1)).toContain(
      "⚠️ not checked for secrets\n",
    );
  });
});
