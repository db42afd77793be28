// docs/configuration.md and .env.example, made of the schema and of what is said about each setting. A test compares them with
// the files; `npm run docs` writes them anew.
import { Help } from "commander";
import { environment } from "../../src/config/environment.ts";
import type { SettingDoc } from "../../src/config/setting-doc.ts";
import { SETTING_GROUPS } from "../../src/config/setting-docs.ts";

/** Columns of a line of .env.example. */
const COLUMNS = 100;

/** The default as it is written in .env; empty for none. */
export function defaultOf(name: string): string {
  const values: Readonly<Record<string, unknown>> = environment.parse({});
  return values[name] === undefined ? "" : String(values[name]);
}

/** The part of docs/configuration.md below its introduction. */
export function settingsPage(): string {
  const groups = SETTING_GROUPS.map(({ title, about, settings }) =>
    [`## ${title}`, ...(about === undefined ? [] : [about]), settings.map(entry).join("\n")].join("\n\n"),
  );
  return `${groups.join("\n\n")}\n`;
}

function entry({ name, about, where }: SettingDoc): string {
  const fallback = defaultOf(name);
  const shown = fallback === "" ? "" : `, default \`${fallback}\``;
  return `- **\`${name}\`**${shown}. ${about}${where === undefined ? "" : ` *(${where})*`}`;
}

/** All settings as comments, so that an unchanged copy sets nothing. */
export function envExample(): string {
  const head = [
    "Settings of the approval server: docs/configuration.md has the same as a page. `npm run setup` writes what it needs.",
    "To write it by hand, copy this file to .env, uncomment what you need, and keep it to yourself: chmod 600 .env",
    "Copied as it is, it starts the server with the simulated phone. A real environment variable wins over .env.",
  ].flatMap(commented);
  const groups = SETTING_GROUPS.map(({ title, about, settings }) =>
    [
      `# --- ${title} ${"-".repeat(COLUMNS - 7 - title.length)}`,
      ...(about === undefined ? [] : commented(about)),
      ...settings.flatMap((setting) => ["", ...exampleLines(setting)]),
    ].join("\n"),
  );
  return `${[head.join("\n"), ...groups].join("\n\n")}\n`;
}

function exampleLines({ name, about, where }: SettingDoc): string[] {
  return [...commented(where === undefined ? about : `${about} (${where})`), `# ${name}=${defaultOf(name)}`];
}

function commented(text: string): string[] {
  return new Help()
    .boxWrap(text, COLUMNS - 2)
    .split("\n")
    .map((line) => `# ${line}`);
}
