// What a phone gets of a request: no line of ours forged, nothing hidden, no fence closed, no message too long, and all parts
// together hold the whole call.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { fillPlaceholders } from "../../../src/channels/twilio/templates/template.ts";
import { parseTemplateConfig } from "../../../src/channels/twilio/templates/template-config.ts";
import { promptFor } from "../../../src/channels/whatsapp-format/request-prompt.ts";
import type { ApprovalRequest } from "../../../src/domain/approval.ts";
import type { ApprovalId } from "../../../src/domain/tool-call.ts";
import { decodeVisible, visibleBlock, visibleLine } from "../../../src/domain/visible.ts";
import { packageRoot } from "../../../src/server/system.ts";
import { anyText } from "../inputs/text.ts";
import { anyValue } from "../inputs/value.ts";
import { target } from "../target.ts";

const TEMPLATES = new Map(
  parseTemplateConfig(readFileSync(join(packageRoot(), "template_config.json"), "utf8")).map((each) => [
    each.key,
    each,
  ]),
);
/** What WhatsApp and Twilio take, UTF-16 units. */
const MAX_BUTTONS = 1_024;
const MAX_PLAIN = 1_600;
/** Nothing of these may reach a screen, in whatever the text is. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
/** Emoji of our own carry one. */
const OURS = /\uFE0F/g;

/** Of several lines, too: where a text is cut between two of them, one may be lost. */
const lines = fc
  .array(fc.oneof(anyText, fc.constantFrom("npm test", "", "  # done")), { minLength: 2, maxLength: 6 })
  .map((all) => `${all.join("\n")}\n`);
const long = fc
  .tuple(fc.oneof(anyText, lines), fc.constantFrom(1, 1, 1, 40, 400))
  .map(([text, times]) => text.repeat(times).slice(0, 30_000));
const input = fc.record({
  tool: fc.oneof(
    fc.constantFrom("Bash", "Bash", "Bash", "Write", "Edit", "WebFetch", "mcp__a__b", "ExitPlanMode"),
    anyText,
  ),
  command: long,
  more: fc.oneof(
    fc.constant({}),
    fc.dictionary(
      fc.oneof(fc.constantFrom("description", "file_path", "content"), anyText),
      fc.oneof(anyText, anyValue),
      { maxKeys: 4 },
    ),
  ),
  project: anyText,
  said: anyText,
  agent: anyText,
  warnings: fc.array(fc.constantFrom("deletes recursively", "runs in the background"), { maxLength: 2 }),
});

const PART_OF_TEXT = /^\*kqmwa, part (\d+) of \d+:\* ([^\n]*)\n```\n([\s\S]*)\n```$/;

export default target("rendering", "a call and who asks → the messages on the phone", 4, () => ({
  input,
  check({ tool, command, more, project, said, agent, warnings }) {
    const call = { toolName: tool, input: { ...more, command } };
    const request: ApprovalRequest = {
      id: "kqmwa" as ApprovalId,
      call,
      inspection: { shown: call, secrets: 0, warnings },
      door: "mcp",
      project,
      said,
      agent,
      createdAt: 0,
      expiresAt: 300_000,
      waiting: 1,
    };
    const prompt = promptFor(request);
    const { template, values, parts, rest } = prompt;
    const body = TEMPLATES.get(template)?.body;
    assert.ok(body !== undefined, `there is no template ${template}`);
    const message = fillPlaceholders(body, (name) => values[name] ?? `{{${name}}}`);
    assert.ok(message.length <= MAX_BUTTONS, `the message with the buttons has ${message.length} characters`);
    assert.deepEqual(
      message.match(/^\*Request ID:\* .*$/gm),
      ["*Request ID:* kqmwa"],
      "a line of ours is forged",
    );
    assert.equal(message.match(/^⏱️ Expires in /gm)?.length, 1, "a deadline is forged");
    for (const [name, value] of Object.entries(values)) {
      assert.ok(!/[\n\r]/.test(value), `${name} has a second line`);
      assert.ok(!HIDDEN.test(value.replace(OURS, "")), `${name} hides something`);
      assert.ok(!/ {5,}/.test(value) && value !== "", `${name} has what Twilio refuses`);
    }
    for (const part of [...parts, ...rest]) {
      assert.ok(part.length <= MAX_PLAIN, `a part has ${part.length} characters`);
      assert.ok(!HIDDEN.test(part.replaceAll("\n", "").replace(OURS, "")), "a part hides something");
      const fences = part.match(/`{3,}/g) ?? [];
      assert.ok(fences.length === 0 || fences.length === 2, "a fence is closed too early");
      assert.ok(!part.includes("```") || part.endsWith("\n```"), "something stands behind the fence");
    }
    if (tool === "Bash" && Object.keys(more).length === 0) {
      // Warnings that do not fit the message are a part as well, and hold nothing of the command.
      const texts = [...parts, ...rest].filter((part) => PART_OF_TEXT.test(part));
      const all = texts.length === 0 ? (values["command"] ?? "") : joined(texts);
      assert.equal(decodeVisible(all), command === "" ? "-" : command, "the parts do not hold the command");
    }
  },
  growth: [
    ...["a", " ", "\n", "`", "\u202E", "é\u0301\u0301", "⟨U+0041⟩", "*_", "א1 ", " a", "\\ \n", "⟨"].flatMap(
      (part) =>
        [visibleLine, visibleBlock].map((show) => ({
          name: `${show.name} of ${JSON.stringify(part)}`,
          from: 20_000,
          run: (size: number) => show(`x${part.repeat(size / part.length)}x${size}`),
        })),
    ),
  ],
}));

/** What stands in the fences, in the order of the parts. */
function joined(messages: readonly string[]): string {
  const numbered = messages.map((message) => {
    const [, number = "0", head = "", text = ""] = PART_OF_TEXT.exec(message) ?? [];
    return { number: Number(number), continues: head.endsWith("goes on in the same line"), text };
  });
  return numbered
    .filter(({ number }) => number > 0)
    .sort((a, b) => a.number - b.number)
    .reduce((all, { text, continues }, at) => all + (at === 0 || continues ? "" : "\n") + text, "");
}
