// A script's arguments: what fits its schema, and the words that it gets. Nothing that a person reads as a value becomes an option.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { argumentVector } from "../../src/script-tools/argument-vector.ts";
import { INTERPRETERS, MAX_SCRIPT_BYTES } from "../../src/script-tools/script-file.ts";
import { readScriptSettings, SCRIPT_KEYS } from "../../src/script-tools/script-settings.ts";
import { packageRoot } from "../../src/server/system.ts";

const ANY = { type: ["string", "number", "boolean", "array", "object", "null"] };
const PROPERTIES = {
  target: { type: "string" },
  count: { type: "integer" },
  offset: { type: "number" },
  force: { type: "boolean" },
  files: { type: "array", items: { type: "string" } },
  config: { type: "object" },
  any: ANY,
  loose: {},
};

function settings(more: object = {}, schema: object = {}) {
  const inputSchema = { type: "object", properties: PROPERTIES, ...schema };
  const read = readScriptSettings(JSON.stringify({ description: "Does it.", inputSchema, ...more }));
  if (!read.ok) throw new Error(read.problem);
  return read.settings;
}

const words = (given: object, more: object = {}) =>
  argumentVector(given as Record<string, unknown>, settings(more).form);

describe("pairs", () => {
  it.each([
    [{}, []],
    [{ target: "prod" }, ["--target", "prod"]],
    [{ target: "" }, ["--target", ""]],
    [{ target: "a b; rm -rf / $(x) `y` '\"*" }, ["--target", "a b; rm -rf / $(x) `y` '\"*"]],
    [{ target: "two\nlines" }, ["--target", "two\nlines"]],
    [{ target: "пример 日本" }, ["--target", "пример 日本"]],
    [{ force: true }, ["--force", "true"]],
    [{ force: false }, ["--force", "false"]],
    [{ count: 3, target: "x" }, ["--target", "x", "--count", "3"]],
    [{ offset: -5 }, ["--offset", "-5"]],
    [{ offset: -0.5 }, ["--offset", "-0.5"]],
    [{ offset: 1e21 }, ["--offset", "1e+21"]],
    [{ files: ["a", "b"] }, ["--files", "a", "--files", "b"]],
    [{ files: [] }, []],
    [{ config: { b: 1, a: [true] } }, ["--config", '{"a":[true],"b":1}']],
    [{ any: null }, ["--any", "null"]],
  ])("%j becomes %j, in the order of the schema", (given, expected) => {
    expect(words(given)).toEqual({ ok: true, words: expected });
  });

  it.each([
    [{ target: "-rf" }, /target begins with -/],
    [{ target: "--force" }, /target begins with -/],
    [{ target: "-" }, /target begins with -/],
    [{ target: "-5" }, /target begins with -/],
    [{ files: ["a", "-x"] }, /files begins with -/],
    [{ target: "a\0b" }, /NUL/],
    [{ target: "a\ud800" }, /half a character/],
    [{ "x y": "1" }, /cannot be an argument's name/],
    [{ "-x": "1" }, /cannot be an argument's name/],
  ])("%j is refused", (given, problem) => {
    expect(words(given)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });

  it("as one word each take a value that begins with -", () => {
    expect(words({ target: "-rf", files: ["--a", "b"] }, { equals: true })).toEqual({
      ok: true,
      words: ["--target=-rf", "--files=--a", "--files=b"],
    });
  });
});

describe("positional arguments", () => {
  const positional = ["target", "count", "files"];

  it("come after the pairs, in their order, a list last", () => {
    const given = { files: ["a", "b"], count: 2, target: "prod", force: true };
    expect(words(given, { positional })).toEqual({
      ok: true,
      words: ["--force", "true", "prod", "2", "a", "b"],
    });
  });

  it.each([
    [{ target: "-rf" }, /target begins with -/],
    [{ target: "x", count: -9 }, /count begins with -/],
    [{ target: "x", count: 1, files: ["--all"] }, /files begins with -/],
    [{ count: 1 }, /count needs target/],
    [{ target: "x", files: ["a"] }, /files needs count/],
  ])("%j is refused", (given, problem) => {
    expect(words(given, { positional })).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });

  it("behind -- may begin with -", () => {
    expect(words({ target: "-rf", count: -9 }, { positional, doubleDash: true })).toEqual({
      ok: true,
      words: ["--", "-rf", "-9"],
    });
  });

  it("that turn out to be a list do not move what comes after them", () => {
    expect(words({ loose: ["a", "b"], target: "x" }, { positional: ["loose", "target"] })).toEqual({
      ok: false,
      problem: expect.stringMatching(/loose is a list/),
    });
  });
});

describe("the schema", () => {
  it.each([
    [{}, /must have required property 'target'/],
    [{ target: 5 }, /target must be string/],
    [{ target: "prod", extra: 1 }, /there is no argument "extra"/],
    [{ target: "prod", __proto__x: 1 }, /there is no argument "__proto__x"/],
  ])("refuses %j", (given, problem) => {
    const { check } = settings({}, { required: ["target"] });
    expect(check(given)).toMatch(problem);
  });

  it("refuses an own property that is called __proto__", () => {
    expect(settings().check(JSON.parse('{"__proto__": "x"}'))).toMatch(/__proto__/);
  });

  it("names what may be said instead", () => {
    const properties = { target: { enum: ["staging", "prod"] } };
    expect(settings({}, { properties }).check({ target: "moon" })).toMatch(/\["staging","prod"\]/);
  });

  it("is told to clients closed, and without arguments where there are none", () => {
    expect(settings().inputSchema).toMatchObject({ additionalProperties: false });
    const none = readScriptSettings('{"description": "x"}');
    expect(none.ok && none.settings.check({ a: 1 })).toMatch(/there is no argument "a"/);
  });

  it("that opens itself takes other names, as far as they can be names", () => {
    const open = settings({}, { additionalProperties: true });
    expect(open.check({ other: "x" })).toBeUndefined();
    expect(argumentVector({ other: "x" }, open.form)).toEqual({ ok: true, words: ["--other", "x"] });
    expect(argumentVector({ "--other": "x" }, open.form)).toMatchObject({ ok: false });
  });

  it("may name a newer dialect", () => {
    const $schema = "https://json-schema.org/draft/2020-12/schema";
    expect(settings({}, { $schema }).check({ target: "x" })).toBeUndefined();
  });
});

test.each([
  ["not JSON", "{", /not valid JSON/],
  ["a list", "[]", /must be an object/],
  ["no description", {}, /description/],
  ["an empty description", { description: "  " }, /description: is empty/],
  ["a misspelt key", { timeoutSecond: 5 }, /timeoutSecond/],
  ["a key twice", '{"description": "a", "description": "b"}', /"description" twice/],
  ["no time", { timeoutSeconds: 0 }, /timeoutSeconds/],
  ["half a second", { timeoutSeconds: 0.5 }, /whole number/],
  ["a day", { timeoutSeconds: 86_400 }, /timeoutSeconds/],
  ["a schema that is no object's", { inputSchema: { type: "string" } }, /type must be "object"/],
  ["a schema without a type", { inputSchema: {} }, /type must be "object"/],
  ["a misspelt keyword", { inputSchema: { type: "object", requird: ["a"] } }, /requird/],
  [
    "a misspelt keyword inside",
    { inputSchema: { type: "object", properties: { a: { type: "string", patern: "x" } } } },
    /patern/,
  ],
  [
    "a type that is none",
    { inputSchema: { type: "object", properties: { a: { type: "strng" } } } },
    /inputSchema/,
  ],
  [
    "a reference elsewhere",
    { inputSchema: { type: "object", properties: { a: { $ref: "https://example.com/x" } } } },
    /inputSchema/,
  ],
  ["a name with a space", { inputSchema: { type: "object", properties: { "a b": {} } } }, /"a b"/],
  ["a name that is an option", { inputSchema: { type: "object", properties: { "-a": {} } } }, /"-a"/],
  ["properties that are a list", { inputSchema: { type: "object", properties: [] } }, /must be an object/],
  ["a position for nothing", { positional: ["a"] }, /no property "a"/],
  ["a position for what every object has", { positional: ["toString"] }, /no property "toString"/],
  [
    "a list that is not last",
    {
      inputSchema: { type: "object", properties: { a: { type: "array" }, b: { type: "string" } } },
      positional: ["a", "b"],
    },
    /a is a list/,
  ],
  ["a position twice", { positional: ["a", "a"] }, /twice/],
  [
    "the server's own variable",
    { env: ["PATH", "TWILIO_AUTH_TOKEN"] },
    /env: names what is the approval server's own/,
  ],
  ["a variable that is none", { env: ["A B"] }, /no variable/],
])("settings with %s are refused", (_, given, problem) => {
  const json = typeof given === "string" ? given : JSON.stringify({ description: "x", ...given });
  const text = _ === "no description" ? "{}" : json;
  expect(readScriptSettings(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});

describe("docs/scripts.md", () => {
  const page = readFileSync(join(packageRoot(), "docs", "scripts.md"), "utf8");

  it("shows settings that are good, and what becomes of them", () => {
    const [, sample = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const read = readScriptSettings(sample);
    expect(read).toMatchObject({
      ok: true,
      settings: { timeoutMs: 600_000, env: ["DEPLOY_KEY"], serial: true },
    });
    const given = { target: "production", tags: ["a", "b"] };
    if (!read.ok) throw new Error(read.problem);
    expect(read.settings.check(given)).toBeUndefined();
    const vector = argumentVector(given, read.settings.form);
    expect(vector).toEqual({ ok: true, words: ["--target", "production", "--tags", "a", "--tags", "b"] });
  });

  it("explains every key, and no other", () => {
    const keys = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    expect(keys.toSorted()).toEqual([...SCRIPT_KEYS].toSorted());
  });

  it("states the limits and the endings of the code", () => {
    expect(page).toContain(`larger than ${MAX_SCRIPT_BYTES / 1024} kB`);
    expect(page).toContain([...INTERPRETERS.keys()].map((ending) => `\`${ending}\``).join(", "));
    expect(settings().timeoutMs).toBe(300_000);
    expect(page).toContain("1 to 3600, default 300");
  });
});

describe("a pattern in the schema", () => {
  const withPattern = (pattern: string) =>
    readScriptSettings(
      JSON.stringify({
        description: "Does it.",
        inputSchema: { type: "object", properties: { tag: { type: "string", pattern } } },
      }),
    );
  const problemOf = (pattern: string, tag: string) => {
    const read = withPattern(pattern);
    if (!read.ok) throw new Error(read.problem);
    return read.settings.check({ tag });
  };

  it.each([
    ["^(\\w+\\.?)+$", `${"a".repeat(5_000)}!`],
    ["^(a|aa)+$", `${"a".repeat(5_000)}!`],
    ["^(.*,)*x$", ",".repeat(5_000)],
  ])("%s keeps nobody waiting, whatever a caller gives", (pattern, tag) => {
    expect(problemOf(pattern, tag)).toContain("tag must match pattern");
  });

  it("is taken as the language has it", () => {
    expect(problemOf("^v\\d+\\.\\d+$", "v1.2")).toBeUndefined();
    expect(problemOf("^v\\d+\\.\\d+$", "v1x2")).toContain("must match pattern");
    expect(problemOf("^[^\\/]+$", "a/b")).toContain("must match pattern");
    expect(problemOf("^[a-z]+$", "a\nb")).toContain("must match pattern");
    expect(problemOf("^\\u00e9$", "\u00e9")).toBeUndefined();
  });

  it.each(["(?!x)a", "(?<=x)a", "^(a)\\1$", "^(?<n>a)\\k<n>$", "(", "a**"])(
    "that can only be tested by trial, or is none, is a problem: %s",
    (pattern) => {
      expect(withPattern(pattern)).toMatchObject({
        ok: false,
        problem: expect.stringMatching(/^inputSchema: /),
      });
    },
  );

  it("two of one schema are not taken for each other", () => {
    const read = readScriptSettings(
      JSON.stringify({
        description: "Does it.",
        inputSchema: {
          type: "object",
          properties: { a: { type: "string", pattern: "^x" }, b: { type: "string", pattern: "^y" } },
        },
      }),
    );
    expect(read.ok && read.settings.check({ a: "x", b: "y" })).toBeUndefined();
    expect(read.ok && read.settings.check({ a: "x", b: "x" })).toContain('b must match pattern "^y"');
  });
});

it("arguments that are longer than anybody reads are refused before they are checked", () => {
  const read = readScriptSettings(
    JSON.stringify({
      description: "Does it.",
      inputSchema: { type: "object", properties: { list: { type: "array", uniqueItems: true } } },
    }),
  );
  const list = Array.from({ length: 200_000 }, (_, n) => [n]);
  expect(read.ok && read.settings.check({ list })).toContain("longer than");
});
