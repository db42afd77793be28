// What stands in a code mark is read as code: judged by the phone page's own renderer of WhatsApp's markup.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMarkup, shownText } from "../../public/phone/markup.js";
import { fillPlaceholders } from "../../src/channels/twilio/templates/template.ts";
import { parseTemplateConfig } from "../../src/channels/twilio/templates/template-config.ts";
import { codeLine, plainLine } from "../../src/channels/whatsapp-format/markup.ts";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import type { ToolCall } from "../../src/domain/tool-call.ts";
import { decodeVisible } from "../../src/domain/visible.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const TEMPLATES = new Map(
  parseTemplateConfig(readFileSync("template_config.json", "utf8")).map((each) => [each.key, each]),
);
const OURS =
  /^(Approval Request|Reason:|Tool:|Project:|Request ID:|kqmwa, part \d+ of \d+:|kqmwa, to notice:)$/;

const tricky = fc
  .array(
    fc.constantFrom(
      ..." *_~`",
      "  ",
      "```",
      "a",
      "Ü9",
      "-",
      "> ",
      "1. ",
      "\u00A0",
      "\u2003",
      "\u3000",
      "\uFFFC",
      "\n",
      "\t",
      "⟨U+",
      "rm -r *build*",
      "א",
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(""));
const any = fc.oneof(tricky, fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 60 }));

type Node = ReturnType<typeof parseMarkup>[number];

/** Every piece that is drawn bold, slanted or struck through, and every line that is drawn as one of a list. */
function drawn(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    if ("lines" in node) return [`${node.type}: ${shownText([node])}`];
    return "children" in node ? [shownText([node]), ...drawn(node.children)] : [];
  });
}

const codes = (nodes: readonly Node[]): string[] =>
  nodes.flatMap((node) => (node.type === "code" || node.type === "fence" ? [node.text] : []));

function messages(call: ToolCall, project = "web-shop"): string[] {
  const { template, values, parts } = promptFor({ ...waitingRequest({ call, door: "mcp" }), project });
  const body = TEMPLATES.get(template)?.body ?? "";
  return [...parts, fillPlaceholders(body, (name) => values[name] ?? "")];
}

describe("a command in its code mark", () => {
  it.each([
    [" rm -r *build*", "⟨U+0020⟩rm -r *build*"],
    ["ls *build* ", "ls *build*⟨U+0020⟩"],
    ["  _x_  ", "⟨U+0020×2⟩_x_⟨U+0020×2⟩"],
    ["\u00A0*x*\u2003", "⟨U+00A0⟩*x*⟨U+2003⟩"],
    ["   ", "⟨U+0020×3⟩"],
    ["*", "*"],
  ])("is read as code, spaces at its edges too: %j", (command, shown) => {
    const [body = ""] = messages({ toolName: "Bash", input: { command } });
    expect(codes(parseMarkup(body))).toEqual([shown]);
  });

  it("is code and nothing else, whatever it is", () => {
    fc.assert(
      fc.property(any, (command) => {
        const nodes = parseMarkup(`Execute command: \`${codeLine(command) || "-"}\` more`);
        expect(nodes).toEqual([
          { type: "text", text: "Execute command: " },
          { type: "code", text: codeLine(command) || "-" },
          { type: "text", text: " more" },
        ]);
        expect(decodeVisible(codeLine(command))).toBe(command);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("foreign words in a line of ours", () => {
  it("are read as they were written, in code or out of it", () => {
    fc.assert(
      fc.property(any, fc.constantFrom(": ", " (", " › "), (words, before) => {
        const shown = plainLine(words);
        const nodes = parseMarkup(`Key${before}${shown}, more`);
        expect(drawn(nodes)).toEqual([]);
        expect(decodeVisible(shownText(nodes))).toBe(`Key${before}${words}, more`);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("a whole message", () => {
  const calls = fc.oneof(
    fc.record({
      toolName: fc.constant("Bash"),
      input: fc.record({ command: any, description: any }),
    }),
    fc.record({ toolName: any, input: fc.dictionary(any, fc.oneof(any, fc.jsonValue()), { maxKeys: 4 }) }),
    fc.record({
      toolName: fc.constant("Edit"),
      input: fc.record({ file_path: any, old_string: any, new_string: any, replace_all: fc.boolean() }),
    }),
    fc.record({
      toolName: fc.constantFrom("Agent", "NotebookEdit", "PowerShell", "mcp__s__t", "ExitPlanMode"),
      input: fc.dictionary(fc.constantFrom("prompt", "plan", "command", "x"), any, { maxKeys: 4 }),
    }),
  );

  it("draws nothing in another way but words of ours, and each block as a block", () => {
    fc.assert(
      fc.property(calls, any, (call, project) => {
        for (const message of messages(call, project)) {
          const nodes = parseMarkup(message);
          expect(drawn(nodes).filter((words) => !OURS.test(words))).toEqual([]);
          expect(nodes.filter(({ type }) => type === "fence")).toHaveLength(
            message.startsWith("*kqmwa, part") ? 1 : 0,
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([" ", "\n", "\n\n\n", "  \n ", "\n".repeat(50)])("of blanks only has a block: %j", (command) => {
    const [part = "", ...rest] = messages({ toolName: "Bash", input: { command } });
    if (rest.length > 0) expect(parseMarkup(part).filter(({ type }) => type === "fence")).toHaveLength(1);
    else expect(codes(parseMarkup(part))).toHaveLength(1);
  });

  it("says a list's words as they are", () => {
    fc.assert(
      fc.property(any, (command) => {
        const request = waitingRequest({ call: { toolName: "Bash", input: { command } }, door: "mcp" });
        expect(drawn(parseMarkup(renderNotice({ kind: "pending", requests: [request], now: 0 })))).toEqual(
          [],
        );
      }),
    );
  });
});
