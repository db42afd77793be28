// The pages about the settings are made of the code: `npm run docs` writes them anew.
import { readFileSync } from "node:fs";
import dotenv from "dotenv";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { VARIABLE_NAMES } from "../../src/config/environment.ts";
import { SETTING_GROUPS } from "../../src/config/setting-docs.ts";
import { defaultOf, envExample, settingsPage } from "../helpers/settings-pages.ts";

const ROOT = new URL("../../", import.meta.url);
const PAGE = new URL("docs/configuration.md", ROOT);
/** The page down to its first group. */
const INTRODUCTION = /^[\s\S]*?(?=\n## |$(?![\s\S]))/;

const NAMES = [...VARIABLE_NAMES, "TWILIO_CONTENT_SID"].toSorted();
const settings = SETTING_GROUPS.flatMap((group) => group.settings);

describe("the settings", () => {
  it("are each described once, and nothing else is", () => {
    expect(settings.map(({ name }) => name).toSorted()).toEqual(NAMES);
  });

  it("are all in docs/configuration.md", async () => {
    const [introduction = ""] = INTRODUCTION.exec(readFileSync(PAGE, "utf8")) ?? [];
    await expect(`${introduction}\n${settingsPage()}`).toMatchFileSnapshot(PAGE.pathname);
  });

  it("are all in .env.example, commented out", async () => {
    await expect(envExample()).toMatchFileSnapshot(new URL(".env.example", ROOT).pathname);
  });

  it("of an unchanged .env.example are none, and start the simulated phone", () => {
    const values = dotenv.parse(envExample());
    expect(values).toEqual({});
    expect(parseConfig(values).phone.kind).toBe("simulator");
  });

  it("of .env.example, uncommented, change nothing", () => {
    const uncommented = envExample().replace(/^# ?([A-Z][A-Z0-9_]+=)/gm, "$1");
    const values = dotenv.parse(uncommented);
    expect(Object.keys(values).toSorted()).toEqual(NAMES);
    expect(parseConfig(values)).toEqual(parseConfig({}));
  });

  it.each(settings)("$name is a sentence that ends, and gives its default once", ({ name, about }) => {
    expect(about).toMatch(/^[A-Z].*[.)\d]$/s);
    expect(about.includes(`default ${defaultOf(name)}`)).toBe(false);
  });
});
