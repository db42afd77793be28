// The documentation against the code: what a reader copies, sets or follows must be what is there.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import dotenv from "dotenv";
import { describe, expect, it } from "vitest";
import { parseConfig, SIMULATED_PHONE } from "../../src/config.ts";
import { PERMISSION_TOOL } from "../../src/doors/mcp/permission-tool.ts";
import { environment, SANDBOX_SENDER, VARIABLE_NAMES } from "../../src/environment.ts";
import { ADVICE_BY_CODE } from "../../src/whatsapp/error-codes.ts";
import { fillPlaceholders } from "../../src/whatsapp/template.ts";
import { parseTemplateConfig } from "../../src/whatsapp/template-config.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

type Strings = Readonly<Record<string, string>>;
type McpServers = Readonly<Record<string, { readonly timeout: number }>>;

const readme = read("README.md");
const envExample = read(".env.example");
const packageJson = JSON.parse(read("package.json")) as Readonly<Record<string, Strings>>;
const mcpServersText = read("mcp-servers.json");
const templates = parseTemplateConfig(read("template_config.json"));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join("docs", path)),
];
const texts = [...documents, ".env.example", ".ci/run", ".github/workflows/ci.yml"];

/** Every variable that a user may set, and the text of its default. */
const DEFAULTS = new Map<string, string>([
  ...VARIABLE_NAMES.map((name) => [name, defaultOf(name)] as const),
  ...templates.map(({ env }) => [env, ""] as const),
]);

function defaultOf(name: string): string {
  const values: Readonly<Record<string, unknown>> = environment.parse({});
  return values[name] === undefined ? "" : String(values[name]);
}

function section(title: string): string {
  const [, after = ""] = readme.split(`\n## ${title}\n`);
  return after.split("\n## ")[0] ?? "";
}

