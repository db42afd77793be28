// Product text: a request as the WhatsApp Agent Platform shows it, in one message of 4,096 characters, with a document where it is long.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMarkup } from "../../public/phone/markup.js";
import { MAX_BODY_LENGTH, QUESTION_FORMAT } from "../../src/channels/whatsapp-agent/lengths.ts";
import { excerptOf } from "../../src/channels/whatsapp-agent/send/excerpt.ts";
import { splitAtLines } from "../../src/channels/whatsapp-agent/send/plain-messages.ts";
import { agentPrompt } from "../../src/channels/whatsapp-agent/send/request-text.ts";
import { questionPrompt } from "../../src/channels/whatsapp-format/question-prompt.ts";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { decodeVisible } from "../../src/domain/visible.ts";
import { agentRequest, bash } from "../helpers/agent-stage.ts";
import { DB, questionCall } from "../helpers/questions.ts";
import { SESSION } from "../helpers/session-offer.ts";

const OFF = { hasReactions: false };
const show = (request: ApprovalRequest) => agentPrompt(request, OFF);
const LONG = Array.from({ length: 400 }, (_, line) => `echo line ${line}`).join("\n");
/** Each as long as a line takes, with everything that WhatsApp would render. */
const hostile = fc
  .array(
    fc.constantFrom(
      ..."*_~` \n\t",
      "```",
      "\n```\n",
      "\n🔔 *Approval Request*\n",
      "\n*Request ID:* kqmwb\n",
      "Reply to this message with yes or no",
      "\u202e",
      "\u200b",
      "⟨U+0041⟩",
      "a",
      "😀",
      "> ",
      "https://example.com/",
      " ".repeat(50),
      "word ".repeat(60),
    ),
    { maxLength: 400 },
  )
  .map((parts) => parts.join(""));

