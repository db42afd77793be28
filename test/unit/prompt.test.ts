// A call as the message that the person reads: promptFor together with the bodies of template_config.json.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApprovalId, ApprovalRequest } from "../../src/domain/approval.ts";
import { promptFor } from "../../src/domain/prompt.ts";
import { decodeVisible } from "../../src/domain/visible.ts";
import { packageRoot } from "../../src/system.ts";
import { fillPlaceholders } from "../../src/whatsapp/template.ts";
import {
  contentVariables,
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
} from "../../src/whatsapp/template-config.ts";

const TEMPLATES = new Map(
  parseTemplateConfig(readFileSync(join(packageRoot(), TEMPLATE_CONFIG_FILE), "utf8")).map((template) => [
    template.key,
    template,
  ]),
);

function requestFor(toolName: string, input: Record<string, unknown>, project?: string): ApprovalRequest {
  return {
    id: "kqmwa" as ApprovalId,
    call: { toolName, input },
    door: "mcp",
    createdAt: 0,
    expiresAt: 300_000,
    ...(project === undefined ? {} : { project }),
  };
}

/** The message as it stands on the phone, and the variables that Twilio gets for it. */
function messageFor(request: ApprovalRequest): { body: string; variables: string[] } {
  const { template: key, values } = promptFor(request);
  const template = TEMPLATES.get(key);
  if (template === undefined) throw new Error(`there is no template ${key}`);
  const body = fillPlaceholders(template.body, (name) => values[name] ?? `{{${name}}}`);
  return { body, variables: Object.values(contentVariables(template, values)) };
}

function linesFor(toolName: string, input: Record<string, unknown>): string[] {
  return messageFor(requestFor(toolName, input)).body.split("\n").slice(2, -5);
}

