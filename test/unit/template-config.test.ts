import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { KEEP_OPEN_TEMPLATE, type MessageTemplate } from "../../src/channels/twilio/templates/template.ts";
import {
  contentVariables,
  parseTemplateConfig,
  toApprovalContent,
  toContent,
} from "../../src/channels/twilio/templates/template-config.ts";
import { ConfigError } from "../../src/domain/errors.ts";
import { rejectionReason } from "../../src/simulator/content/approval-rules.ts";

const shipped = parseTemplateConfig(
  readFileSync(new URL("../../template_config.json", import.meta.url), "utf8"),
);

const entry = {
  key: "greeting",
  env: "TWILIO_CONTENT_SID_GREETING",
  friendly_name: "greeting",
  language: "en",
  body: "Hello {{name}}, this is {{id}}.",
  buttons: [{ title: "✅ Approve", id: "approve:{{id}}" }],
  variables: [
    { name: "id", sample: "kqmwa" },
    { name: "name", sample: "Ada" },
  ],
};

function parse(...entries: object[]): MessageTemplate[] {
  return parseTemplateConfig(JSON.stringify({ templates: entries }));
}

function problemsOf(...entries: object[]): string {
  try {
    parse(...entries);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join("\n");
    throw error;
  }
  return "";
}

function template(key: string): MessageTemplate {
  const found = shipped.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no template ${key}`);
  return found;
}

describe("the templates in template_config.json", () => {
  it("are the twelve that a request fills and the one of the reminder, each with the variable of old .env files", () => {
    expect(shipped.map(({ key, env }) => `${key} ${env}`)).toEqual([
      "command TWILIO_CONTENT_SID",
      "command_session TWILIO_CONTENT_SID_COMMAND_SESSION",
      "command_warning TWILIO_CONTENT_SID_COMMAND_WARNING",
      "tool_1 TWILIO_CONTENT_SID_TOOL_1",
      "tool_1_session TWILIO_CONTENT_SID_TOOL_1_SESSION",
      "tool_1_warning TWILIO_CONTENT_SID_TOOL_1_WARNING",
      "tool_2 TWILIO_CONTENT_SID_TOOL_2",
      "tool_2_session TWILIO_CONTENT_SID_TOOL_2_SESSION",
      "tool_2_warning TWILIO_CONTENT_SID_TOOL_2_WARNING",
      "tool_3 TWILIO_CONTENT_SID_TOOL_3",
      "tool_3_session TWILIO_CONTENT_SID_TOOL_3_SESSION",
      "tool_3_warning TWILIO_CONTENT_SID_TOOL_3_WARNING",
      "keep_open TWILIO_CONTENT_SID_KEEP_OPEN",
    ]);
  });

  it.each(["command", "tool_1", "tool_2", "tool_3"])(
    "%s differs in its variants by what they are for, and in nothing else",
    (key) => {
      const [plain, session, warning] = [
        template(key),
        template(`${key}_session`),
        template(`${key}_warning`),
      ];
      expect(session.body).toBe(`${plain.body}\n🔁 Session allows {{session}}`);
      const [title = "", ...rest] = plain.body.split("\n");
      expect(warning.body).toBe([title, "⚠️ {{warning}}", ...rest].join("\n"));
      const ask = [
        { title: "✅ Approve", id: "approve:{{id}}" },
        { title: "❌ Deny", id: "deny:{{id}}" },
      ];
      expect(plain.buttons).toEqual(ask);
      expect(warning.buttons).toEqual(ask);
      expect(session.buttons).toEqual([...ask, { title: "🔁 Session", id: "session:{{id}}" }]);
    },
  );

  it("read as designed on the phone", () => {
    const bodyOf = (key: string) => toContent(template(key)).types["twilio/quick-reply"].body;
    expect(bodyOf("command")).toBe(
      "🔔 *Approval Request*\n\nExecute command: `{{1}}`\n*Reason:* {{2}}\n\n*Project:* {{3}}\n*Request ID:* {{4}}\n\n⏱️ Expires in {{5}}",
    );
    expect(bodyOf("tool_2")).toBe(
      "🔔 *Approval Request*\n\n*Tool:* {{1}}\n  • {{2}}\n  • {{3}}\n\n*Project:* {{4}}\n*Request ID:* {{5}}\n\n⏱️ Expires in {{6}}",
    );
    expect(bodyOf("tool_1")).toContain("*Tool:* {{1}}\n  • {{2}}\n\n*Project:* {{3}}");
    expect(bodyOf("tool_3")).toContain("\n  • {{2}}\n  • {{3}}\n  • {{4}}\n\n*Project:* {{5}}");
    expect(bodyOf("command_session")).toContain("\n\n⏱️ Expires in {{5}}\n🔁 Session allows {{6}}");
    expect(bodyOf("command_warning")).toContain("🔔 *Approval Request*\n⚠️ {{1}}\n\nExecute command: `{{2}}`");
  });

  // The reminder goes out inside the window only, and is never submitted.
  it.each(shipped.filter(({ key }) => key !== KEEP_OPEN_TEMPLATE).map((one) => [one.key, one] as const))(
    "%s meets WhatsApp's approval rules when submitted",
    (_, one) => {
      const { variables, types, ...rest } = toApprovalContent(one);
      const { body, actions } = types["twilio/quick-reply"];
      expect(body).not.toMatch(/^\s*\{\{|\}\}\s*$|\}\}\s*\{\{/);
      const words = body.replace(/\{\{\d+\}\}/g, "").match(/\p{L}+/gu) ?? [];
      expect(words.length).toBeGreaterThanOrEqual(2 * Object.keys(variables).length + 1);
      expect(body.match(/\p{Extended_Pictographic}/gu)?.length ?? 0).toBeLessThanOrEqual(10);
      const titles = ["Approve", "Deny", ...(one.key.endsWith("_session") ? ["Session"] : [])];
      expect(actions.map(({ title }) => title)).toEqual(titles);
      const submitted = { "twilio/quick-reply": { body, actions: [...actions] } };
      expect(rejectionReason({ ...rest, variables, types: submitted })).toBeUndefined();
    },
  );
});

describe("content for Twilio", () => {
  it("is the exact payload of the Content API, with variables numbered by first appearance", () => {
    expect(toContent(parse(entry)[0] as MessageTemplate)).toEqual({
      friendly_name: expect.stringMatching(/^greeting_[0-9a-f]{8}$/),
      language: "en",
      variables: { "1": "Ada", "2": "kqmwa" },
      types: {
        "twilio/quick-reply": {
          body: "Hello {{1}}, this is {{2}}.",
          actions: [{ title: "✅ Approve", id: "approve:{{2}}" }],
        },
      },
    });
  });

  it("keeps its name while it is the same and changes it with every edit", () => {
    const nameOf = (change: object) =>
      toContent(parse({ ...entry, ...change })[0] as MessageTemplate).friendly_name;
    expect(nameOf({ key: "other", env: "TWILIO_CONTENT_SID" })).toBe(nameOf({}));
    const edits = [
      { body: "Hi {{name}}, this is {{id}}." },
      { language: "de" },
      { buttons: [{ title: "Approve", id: "approve:{{id}}" }] },
      { buttons: [{ title: "✅ Approve", id: "deny:{{id}}" }] },
    ].map(nameOf);
    expect(new Set([nameOf({}), ...edits]).size).toBe(5);
  });

  it("for approval takes the same variables and ends with fixed words", () => {
    const [one] = parse(entry) as [MessageTemplate];
    const { body, actions } = toApprovalContent(one).types["twilio/quick-reply"];
    expect(toApprovalContent(one).variables).toEqual(toContent(one).variables);
    expect(toApprovalContent(one).friendly_name).toMatch(/^greeting_submitted_[0-9a-f]{8}$/);
    expect(body).toBe(
      "Hello {{1}}, this is {{2}}.\n\nClaude waits for your answer: tap a button below. Without an answer nothing runs.",
    );
    expect(actions).toEqual([{ title: "Approve", id: "approve:{{2}}" }]);
  });
});

describe("content variables", () => {
  it("are filled by name and sent by number", () => {
    const values = {
      command: "ls",
      project: "web-shop",
      id: "kqmwa",
      expiry: "5 minutes",
      reason: "List files",
      session: "not used",
      warning: "runs as root",
    };
    expect(contentVariables(template("command_warning"), values)).toEqual({
      "1": "runs as root",
      "2": "ls",
      "3": "List files",
      "4": "web-shop",
      "5": "kqmwa",
      "6": "5 minutes",
    });
  });

  it("do not replace placeholders inside a value", () => {
    const values = {
      command: "echo {{id}} {{1}}",
      reason: "{{project}}",
      project: "p",
      id: "kqmwa",
      expiry: "5 minutes",
    };
    expect(contentVariables(template("command"), values)["2"]).toBe("{{project}}");
    expect(contentVariables(template("command"), values)["1"]).toBe("echo {{id}} {{1}}");
  });

  it("refuse to leave a variable open, naming all that are missing", () => {
    expect(() => contentVariables(template("command"), { command: "ls", id: "kqmwa" })).toThrow(
      /\{\{reason\}\}.*\{\{project\}\}.*\{\{expiry\}\}/s,
    );
    expect(() =>
      contentVariables(
        parse({
          ...entry,
          body: "{{toString}} {{id}}",
          variables: [
            { name: "toString", sample: "x" },
            { name: "id", sample: "x" },
          ],
        })[0] as MessageTemplate,
        { id: "kqmwa" },
      ),
    ).toThrow(/toString/);
  });
});

describe("a template file that is wrong", () => {
  it("takes a third button", () => {
    const buttons = [
      ...["approve", "deny", "session"].map((verb) => ({ title: verb, id: `${verb}:{{id}}` })),
    ];
    expect(parse({ ...entry, buttons })).toHaveLength(1);
  });

  it.each([
    ["a fourth button", { buttons: ["a", "b", "c", "d"].map((id) => ({ title: id, id })) }, /4 buttons/],
    ["no buttons", { buttons: [] }, /no buttons/],
    [
      "a long title",
      { buttons: [{ title: "Approve it right away", id: "x" }] },
      /21 characters; WhatsApp takes 20/,
    ],
    ["a variable in a title", { buttons: [{ title: "OK {{id}}", id: "x" }] }, /has a variable/],
    ["a title of nothing but emoji", { buttons: [{ title: "✅", id: "x" }] }, /has no words/],
    [
      "two titles that differ in emoji only",
      {
        buttons: [
          { title: "✅ Go", id: "x" },
          { title: "❌ Go", id: "y" },
        ],
      },
      /two buttons are called "Go"/,
    ],
    [
      "two buttons with one id",
      {
        buttons: [
          { title: "A", id: "x" },
          { title: "B", id: "x" },
        ],
      },
      /two buttons have the id x/,
    ],
    [
      "an unknown variable in the body",
      { body: "{{name}} {{id}} {{nmae}}" },
      /\{\{nmae\}\} is not among the variables/,
    ],
    ["an unknown variable in an id", { buttons: [{ title: "A", id: "approve:{{ident}}" }] }, /\{\{ident\}\}/],
    ["a variable that is never used", { body: "Hello {{id}}" }, /variable name is never used/],
    ["a numbered placeholder", { body: "{{name}} {{id}} {{1}}" }, /not of the form \{\{name\}\}/],
    ["an open placeholder", { body: "{{name}} {{id}} {{oops" }, /not of the form/],
    [
      "a sample with a newline",
      {
        variables: [
          { name: "id", sample: "a\nb" },
          { name: "name", sample: "x" },
        ],
      },
      /sample of id has a newline/,
    ],
    [
      "an empty sample",
      {
        variables: [
          { name: "id", sample: " " },
          { name: "name", sample: "x" },
        ],
      },
      /sample of id is empty/,
    ],
    ["a body too long for WhatsApp", { body: `{{name}} {{id}} ${"x".repeat(1020)}` }, /WhatsApp takes 1024/],
    ["a misspelt field", { boody: "x" }, /boody/],
    ["another's environment variable", { env: "TWILIO_AUTH_TOKEN" }, /env: wants TWILIO_CONTENT_SID/],
    ["a name that WhatsApp refuses", { friendly_name: "Approval-1" }, /friendly_name: wants lower-case/],
  ])("reports %s", (_, change, problem) => {
    expect(problemsOf({ ...entry, ...change })).toMatch(problem);
  });

  it("reports every problem of every template at once", () => {
    const problems = problemsOf(
      { ...entry, key: "one", language: "English", body: "" },
      { ...entry, key: "two", body: "{{id}}" },
      entry,
      entry,
    );
    expect(problems).toMatch(/template 1: language/);
    expect(problems).toMatch(/template 1: body: is empty/);
    expect(problems).toMatch(/template two: the variable name is never used/);
    expect(problems).toMatch(/two templates have the key greeting/);
    expect(problems).toMatch(/two templates write to TWILIO_CONTENT_SID_GREETING/);
    expect(problems).toMatch(/two templates have the friendly_name greeting/);
  });

  it.each([
    ["{", /not valid JSON/],
    ["[]", /template_config\.json/],
    ['{"templates":[]}', /is empty/],
    ['{"templates":[7]}', /template 1/],
  ])("that holds %s is refused in words", (text, problem) => {
    expect(() => parseTemplateConfig(text)).toThrow(ConfigError);
    expect(() => parseTemplateConfig(text)).toThrow(problem);
  });
});
