import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buttonTitles, readTitle } from "../../src/channels/twilio/templates/button-title.ts";
import type { MessageTemplate } from "../../src/channels/twilio/templates/template.ts";
import {
  contentVariables,
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
  toContent,
  withIdInTitles,
} from "../../src/channels/twilio/templates/template-config.ts";
import { ConfigError } from "../../src/domain/errors.ts";
import { packageRoot } from "../../src/server/system.ts";

const shipped = parseTemplateConfig(readFileSync(join(packageRoot(), TEMPLATE_CONFIG_FILE), "utf8"));
const TEMPLATE: MessageTemplate = {
  key: "command",
  env: "TWILIO_CONTENT_SID",
  friendlyName: "approval_command",
  language: "en",
  body: "Run {{command}}? {{id}}.",
  buttons: [
    { title: "✅ Approve", id: "approve:{{id}}" },
    { title: "❌ Deny", id: "deny:{{id}}" },
  ],
  variables: [
    { name: "command", sample: "ls" },
    { name: "id", sample: "kqmwa" },
  ],
};

describe("titles that carry the request's id", () => {
  it("are numbered as the id in the body is, under a name and a variable of their own", () => {
    const template = withIdInTitles(TEMPLATE);
    const content = toContent(template);
    expect(content.types["twilio/quick-reply"].actions).toEqual([
      { title: "✅ Approve {{2}}", id: "approve:{{2}}" },
      { title: "❌ Deny {{2}}", id: "deny:{{2}}" },
    ]);
    expect(content.friendly_name).toMatch(/^approval_command_with_id_[0-9a-f]{8}$/);
    expect(template.env).toBe("TWILIO_CONTENT_SID_WITH_ID");
    expect(contentVariables(template, { command: "id", id: "abcde" })).toEqual({ "1": "id", "2": "abcde" });
  });

  it("take a number of their own when the id is nowhere else", () => {
    const buttons = [{ title: "✅ Approve", id: "approve" }];
    const template = withIdInTitles({ ...TEMPLATE, body: "Run {{command}}?", buttons });
    expect(toContent(template).types["twilio/quick-reply"].actions[0]?.title).toBe("✅ Approve {{2}}");
  });

  it("fit into WhatsApp's 20 characters for every shipped template", () => {
    for (const template of shipped.map(withIdInTitles)) {
      for (const { title } of template.buttons) {
        expect(title.replace("{{id}}", "kqmwa").length).toBeLessThanOrEqual(20);
      }
    }
  });

  it.each([
    [
      "is too long with it",
      { buttons: [{ title: "✅ Approve this now", id: "approve:{{id}}" }] },
      "room for 14",
    ],
    ["has no id", { variables: [{ name: "command", sample: "ls" }] }, "no variable {{id}}"],
  ])("are refused when a template %s", (_, change, problem) => {
    expect(() => withIdInTitles({ ...TEMPLATE, ...change })).toThrow(ConfigError);
    expect(() => withIdInTitles({ ...TEMPLATE, ...change })).toThrow(problem);
  });

  it("may be written by this variant only, never in template_config.json", () => {
    const { friendlyName, ...rest } = TEMPLATE;
    const entry = { ...rest, friendly_name: friendlyName, buttons: withIdInTitles(TEMPLATE).buttons };
    expect(() => parseTemplateConfig(JSON.stringify({ templates: [entry] }))).toThrow("has a variable");
  });
});

describe("a title read back", () => {
  const titles = buttonTitles(shipped.map(withIdInTitles));

  it.each([
    ["✅ Approve kqmwa", "approve kqmwa"],
    ["❌ Deny kqmwa", "deny kqmwa"],
    ["🔁 Session kqmwa", "session kqmwa"],
    ["✅\uFE0F Approve kqmwa", "approve kqmwa"],
  ])("is what could have been typed: %s", (text, typed) => {
    expect(readTitle(titles, text)).toEqual({ kind: "typed", text: typed });
  });

  it.each([
    ["✅ Approve", "approve"],
    ["❌ Deny", "deny"],
    ["🔁 Session", "session"],
    ["Approve", "approve"],
    [" ✅ Approve ", "approve"],
    ["Keep it open", "keep-open"],
  ])("names no request: %s", (text, verb) => {
    expect(readTitle(titles, text)).toEqual({ kind: "bare", verb });
  });

  it.each([
    "✅ Approve kqmwa please",
    "✅ kqmwa",
    "🔔 Approve kqmwa",
    "✅ Approve everything",
    "✅  Approve kqmwa",
    "❌ Deny KQMWA",
    "deny kqmwa use the test database",
    "yes kqmwa",
    "",
  ])("is left as it is when it is not exactly one of ours: %j", (text) => {
    expect(readTitle(titles, text)).toEqual({ kind: "typed", text });
  });
});