describe("the settings", () => {
  it("are in .env.example, each once, commented out, with their defaults", () => {
    const lines = [...envExample.matchAll(/^# ?([A-Z][A-Z0-9_]+)=(.*)$/gm)];
    const shown = lines.map(([, name = "", value = ""]): [string, string] => [name, value]);
    expect(shown.toSorted()).toEqual([...DEFAULTS].toSorted());
  });

  it("are in README's table, each once, with their defaults", () => {
    const rows = [...section("Configuration").matchAll(/^\| `([A-Z][A-Z0-9_]+)` +\| (\S+) +\|/gm)];
    const shown = rows.map(([, name = "", value = ""]): [string, string] => [
      name,
      value === "–" ? "" : value.replaceAll("`", ""),
    ]);
    expect(shown.toSorted()).toEqual([...DEFAULTS].toSorted());
  });

  it("of an unchanged .env.example are none, and start the simulated phone", () => {
    const values = dotenv.parse(envExample);
    expect(values).toEqual({});
    expect(parseConfig(values).phone.kind).toBe("simulator");
  });

  it("of .env.example, uncommented, change nothing", () => {
    const uncommented = envExample.replace(/^# ?([A-Z][A-Z0-9_]+=)/gm, "$1");
    expect(parseConfig(dotenv.parse(uncommented))).toEqual(parseConfig({}));
  });

  it("of mcp-servers.json are settings of the server, with the same defaults", () => {
    const variables = [...mcpServersText.matchAll(/\$\{([A-Z_]+)(?::-([^}]*))?\}/g)];
    expect(variables.map(([, name, value]) => [name, value])).toEqual([
      ["SERVER_PORT", DEFAULTS.get("SERVER_PORT")],
      ["APPROVAL_TOKEN", ""],
      ["PWD", undefined],
    ]);
  });
});

describe("the commands", () => {
  const server = Object.entries((JSON.parse(mcpServersText) as { mcpServers: McpServers }).mcpServers);

  it("name the server and the tool as they are", () => {
    expect(server).toHaveLength(1);
    const [[key] = [""]] = server;
    const flag = `mcp__${key}__${PERMISSION_TOOL}`;
    expect(readme).toContain(
      `\nclaude --mcp-config mcp-servers.json --permission-prompt-tool ${flag} -p "list /etc"\n`,
    );
    const named = documents.flatMap((path) => read(path).match(/mcp__\w+(-\w+)*/g) ?? []);
    expect(new Set(named)).toEqual(new Set([flag]));
  });

  it("let a call wait longer than the longest request", () => {
    expect(server[0]?.[1].timeout).toBeGreaterThan(3_600_000);
    expect(environment.safeParse({ APPROVAL_TIMEOUT_SECONDS: "3601" }).success).toBe(false);
  });

  it.each(["npm install && npm start", "npm install && npm test", "npm run demo"])(
    "are in README: %s",
    (line) => {
      expect(readme.split("\n")).toContain(line);
    },
  );

  it("are scripts of package.json", () => {
    const named = texts.flatMap((path) =>
      [...read(path).matchAll(/\bnpm (?:run (?:--silent )?([\w-]+)|(start|test)\b)/g)].map(
        ([, script, short]) => script ?? short,
      ),
    );
    expect(Object.keys(packageJson["scripts"] ?? {})).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  it("of .ci/run are npm test and the other parts of npm run check", () => {
    const parts = packageJson["scripts"]?.["check"]?.split(" && ") ?? [];
    expect(parts.toSorted()).toEqual(["lint", "test", "types"].map((name) => `npm run --silent ${name}`));
    const steps = read(".ci/run").match(/(?<=^step )npm .+$/gm);
    expect(steps?.slice(1)).toEqual(["npm test", "npm run lint", "npm run types", "npm run e2e"]);
  });
});

describe("the words", () => {
  it.each([
    ["command", "kqmwa"],
    ["tool_2", "kqmwb"],
  ])("show the template %s as it is", (key, id) => {
    const template = templates.find((each) => each.key === key);
    const samples = new Map(template?.variables.map(({ name, sample }) => [name, sample]));
    const body = fillPlaceholders(template?.body ?? "", (name) =>
      name === "id" ? id : (samples.get(name) ?? ""),
    );
    const buttons = template?.buttons.map(({ title }) => `[${title}]`).join(" ");
    expect(section("The message")).toContain(`\n${body}\n${buttons}\n`);
  });

  it("advise only on Twilio codes that the server advises on", () => {
    const codes = [...section("Troubleshooting").matchAll(/^\| (\d{5}) +\|/gm)].map(([, code]) =>
      Number(code),
    );
    expect(codes).not.toEqual([]);
    expect(codes.filter((code) => !ADVICE_BY_CODE.has(code))).toEqual([]);
  });

  it("explain every direct dependency, and no other", () => {
    const cells = [...read("docs/dependencies.md").matchAll(/^\| (`.+?`) +\| /gm)];
    const names = cells.flatMap(([, cell = ""]) => cell.replaceAll("`", "").split(", "));
    const direct = { ...packageJson["dependencies"], ...packageJson["devDependencies"] };
    expect(names.toSorted()).toEqual(Object.keys(direct).toSorted());
  });
});

describe.each(documents)("%s", (path) => {
  it("links to files and headings that exist", () => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
      .map(([, markdown, html]) => markdown ?? html ?? "")
      .filter((link) => !link.startsWith("https://"));
    expect(links.filter((link) => !leadsSomewhere(path, link))).toEqual([]);
  });
});

function leadsSomewhere(from: string, link: string): boolean {
  const [file = "", heading] = link.split("#");
  const target = file === "" ? from : relative(ROOT, join(ROOT, dirname(from), file));
  if (target.startsWith("..") || !existsSync(join(ROOT, target))) return false;
  return heading === undefined || headings(target).includes(heading);
}

/** As GitHub names them. */
function headings(path: string): string[] {
  return [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(texts)("%s", (path) => {
  it("names no folder of one machine, no package registry and no real phone", () => {
    const text = read(path);
    expect(text).not.toMatch(/(?<![\w.~*/-])\/(?:work|root|home|Users|mnt|srv|workspace)\b/);
    expect(text).not.toMatch(/npmjs|registry\.|verdaccio|artifactory|deb\.debian|jsdelivr|unpkg/i);
    const numbers = (text.match(/\+\d[\d ()-]{6,}\d/g) ?? []).map((each) => each.replaceAll(/[ ()-]/g, ""));
    const known = [SIMULATED_PHONE, SANDBOX_SENDER.replace("whatsapp:", "")];
    expect(numbers.filter((each) => !known.includes(each))).toEqual([]);
  });
});

it("shows a picture that is small enough to load", () => {
  expect(readme).toContain('src="docs/phone.png"');
  expect(statSync(join(ROOT, "docs/phone.png")).size).toBeLessThan(300_000);
});
