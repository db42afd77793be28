// The file that APPROVERS names: whom it makes, and that each mistake in it is named with its place.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/domain/errors.ts";
import { readApprovers } from "../../src/server/approvers/read-approvers.ts";
import { withApprovers } from "../../src/server/approvers/with-approvers.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const ADA = { name: "Ada", addresses: ["+1 500 555 0006", "telegram"] };
const read = (file: unknown) => readApprovers(JSON.stringify(file), ["whatsapp", "telegram"]);
const problems = (people: unknown) => {
  const result = read({ version: 1, people });
  return result.ok ? [] : result.problems;
};

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("the approvers' file", () => {
  it("names people with their addresses, role and projects", () => {
    const bob = {
      name: "Bob",
      role: "notify",
      projects: ["web-shop"],
      addresses: ["+15005550007=whatsapp:US.1234"],
    };
    expect(read({ version: 1, people: [ADA, bob] })).toEqual({
      ok: true,
      people: [
        { name: "Ada", role: "approve", addresses: ["+15005550006"], pairs: ["telegram"] },
        {
          name: "Bob",
          role: "notify",
          projects: ["web-shop"],
          addresses: ["+15005550007"],
          pairs: [],
        },
      ],
      userIds: new Map([["+15005550007", "US.1234"]]),
    });
  });

  it.each([
    ["an unknown role", [{ ...ADA, role: "aprove" }], "people[0].role: must be approve or notify"],
    ["a misspelt key", [{ ...ADA, project: ["x"] }], /^people\[0\]: .*"project"/],
    ["one name twice", [ADA, { name: "ADA", addresses: ["telegram"] }], /^people\[1\]\.name: /],
    [
      "one number twice",
      [ADA, { name: "Bob", addresses: ["telegram", "+15005550006"] }],
      "people[1].addresses[1]: is the same as people[0].addresses[0]",
    ],
    [
      "one number in its two forms",
      [
        { name: "Ada", addresses: ["+525512345678"] },
        { name: "Bob", addresses: ["+5215512345678"] },
      ],
      "people[1].addresses[0]: is the same as people[0].addresses[0]",
    ],
    [
      "one user id for two people",
      [
        { name: "Ada", addresses: ["+15005550006=whatsapp:US.1"] },
        { name: "Bob", addresses: ["+15005550007=whatsapp:US.1"] },
      ],
      "people[1].addresses[0]: is the same as people[0].addresses[0]",
    ],
    ["nobody who approves", [{ ...ADA, role: "notify" }], /^people: nobody approves/],
    [
      "a project that nobody approves",
      [
        { ...ADA, projects: ["blog"] },
        { name: "Bob", role: "notify", projects: ["shop"], addresses: ["telegram"] },
      ],
      'people[1].projects[0]: nobody approves for "shop"',
    ],
    ["an address of a paired channel", [{ name: "Ada", addresses: ["telegram:7001"] }], /comes from a code/],
    ["no number", [{ name: "Ada", addresses: ["0049"] }], /^people\[0\]\.addresses\[0\]: must be a number/],
    ["two numbers in one", [{ name: "Ada", addresses: ["+15005550006,+15005550007"] }], /must be a number/],
    ["a channel that is not used", [{ name: "Ada", addresses: ["whatsapp-agent"] }], /none is on a channel/],
    ["a name that hides something", [{ ...ADA, name: "Ada\u202e" }], /^people\[0\]\.name: must be a name/],
    ["a name that formats", [{ ...ADA, name: "*Ada*" }], /^people\[0\]\.name: must be a name/],
    ["a name that is a number", [{ ...ADA, name: "+15005550006" }], /^people\[0\]\.name: must be a name/],
    ["a name that says something else", [{ ...ADA, name: "Policy" }], /^people\[0\]\.name: is a word/],
    ["a folder for a project", [{ ...ADA, projects: ["/code/shop"] }], /^people\[0\]\.projects\[0\]: /],
    ["no project", [{ ...ADA, projects: [] }], /^people\[0\]\.projects: names no project/],
    ["nobody", [], /^people: names nobody/],
  ])("refuses %s", (_what, people, problem) => {
    expect(problems(people)).toEqual(
      expect.arrayContaining([typeof problem === "string" ? problem : expect.stringMatching(problem)]),
    );
  });

  it("refuses a key that stands twice, and what is no JSON, without a word of it", () => {
    const twice = '{"version":1,"people":[{"name":"Ada","name":"Bob","addresses":["telegram"]}]}';
    expect(readApprovers(twice, ["telegram"])).toEqual({
      ok: false,
      problems: ['has the key "name" twice in one place: put them together'],
    });
    expect(readApprovers("{+15005550006", ["telegram"])).toEqual({
      ok: false,
      problems: ["is not valid JSON"],
    });
  });
});

describe("APPROVERS", () => {
  const path = () => join(temporaryFolder(), "approvers.json");

  it("stops the start where its file is missing, wrong, or writable by others", () => {
    const file = path();
    const start = () => withApprovers(parseConfig({ APPROVERS: file }));
    expect(problemsOf(start)).toEqual([`APPROVERS: ${file} does not exist`]);
    writeFileSync(file, "{}", { mode: 0o600 });
    expect(problemsOf(start)[0]).toMatch(/^APPROVERS: .*version/);
    writeFileSync(file, JSON.stringify({ version: 1, people: [ADA] }));
    chmodSync(file, 0o666);
    expect(problemsOf(start)[0]).toMatch(/can be written by others/);
    chmodSync(file, 0o600);
    expect(start()).toMatchObject({ approvers: ["+15005550006"], people: [{ name: "Ada" }], isClosed: true });
  });

  it("is not set beside APPROVAL_PHONE: one of them would not count", () => {
    const both = { APPROVERS: path(), APPROVAL_PHONE: "+15005550006" };
    expect(problemsOf(() => parseConfig(both))).toEqual([
      expect.stringMatching(/^APPROVERS: is set beside APPROVAL_PHONE/),
    ]);
  });

  it("knows nobody as long as its file was not read", () => {
    expect(parseConfig({ APPROVERS: path() })).toMatchObject({ approvers: [], people: [] });
  });
});