describe("a Bash call", () => {
  it("shows the command, its reason and the project", () => {
    const input = { command: "ls -la /etc", description: "List system configuration files" };
    expect(messageFor(requestFor("Bash", input, "web-shop")).body).toBe(
      "🔔 *Approval Request*\n\nExecute command: `ls -la /etc`\n*Reason:* List system configuration files\n\n" +
        "*Project:* web-shop\n*Request ID:* kqmwa\n\n⏱️ Expires in 5 minutes",
    );
  });

  it.each([[{}], [{ description: "" }], [{ description: "  " }]])("has no reason line with %j", (extra) => {
    expect(messageFor(requestFor("Bash", { command: "ls", ...extra })).body).toBe(
      "🔔 *Approval Request*\n\nExecute command: `ls`\n\n*Project:* -\n*Request ID:* kqmwa\n\n⏱️ Expires in 5 minutes",
    );
  });

  it.each([
    [{ run_in_background: true }, "run_in_background"],
    [{ dangerouslyDisableSandbox: true }, "dangerouslyDisableSandbox"],
    [{ something_new: { a: 1 } }, "something_new"],
  ])("hides no further field: %j", (extra, shown) => {
    const { body } = messageFor(requestFor("Bash", { command: "ls", description: "List", ...extra }));
    expect(body).toContain("Bash");
    expect(body).toContain("ls");
    expect(body).toContain("List");
    expect(body).toContain(shown);
  });

  it.each([[{}], [{ command: 5 }], [{ command: ["ls"] }], [{ command: null }]])(
    "without a command is shown as it is: %j",
    (input) => {
      expect(messageFor(requestFor("Bash", input)).body).toContain("*Tool:* Bash\n");
    },
  );

  it("says so when its command does not fit", () => {
    const { body } = messageFor(requestFor("Bash", { command: `echo ${"x".repeat(5_000)}; rm -rf ~` }));
    expect(body).toMatch(/^Execute command: `echo x+ … \(\d+ more characters\)`$/m);
  });

  it.each([
    ["a second line", "ls\nrm -rf /"],
    ["a forged line", "ls\n*Request ID:* zzzzz"],
    ["a closed code span", "ls` *Approved before* `"],
    ["a reordered text", "ls \u202E# safe"],
    ["a hidden text", "ls \u{E0072}\u{E006D}\u200B"],
    ["a far text", `ls${" ".repeat(500)}; rm -rf /`],
    ["a placeholder", "echo {{id}} {{reason}}"],
  ])("shows all of a command with %s, and it decodes to what runs", (_, command) => {
    const shown = /^Execute command: `([^`]*)`$/m.exec(messageFor(requestFor("Bash", { command })).body)?.[1];
    expect(decodeVisible(shown ?? "")).toBe(command);
  });
});

describe("another tool", () => {
  it("shows every field of its input on a line of its own", () => {
    const input = { url: "https://example.com", prompt: "Extract title" };
    expect(messageFor(requestFor("WebFetch", input, "web-shop")).body).toBe(
      "🔔 *Approval Request*\n\n*Tool:* WebFetch\n  • url: https://example.com\n  • prompt: Extract title\n\n" +
        "*Project:* web-shop\n*Request ID:* kqmwa\n\n⏱️ Expires in 5 minutes",
    );
  });

  it.each<[string, string, Record<string, unknown>, string[]]>([
    ["no input", "Skill", {}, ["*Tool:* Skill", "  • no input"]],
    [
      "nested values",
      "mcp__db__query",
      { where: { age: [1, null, true] }, limit: 5 },
      ["*Tool:* `mcp__db__query`", '  • where: {"age":[1,null,true]}', "  • limit: 5"],
    ],
    ["an empty text", "Edit", { old: "", new: "x" }, ["*Tool:* Edit", "  • old: -", "  • new: x"]],
    [
      "five fields",
      "Agent",
      { a: 1, b: 2, c: 3, d: "four", e: [5] },
      ["*Tool:* Agent", "  • a: 1", "  • b: 2", "  • c: 3", '  • 2 more: {"d":"four","e":[5]}'],
    ],
    [
      "names and values with markup",
      "Write",
      { file_path: "/tmp/*_*.txt", content: "a\nb" },
      ["*Tool:* Write", "  • `file_path`: `/tmp/*_*.txt`", "  • content: a⟨U+000A⟩b"],
    ],
    [
      "a forged field",
      "Write",
      { "x\n*Request ID:* zzzzz": "\n*Request ID:* zzzzz" },
      ["*Tool:* Write", "  • `x⟨U+000A⟩*Request ID:* zzzzz`: `⟨U+000A⟩*Request ID:* zzzzz`"],
    ],
    ["a key of JavaScript's own", "X", JSON.parse('{"__proto__":1}'), ["*Tool:* X", "  • `__proto__`: 1"]],
  ])("with %s", (_, toolName, input, lines) => {
    expect(linesFor(toolName, input)).toEqual(lines);
  });

  it("counts what it leaves out of huge values and of many fields", () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`field${index}`, "x".repeat(5_000)]),
    );
    const [, ...lines] = linesFor("Workflow", many);
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/ … \(\d+ more characters\)$/);
    expect(lines[3]).toMatch(/^ {2}• 37 more: /);
  });
});

// Twilio counts UTF-16 units; WhatsApp takes 1,024 characters, and emoji may count as several.
const MAX_BODY = 1_000;
const LONG = "x*".repeat(1_000);

const foreign = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc.string({ unit: fc.constantFrom("*", "_", "`", "\n", "\u202E", "\uD800", "x", "🔔"), maxLength: 1_500 }),
  fc.constantFrom("*Request ID:* zzzzz", "x\n*Request ID:* zzzzz", "{{id}}", "`", "", "\u200B".repeat(3_000)),
);
const value = fc.oneof(foreign, fc.jsonValue({ maxDepth: 2 }));
const call = fc.oneof(
  fc.record({ toolName: fc.constant("Bash"), input: fc.record({ command: foreign, description: value }) }),
  fc.record({ toolName: foreign, input: fc.dictionary(foreign, value, { maxKeys: 8 }) }),
);

describe("whatever is asked", () => {
  function holds(check: (message: { body: string; variables: string[] }) => void): void {
    fc.assert(
      fc.property(call, fc.option(foreign, { nil: undefined }), ({ toolName, input }, project) => {
        check(messageFor(requestFor(toolName, input, project)));
      }),
      { numRuns: 1_000 },
    );
  }

  it("every variable is one line that is not empty", () => {
    holds(({ variables }) => {
      for (const variable of variables) {
        expect(variable).not.toBe("");
        expect(variable).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }
    });
  });

  it("the message fits into WhatsApp's limit", () => {
    holds(({ body }) => expect(body.length).toBeLessThanOrEqual(MAX_BODY));
  });

  it.each([
    requestFor("Bash", { command: LONG, description: LONG }, LONG),
    requestFor("Bash", { command: LONG }, LONG),
    ...[1, 2, 3, 4, 5].map((count) =>
      requestFor(
        LONG,
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}${LONG}`, LONG])),
        LONG,
      ),
    ),
  ])("the longest of everything fits too (%#)", (request) => {
    const { body } = messageFor({ ...request, expiresAt: 3_599_000 });
    expect(body).toContain("Expires in 59 minutes 59 seconds");
    expect(body.length).toBeLessThanOrEqual(MAX_BODY);
  });

  it("it has exactly one line that names the request", () => {
    holds(({ body }) => {
      const named = body.split("\n").filter((line) => line.startsWith("*Request ID:*"));
      expect(named).toEqual(["*Request ID:* kqmwa"]);
    });
  });

  it("long runs of spaces inside a value are no run of spaces for Twilio", () => {
    fc.assert(
      fc.property(fc.nat(200), (count) => {
        const spaced = `a${" ".repeat(count)}b`;
        const requests = [
          requestFor("Bash", { command: spaced, description: spaced }, spaced),
          requestFor(spaced, { [spaced]: spaced, other: [spaced] }),
        ];
        for (const { variables } of requests.map(messageFor)) {
          for (const variable of variables) expect(variable).not.toMatch(/ {5}/);
        }
      }),
    );
  });
});