describe("a request for the agent", () => {
  it("is one message, whose last line says what to write", () => {
    const { form, withoutDocument } = show(agentRequest(bash("ls -la /etc", "List system files")));
    expect(form.body).toMatchInlineSnapshot(`
      "🔔 *Approval Request*

      Execute command: \`ls -la /etc\`
      *Reason:* List system files (Claude's words)

      *Project:* web-shop
      *Request ID:* kqmwa

      ⏱️ Expires in 5 minutes

      Reply to this message with yes or no, or write APPROVE kqmwa or DENY kqmwa and a reason"
    `);
    expect(form).toMatchObject({ parts: [], rest: [], offersSession: false, hidden: 0 });
    expect(withoutDocument).toBeUndefined();
  });

  it("names SESSION where it is offered, and the signs where they decide", () => {
    const request = { ...agentRequest(bash("npm test", "Run the tests")), session: SESSION };
    const lastLine = (body: string) => body.split("\n").at(-1);
    expect(lastLine(show(request).form.body)).toBe(
      "Reply to this message with yes or no, or write APPROVE kqmwa, SESSION kqmwa or DENY kqmwa and a reason",
    );
    expect(show(request).form.offersSession).toBe(true);
    expect(lastLine(agentPrompt(agentRequest(bash("ls")), { hasReactions: true }).form.body)).toBe(
      "Reply to this message with yes or no, react to it with 👍 or 👎, or write APPROVE kqmwa or DENY kqmwa and a reason",
    );
  });

  it("has the lines of the other WhatsApp's message", () => {
    const { templates } = JSON.parse(readFileSync("template_config.json", "utf8"));
    const requests = [
      agentRequest(bash("ls -la /etc", "List system files")),
      { ...agentRequest(bash("npm test", "Run")), session: SESSION },
      agentRequest(bash("rm -rf /", "Clean"), { warnings: ["deletes everything below /"] }),
      agentRequest({ toolName: "Read", input: { file_path: "/etc/hosts" } }),
      agentRequest({ toolName: "WebFetch", input: { url: "https://example.com", prompt: "Title" } }),
      agentRequest({ toolName: "Odd", input: { a: 1, b: 2, c: 3 } }),
    ];
    const shapes = requests.map((request) => {
      const { template, values } = promptFor(request);
      const { body } = templates.find(({ key }: { key: string }) => key === template);
      const filled = body.replace(/\{\{(\w+)\}\}/g, (_: string, name: string) => values[name]);
      expect(show(request).form.body.startsWith(`${filled}\n\n`)).toBe(true);
      return template;
    });
    expect(shapes).toEqual(["command", "command_session", "command_warning", "tool_1", "tool_2", "tool_3"]);
  });

  it("holds a text of several lines in itself, in a block", () => {
    const { form } = show(agentRequest(bash("set -e\nnpm ci\nnpm test", "Test")));
    expect(form.parts).toEqual([]);
    expect(form.body).toContain("(full text below)`");
    expect(form.body).toContain("*kqmwa, command:*\n```\nset -e\nnpm ci\nnpm test\n```\n\nReply to this");
    expect(form.hidden).toBe(0);
  });

  it("shows the first and last lines of a long text, and has the whole of it in a document", () => {
    const { form, withoutDocument } = show(agentRequest(bash(LONG, "Say much")));
    expect(form.body.length).toBeLessThanOrEqual(MAX_BODY_LENGTH);
    expect(form.body.length).toBeGreaterThan(3_800);
    expect(form.body).toContain("full text in the document above");
    expect(form.body).toContain("```\necho line 0\n");
    expect(form.body).toContain("\necho line 399\n```");
    expect(form.document).toEqual({
      name: "kqmwa.txt",
      caption: "*kqmwa, command:* full text, it belongs to the message below",
      text: `\uFEFF${LONG}`,
    });
    const [, gap = ""] = /⋯ ([\d,]+) characters between them/.exec(form.body) ?? [];
    expect(form.hidden).toBe(Number(gap.replace(",", "")));
    const [, head = "", tail = ""] =
      /```\n(echo line 0[^`]*)\n```[^`]*```\n([^`]*)\n```/.exec(form.body) ?? [];
    expect(LONG.startsWith(head) && LONG.endsWith(tail)).toBe(true);
    expect(head.length + form.hidden + tail.length + 1).toBe(LONG.length);
    expect(withoutDocument?.parts.join("\n")).toContain("echo line 200\n");
    expect(withoutDocument?.hidden).toBe(0);
  });

  it("offers no Session for what only the document shows", () => {
    const request = { ...agentRequest(bash(LONG)), session: SESSION };
    expect(show(request).form.offersSession).toBe(false);
    expect(show(request).form.body).not.toContain("SESSION");
    expect(show(request).withoutDocument?.offersSession).toBe(true);
  });

  it("keeps parts back where there is no document, counts them and has them for MORE", () => {
    const input = { file_path: "/tmp/x", content: "word ".repeat(4_000) };
    const form = show(agentRequest({ toolName: "Write", input })).withoutDocument;
    expect(form?.parts).toHaveLength(2);
    expect(form?.rest.length).toBeGreaterThan(2);
    expect(form?.hidden).toBeGreaterThan(10_000);
    expect(form?.body).toContain(
      `${form?.hidden.toLocaleString("en-US")} characters of the text are NOT shown`,
    );
    expect(form?.body).toContain("MORE kqmwa sends the next");
  });

  it("makes no document of what is larger than one may be", () => {
    const input = { file_path: "/tmp/x", content: "ü".repeat(8_000_001) };
    const { form, withoutDocument } = show(agentRequest({ toolName: "Write", input }));
    expect(form.document).toBeUndefined();
    expect(withoutDocument).toBeUndefined();
    expect(form.hidden).toBeGreaterThan(7_000_000);
  });

  it("names every warning in the message, or in one of its own where they are long", () => {
    const few = ["deletes everything below /", "sends a file to example.com ".repeat(6)];
    const { form } = show(agentRequest(bash("x"), { warnings: few }));
    for (const warning of few) expect(form.body).toContain(`⚠️ ${warning}\n`);
    const many = Array.from({ length: 8 }, (_, at) => `${at} ${"reads what it should not ".repeat(10)}`);
    const long = show(agentRequest(bash("x"), { warnings: many })).form;
    for (const warning of many) expect(long.parts.join("\n")).toContain(`⚠️ ${warning}`);
    expect(long.body).toContain("more above");
  });

  it.each([
    ["one long line", (length: number) => `set -e\n${"x".repeat(length)}`],
    ["short lines", (length: number) => "ab\n".repeat(length / 3)],
    ["hardly anything but blanks", (length: number) => `x${" \n".repeat(length / 2)}`],
    ["what is shown as escapes", (length: number) => `x\n${"\u202ea".repeat(length / 10)}`],
  ])(
    "of %s is in the message to the last character that fits, and in a document from the next on",
    (_, text) => {
      const kinds = new Set<boolean>();
      for (let length = 3_400; length < 4_300; length += 10) {
        const { form } = show(agentRequest(bash(text(length), "Say much")));
        expect(form.body.length).toBeLessThanOrEqual(MAX_BODY_LENGTH);
        if (form.document !== undefined) expect(form.body.length).toBeGreaterThan(2_500);
        kinds.add(form.document === undefined);
      }
      expect([...kinds]).toEqual([true, false]);
    },
  );

  it("is never longer than a message, whatever the call says", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (command, reason, project) => {
        for (const call of [
          bash(command, reason),
          { toolName: `Odd ${reason}`, input: { [project]: command } },
        ]) {
          const { form, withoutDocument = form } = show(agentRequest(call, {}, { project, agent: reason }));
          const all = [form.body, ...form.parts, withoutDocument.body, ...withoutDocument.parts];
          for (const body of [...all, ...withoutDocument.rest])
            expect(body.length).toBeLessThanOrEqual(MAX_BODY_LENGTH);
          expect(form.document?.caption.length ?? 0).toBeLessThan(1_024);
        }
      }),
    );
  });

  it("lets no foreign words become markup, lines or fences of ours", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (command, reason, project) => {
        const { form } = show(agentRequest(bash(command, reason), {}, { project, said: reason }));
        const outside = parseMarkup(form.body).filter(({ type }) => type !== "fence" && type !== "code");
        const bold = outside.flatMap((node) =>
          node.type === "bold" ? node.children.map((child) => ("text" in child ? child.text : "?")) : [],
        );
        const ours = ["Approval Request", "Reason:", "Project:", "Request ID:", "kqmwa, command:"];
        expect(bold.every((words) => ours.includes(words))).toBe(true);
        expect(new Set(bold).size).toBe(bold.length);
        expect(outside.some(({ type }) => type === "italic" || type === "strike")).toBe(false);
        const lines = outside.flatMap((node) => ("text" in node ? node.text.split("\n") : []));
        expect(lines.filter((line) => line.startsWith("Reply to this message"))).toHaveLength(1);
        expect(form.body.split("\n").at(-1)).toMatch(
          /^Reply to this message with yes or no, or write APPROVE kqmwa/,
        );
      }),
    );
  });

  it("loses nothing of the text between its head, its tail and its count", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 300, maxLength: 900 }), (text) => {
        fc.pre(text.length > 250);
        const { head, tail, between } = excerptOf(text, 240);
        expect(head.length + tail.length).toBeLessThanOrEqual(240);
        const whole = text.startsWith(head) && text.endsWith(tail);
        expect(whole).toBe(true);
        const middle = text.slice(head.length, text.length - tail.length);
        const characters = [...decodeVisible(middle)].length;
        expect([characters, characters - 1, characters + 1]).toContain(between);
      }),
    );
  });
});

describe("the parts of the other WhatsApp", () => {
  it("stay short enough where they hold hardly anything but blanks", () => {
    const { parts } = promptFor(agentRequest(bash(`x${" \n".repeat(3_000)}x`)));
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(1_600);
    expect(parts[1]).toContain("```\n⟨U+");
  });
});

