// The JSON schemas of the files that people write: made of what reads them, for editors. `npm run docs` writes them anew.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { policySchema } from "../../src/policy/schema.ts";
import { readApprovers } from "../../src/server/approvers/read-approvers.ts";
import { approversSchema } from "../../src/server/approvers/schema.ts";
import { problemsOf } from "../helpers/policy-stage.ts";
import { ADA, BOB } from "../helpers/two-people.ts";

const FOLDER = new URL("../../schema/", import.meta.url);
const pathOf = (name: string) => new URL(`${name}.schema.json`, FOLDER).pathname;
const published = (name: string) =>
  z.fromJSONSchema(JSON.parse(readFileSync(pathOf(name), "utf8")) as Parameters<typeof z.fromJSONSchema>[0]);

const FILES = [
  ["policy", policySchema, "policy.json of the approval server: docs/policy.md"],
  ["approvers", approversSchema, "The file that APPROVERS names: docs/approvers.md"],
] as const;

/** As Biome writes a list of names. */
const NAMES = /\[\s+("[^\]]*")\s+\]/g;
const inOneLine = (_: string, names: string) => `[${names.replace(/\s+/g, " ")}]`;

const person = { name: "Ada", addresses: [ADA, "telegram"] };
const people = (...list: readonly object[]) => ({ version: 1, people: list });
const group = { decision: "deny", rules: ["Bash(curl *)"], message: "Use the cache.", doors: ["hook"] };
const READ = {
  policy: (file: object) => problemsOf(JSON.stringify(file)).length === 0,
  approvers: (file: object) => readApprovers(JSON.stringify(file), ["whatsapp", "telegram"]).ok,
};

describe.each(FILES)("schema/%s.schema.json", (name, schema, title) => {
  it("is what the code reads", async () => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" });
    const text = JSON.stringify({ $schema, title, ...rest }, undefined, 2);
    await expect(`${text.replace(NAMES, inOneLine)}\n`).toMatchFileSnapshot(pathOf(name));
  });
});

it.each([
  ["policy", { version: 1, quorum: 2, rules: [group], max_approvals_per_session: 50 }],
  ["policy", { $schema: "./schema/policy.schema.json", version: 1 }],
  ["approvers", people(person, { name: "Bob", role: "notify", projects: ["web-shop"], addresses: [BOB] })],
  ["approvers", { $schema: "./schema/approvers.schema.json", ...people(person) }],
] as const)("the schema of %s takes what the server takes: %j", (name, file) => {
  expect(READ[name](file)).toBe(true);
  expect(published(name).safeParse(file).success).toBe(true);
});

it.each([
  ["policy", { version: 1, quorum: 3 }],
  ["policy", { version: 1, qourum: 2 }],
  ["policy", { version: 1, rules: [{ ...group, decision: "permit" }] }],
  ["policy", { version: 1, $schema: 1 }],
  ["approvers", people({ ...person, role: "admin" })],
  ["approvers", people({ ...person, adresses: [] })],
  ["approvers", people({ name: "Ada", addresses: [] })],
  ["approvers", people()],
] as const)("the schema of %s refuses what the server refuses: %j", (name, file) => {
  expect(READ[name](file)).toBe(false);
  expect(published(name).safeParse(file).success).toBe(false);
});