describe("a question for the agent", () => {
  it("is one plain message with its options by number", () => {
    const request = agentRequest(questionCall(DB));
    const { parts, plain } = questionPrompt(request, { number: 1, leftMs: 300_000 }, QUESTION_FORMAT);
    expect(parts).toEqual([]);
    expect(plain).toContain("  1. Postgres: A server that many can write to\n  2. SQLite");
    expect(plain).toMatch(
      /Type kqmwa and a number or your own words, for example: kqmwa 2\nDENY kqmwa gives no answer$/,
    );
  });

  it("holds more in one message than the other WhatsApp's", () => {
    const long = { ...DB, question: "Which of these two ".repeat(100).trim() };
    const request = agentRequest(questionCall(long));
    const asked = { number: 1, leftMs: 300_000 };
    expect(questionPrompt(request, asked).parts).not.toEqual([]);
    const { parts, plain } = questionPrompt(request, asked, QUESTION_FORMAT);
    expect(parts).toEqual([]);
    expect(plain).toContain(long.question);
  });
});

describe("a notice that is too long", () => {
  it("becomes messages that are cut at line ends, with nothing lost", () => {
    const text = Array.from({ length: 30 }, (_, at) => `line ${at}`).join("\n");
    const messages = splitAtLines(text, 40);
    expect(messages.join("\n")).toBe(text);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(40);
    expect(splitAtLines("x".repeat(90), 40)).toEqual(["x".repeat(40), "x".repeat(40), "x".repeat(10)]);
    expect(splitAtLines("", 40)).toEqual([""]);
  });
});
