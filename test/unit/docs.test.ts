// The documentation against the code: what a reader copies, sets or follows must be what is there.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ADVICE_BY_CODE } from "../../src/channels/twilio/error-codes.ts";
import { LOOK_BACK_MS } from "../../src/channels/twilio/receive/newcomers.ts";
import { MAX_PAUSE_MS, POLL_INTERVAL_MS } from "../../src/channels/twilio/receive/polling.ts";
import {
  SANDBOX_MEMBERSHIP_MS,
  SESSION_WINDOW_MS,
} from "../../src/channels/twilio/receive/session-window.ts";
import { COMMAND_VARIABLE, fillPlaceholders } from "../../src/channels/twilio/templates/template.ts";
import { parseTemplateConfig, withIdInTitles } from "../../src/channels/twilio/templates/template-config.ts";
import { MAX_DATA_PARTS, MAX_PARTS } from "../../src/channels/whatsapp-format/parts.ts";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import { renderText } from "../../src/channels/whatsapp-format/text.ts";
import { ASK_EXIT, EXIT, EXIT_TABLE } from "../../src/cli/exit.ts";
import { parseConfig, SIMULATED_PHONE } from "../../src/config/config.ts";
import { environment, SANDBOX_SENDER, VARIABLE_NAMES } from "../../src/config/environment.ts";
import { draftOf } from "../../src/core/request-draft.ts";
import type { Outcome } from "../../src/domain/approval.ts";
import { ABILITIES } from "../../src/domain/channel.ts";
import { lateTapText } from "../../src/domain/command-words.ts";
import * as decisionWords from "../../src/domain/decision-words.ts";
import { notOfferedText, staleText, unknownText } from "../../src/domain/decision-words.ts";
import { behindGate } from "../../src/domain/own-tool.ts";
import { parsePhoneCommand } from "../../src/domain/phone-command.ts";
import { parseReply } from "../../src/domain/reply.ts";
import { parseSeveral } from "../../src/domain/reply-several.ts";
import { REQUEST_TOOL } from "../../src/domain/request-approval.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { uncheckedText, unclearWaitingText } from "../../src/domain/uncounted-words.ts";
import { askSchema, RESULT_STATUSES } from "../../src/doors/approval-ask.ts";
import { MAX_BODY_BYTES, MAX_VALUES } from "../../src/doors/body-limits.ts";
import { PERMISSION_TOOL } from "../../src/doors/mcp/tool-table.ts";
import { MAX_DEPTH } from "../../src/doors/nesting.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { MAX_SCANNED_LENGTH } from "../../src/inspection/secrets.ts";
import { MAX_COMMAND_LENGTH } from "../../src/shell/analyse.ts";
import { RISKS, riskText } from "../../src/shell/risk.ts";
import { policyText, problemsOf } from "../helpers/policy-stage.ts";
import { SESSION } from "../helpers/session-offer.ts";

const decidedText = (...args: Parameters<typeof decisionWords.decidedText>) =>
  renderText(decisionWords.decidedText(...args));
const decidedByText = (...args: Parameters<typeof decisionWords.decidedByText>) =>
  renderText(decisionWords.decidedByText(...args));

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

type Strings = Readonly<Record<string, string>>;
type McpServers = Readonly<Record<string, { readonly timeout: number }>>;

const readme = read("README.md");
const messages = read("docs/messages.md");
const replies = read("docs/replies.md");
const delivery = read("docs/delivery.md");
const troubleshooting = read("docs/troubleshooting.md");
const packageJson = JSON.parse(read("package.json")) as Readonly<Record<string, Strings>>;
const mcpServersText = read("mcp-servers.json");
const templates = parseTemplateConfig(read("template_config.json"));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "AGENTS.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join("docs", path)),
];
const texts = [
  ...documents,
  ".env.example",
  ".ci/run",
  ...readdirSync(join(ROOT, ".github"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(md|yml)$/.test(path))
    .map((path) => join(".github", path)),
];

/** Every variable that a user may set, and the text of its default. */
const DEFAULTS = new Map<string, string>([
  ...VARIABLE_NAMES.map((name) => [name, defaultOf(name)] as const),
  [COMMAND_VARIABLE, ""],
]);

function defaultOf(name: string): string {
  const values: Readonly<Record<string, unknown>> = environment.parse({});
  return values[name] === undefined ? "" : String(values[name]);
}

function section(title: string, text = readme): string {
  const [, after = ""] = text.split(`\n## ${title}\n`);
  return after.split("\n## ")[0] ?? "";
}

/** The items of the lists in a text, each on one line. */
function listItems(text: string): string[] {
  const items = text.replaceAll(/\n {2,}(?!- )/g, " ").matchAll(/^ *- (.+)$/gm);
  return [...items].map(([, item = ""]) => item);
}

describe("the settings", () => {
  it.each([
    [".env.example", /^# ?([A-Z][A-Z0-9_]+)=(.*)$/gm],
    ["docs/configuration.md", /^- \*\*`([A-Z][A-Z0-9_]+)`\*\*(?:, default `(\S+)`)?\. /gm],
  ])("are in %s, each once, with their defaults", (path, line) => {
    const lines = [...read(path).matchAll(line)];
    const shown = lines.map(([, name = "", value = ""]): [string, string] => [name, value]);
    expect(shown.toSorted()).toEqual([...DEFAULTS].toSorted());
  });

  it("of mcp-servers.json are settings of the server, with the same defaults", () => {
    const variables = [...mcpServersText.matchAll(/\$\{([A-Z_]+)(?::-([^}]*))?\}/g)];
    expect(variables.map(([, name, value]) => [name, value])).toEqual([
      ["SERVER_PORT", DEFAULTS.get("SERVER_PORT")],
      ["PWD", undefined],
      ["APPROVAL_TOKEN", ""],
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
    const ofPlugin = `mcp__plugin_approvals_${key}__${PERMISSION_TOOL}`;
    // Tools of servers behind the gate are examples.
    const own = named.filter((name) => behindGate(name) === undefined);
    expect(new Set(own)).toEqual(new Set([flag, `mcp__${key}__${REQUEST_TOOL}`, ofPlugin]));
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

  it("of a user are in README's table, all of them", () => {
    const shown = [...section("Commands").matchAll(/^\| `npm (?:run )?([\w-]+)` +\|/gm)].map(
      ([, name]) => name,
    );
    const scripts = Object.entries(packageJson["scripts"] ?? {});
    const ours = scripts
      .filter(([, command]) => command.startsWith("exec node bin/npm.js "))
      .map(([name]) => name);
    expect(shown.toSorted()).toEqual(ours.toSorted());
  });

  it("have their exit codes in docs/commands.md, as the program has them", () => {
    const rows = [...read("docs/commands.md").matchAll(/^\| (\d+) \| (.*?) \|$/gm)];
    const shown = rows.map(([, code, meaning]) => [Number(code), meaning]);
    expect(shown).toEqual([
      ...EXIT_TABLE.map(({ code, meaning }) => [code, meaning]),
      ...EXIT_TABLE.map(({ code, ask }) => [code, ask]),
    ]);
    const known = [...Object.values(EXIT), ...Object.values(ASK_EXIT)];
    expect(EXIT_TABLE.map(({ code }) => code)).toEqual([...new Set(known)].toSorted((a, b) => a - b));
  });

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
    const names = ["knip", "lint", "test", "types"];
    expect(parts.toSorted()).toEqual(names.map((name) => `npm run --silent ${name}`));
    const steps = read(".ci/run").match(/(?<=^step )npm .+$/gm);
    const before = ["prepare", "lint", "types", "knip"].map((name) => `npm run ${name}`);
    expect(steps?.slice(1)).toEqual([
      ...before,
      "npm run fuzz -- --seed 20261130",
      "npm test",
      "npm run e2e",
    ]);
  });
});

describe("docs/policy.md", () => {
  const policy = read("docs/policy.md");

  it("shows a file that is good", () => {
    const [, example = ""] = /```json\n([\s\S]+?)```/.exec(policy) ?? [];
    expect(problemsOf(example)).toEqual([]);
  });

  it("lists every key of the file, and refused rules that are refused", () => {
    const keys = [...section("The file", policy).matchAll(/^\| `(?:rules\[\]\.)?(\w+)` +\|/gm)].map(
      ([, key]) => key,
    );
    expect(keys).toEqual([
      "version",
      "decision",
      "rules",
      "message",
      "about",
      "doors",
      "projects",
      "max_approvals_per_session",
      "quorum",
    ]);
    const items = listItems(section("What is never allowed by a rule", policy)).filter((item) =>
      item.startsWith("`"),
    );
    const rules = (text = "") => [...text.matchAll(/`([^`]+)`/g)].map(([, rule = ""]) => rule);
    const problems = (rule: string) => problemsOf(policyText([{ decision: "allow", rules: [rule] }]));
    expect(items.length).toBeGreaterThan(5);
    for (const rule of items.flatMap((item) => rules(item.split(/: (?!.*`: )/)[0]))) {
      expect([rule, problems(rule).length]).toEqual([rule, 1]);
    }
    const instead = items.flatMap((item) => rules(item.split(" Instead: ")[1]));
    expect(instead.length).toBeGreaterThan(5);
    for (const rule of instead) expect(problems(rule)).toEqual([]);
  });
});

describe("the words", () => {
  it.each([
    ["README.md", "command_session", "kqmwa"],
    ["docs/messages.md", "command_session", "kqmwa"],
    ["docs/messages.md", "tool_2_session", "kqmwb"],
  ])("of %s show the template %s as it is", (path, key, id) => {
    const template = templates.find((each) => each.key === key);
    const samples = new Map(template?.variables.map(({ name, sample }) => [name, sample]));
    const body = fillPlaceholders(template?.body ?? "", (name) =>
      name === "id" ? id : (samples.get(name) ?? ""),
    );
    const buttons = template?.buttons.map(({ title }) => `[${title}]`).join(" ");
    expect(section("The message", read(path))).toContain(`\n${body}\n${buttons}\n`);
  });

  it("advise only on Twilio codes that the server advises on", () => {
    const codes = [...section("Twilio's codes", troubleshooting).matchAll(/^\| (\d{5}) +\|/gm)].map(
      ([, code]) => Number(code),
    );
    expect(codes).not.toEqual([]);
    expect(codes.filter((code) => !ADVICE_BY_CODE.has(code))).toEqual([]);
  });

  it("explain every direct dependency, and no other", () => {
    const entries = [...read("docs/dependencies.md").matchAll(/^- \*\*(`.+?`)\*\* \(/gm)];
    const names = entries.flatMap(([, entry = ""]) => entry.replaceAll("`", "").split(", "));
    const direct = { ...packageJson["dependencies"], ...packageJson["devDependencies"] };
    expect(names.toSorted()).toEqual(Object.keys(direct).toSorted());
  });
});

const ID = (letter: string) => `kqmw${letter}` as ApprovalId;
// Put together here so that no scanner takes the test for a leak.
const TOKEN = ["ghp", "R4nd0mLettersAndDigits0123456789abcd"].join("_");
const FOLDER = "/code/web-shop";

interface Example {
  readonly shows: string;
  readonly id: ApprovalId;
  readonly tool: string;
  readonly input: Readonly<Record<string, string>>;
  readonly waiting?: number;
  /** The parts are too long for the page: only the first line of this one is shown, from 0. */
  readonly part?: number;
}

const LONG_TEXT = Array.from({ length: 900 }, (_, line) => `line ${line} of the file with some words in it`);

const EXAMPLES: readonly Example[] = [
  {
    shows: "a command",
    id: ID("a"),
    tool: "Bash",
    input: { command: "ls -la /etc", description: "List system configuration files" },
  },
  {
    shows: "another tool",
    id: ID("b"),
    tool: "WebFetch",
    input: { url: "https://example.com", prompt: "Extract title" },
  },
  {
    shows: "a warning",
    id: ID("c"),
    tool: "Bash",
    input: { command: "rm -rf node_modules && npm ci", description: "Reinstall the packages" },
  },
  {
    shows: "an edit, its full text above",
    id: ID("d"),
    tool: "Edit",
    input: {
      file_path: `${FOLDER}/src/price.ts`,
      old_string: "export function price(net: number) {\n  return net * 1.19;\n}",
      new_string: "export function price(net: number) {\n  return net * (1 + VAT);\n}",
    },
  },
  {
    shows: "the beginning of data that is too long",
    id: ID("e"),
    tool: "Write",
    input: { file_path: `${FOLDER}/data/cities.txt`, content: LONG_TEXT.join("\n") },
    part: 3,
  },
  {
    shows: "a masked secret",
    id: ID("f"),
    tool: "Bash",
    input: {
      command: `curl -H "Authorization: Bearer ${TOKEN}" https://api.example.com/user | jq .name`,
      description: "Read the account's name",
    },
  },
  {
    shows: "many waiting",
    id: ID("g"),
    tool: "Bash",
    input: { command: "npm run build", description: "Build the shop" },
    waiting: 3,
  },
];

/** What the phone shows of a call, buttons included: by the code that runs in production. */
async function messagesOf({ id, tool, input, waiting = 1 }: Example): Promise<readonly string[]> {
  const inspector = createInspector({
    home: "/home/ann",
    ownPaths: ["/srv/approval"],
    ownPorts: [8000, 8001],
  });
  const call = { toolName: tool, input };
  const submission = { call, door: "mcp", project: "web-shop", cwd: FOLDER } as const;
  const inspection = await inspector.inspect(call, FOLDER);
  const { timeoutMs: waitMs, grantMs } = parseConfig({});
  const request = { id, ...draftOf(submission, inspection, { at: 0, waitMs, grantMs, waiting }) };
  const { template: key, values, parts } = promptFor(request);
  const template = templates.find((each) => each.key === key);
  const body = fillPlaceholders(template?.body ?? "", (name) => values[name] ?? "");
  return [...parts, `${body}\n${template?.buttons.map(({ title }) => `[${title}]`).join(" ")}`];
}

describe("the pages about the phone", () => {
  it.each(EXAMPLES)("shows $shows as the phone does", async (example) => {
    const shown = await messagesOf(example);
    const message = shown.at(-1) ?? "";
    expect(messages).toContain(`\n\`\`\`\n${message}\n\`\`\`\n`);
    const parts = shown.slice(0, -1);
    if (example.part === undefined) {
      for (const part of parts) expect(messages).toContain(`\n\`\`\`\`\n${part}\n\`\`\`\`\n`);
    } else {
      expect(messages).toContain(`\n\`\`\`\n${parts[example.part]?.split("\n")[0]}\n\`\`\`\n`);
    }
  });

  it("and README show the same warning", async () => {
    const [message] = await messagesOf(EXAMPLES[2] as Example);
    expect(section("The message")).toContain(`\n\`\`\`\n${message}\n\`\`\`\n`);
  });

  it("lists every risk in the order of the message, and no other", () => {
    const listed = [...messages.matchAll(/^ {3}- (.+)$/gm)].map(([, text]) => text);
    expect(listed).toEqual(RISKS.map(riskText));
  });

  it("quotes the confirmations as they are", () => {
    const id = ID("a");
    const by = SIMULATED_PHONE as Phone;
    const other = "+15005550010" as Phone;
    const approved: Outcome = { status: "approved", by };
    const stale = (outcome: Outcome) => staleText({ id, outcome, decidedAt: 0, acknowledged: true }, 40_000);
    const items = listItems(section("What is confirmed, and when", replies));
    const shown = items.map((item) => /^"(.+?)": /.exec(item)?.[1]);
    expect(shown).toEqual([
      decidedText(id, approved, true),
      decidedText(id, { ...approved, session: SESSION }, true),
      decidedText(id, { status: "denied", by }, true),
      decidedText(id, approved, false),
      stale({ status: "expired" }),
      stale(approved),
      notOfferedText(id, ABILITIES.whatsapp),
      unknownText(id),
      lateTapText(ABILITIES.whatsapp),
    ]);
    expect(replies.replaceAll("\n", " ")).toContain(`"${decidedByText(id, approved, other, true)}"`);
  });

  it("quotes what a reply is told that did not count", () => {
    const id = ID("a");
    const prose = section("Replies", replies).replaceAll("\n", " ");
    const requests = [{ id, isQuestion: false }];
    expect(prose).toContain(
      `"${unclearWaitingText({ kind: "unclear-waiting", requests, wanted: "approve" })}"`,
    );
    expect(prose).toContain(`"${uncheckedText(id, ABILITIES.whatsapp)}"`);
  });

  it("lists every word that approves", () => {
    const [, listed = ""] = /^The words that approve: (.+?)\. /m.exec(replies) ?? [];
    const words = listed.split(", ").map((word) => word.replaceAll("`", ""));
    expect(words.length).toBeGreaterThan(10);
    for (const text of words) {
      expect(parseReply({ text, quoted: ID("a") })).toEqual({ kind: "approve", id: ID("a") });
    }
  });

  it("shows the titles of a message without a tunnel", () => {
    const template = templates.find(({ key }) => key === "command_session");
    const titles = template === undefined ? [] : withIdInTitles(template).buttons.map(({ title }) => title);
    const shown = titles.map((title) => `[${fillPlaceholders(title, () => ID("a"))}]`).join(" ");
    expect(delivery).toContain(`\`${shown}\``);
  });

  it("states the limits of the code", () => {
    const limits = listItems(section("Limits", delivery)).join("\n");
    expect(limits).toContain(`**parts of one request**: ${MAX_PARTS}. `);
    expect(limits).toContain(`**parts of data**: ${MAX_DATA_PARTS}. `);
    expect(limits).toContain(`${SESSION_WINDOW_MS / 3_600_000} hours`);
    expect(limits).toContain(`${SANDBOX_MEMBERSHIP_MS / 86_400_000} days`);
    expect(limits).toContain(`${MAX_COMMAND_LENGTH.toLocaleString("en-US")} characters`);
    expect(limits).toContain(`${MAX_SCANNED_LENGTH.toLocaleString("en-US")} characters`);
    const counts = [MAX_BODY_BYTES, MAX_VALUES].map((count) => count.toLocaleString("en-US"));
    expect(limits).toContain(`${counts[0]} bytes, ${counts[1]} values, ${MAX_DEPTH} levels`);
    const without = section("Without a tunnel", delivery);
    expect(without).toContain(`every ${POLL_INTERVAL_MS / 1000} s`);
    expect(without).toContain(`grows to ${MAX_PAUSE_MS / 1000} s`);
    expect(section("After a restart", delivery)).toContain(`last ${LOOK_BACK_MS / 60_000} minutes`);
  });
});

describe("docs/mcp-clients.md", () => {
  const tables = section(REQUEST_TOOL, read("docs/mcp-clients.md"));
  const firstCells = [...tables.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);

  it("explains every input and every status, and no other", () => {
    expect(firstCells).toEqual([...Object.keys(askSchema.shape), ...["status"], ...RESULT_STATUSES]);
  });
});

it("workflows pin every action to a commit, and say its version", () => {
  const workflows = texts.filter((path) => path.startsWith(".github/workflows/"));
  const used = workflows.flatMap((path) => read(path).match(/(?<=^ *(?:- )?uses: ).+$/gm) ?? []);
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((action) => !/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual(
    [],
  );
});

describe("AGENTS.md", () => {
  it("maps every folder of src, and no other", () => {
    const firstCells = [...section("Map", read("AGENTS.md")).matchAll(/^\| (`.+?`) +\| /gm)];
    const mapped = firstCells.flatMap(([, cell = ""]) => cell.replaceAll("`", "").split(", "));
    const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(mapped.filter((path) => path.startsWith("src/")).toSorted()).toEqual(
      folders.map(({ name }) => `src/${name}`).toSorted(),
    );
  });
});

describe("the replies in docs/replies.md", () => {
  const rows = section("Replies", replies).match(/^\| .+$/gm) ?? [];
  const typed = (row: string | undefined) =>
    [...(row?.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
  const isSeveral = (text: string) => parseSeveral(text) !== undefined;
  const rowsWith = (meaning: RegExp) => rows.filter((row) => meaning.test(row.split(" | ")[1] ?? ""));

  it("that name a request are decisions of the grammar", () => {
    const named = rows
      .flatMap(typed)
      .filter((text) => text.includes("kqmwa") && parsePhoneCommand(text) === undefined && !isSeveral(text));
    expect(named.length).toBeGreaterThanOrEqual(8);
    for (const text of named) expect(parseReply({ text })).toMatchObject({ id: "kqmwa" });
    for (const text of rowsWith(/^approved/)
      .flatMap(typed)
      .filter((text) => !isSeveral(text)))
      expect(parseReply({ text }).kind).toBe(/^session/i.test(text) ? "session" : "approve");
    for (const text of rowsWith(/^denied/)
      .flatMap(typed)
      .filter((text) => text.includes("kqmwa") && !isSeveral(text)))
      expect(parseReply({ text }).kind).toBe("deny");
  });

  it("that name several, or all, are the other grammar's", () => {
    const several = rows.flatMap(typed).filter(isSeveral);
    const verbs = several.map((text) => `${parseSeveral(text)?.verb} ${parseSeveral(text)?.ids}`);
    expect(verbs).toEqual([
      "approve kqmwa,kqmwb",
      "approve kqmwa,kqmwb,kqmwc",
      "approve all",
      "deny kqmwa,kqmwb",
      "deny all",
    ]);
  });

  it("have every command, and each is one", () => {
    const words = rows
      .flatMap(typed)
      .filter((text) => /^((?:MORE|RUN|KILL) .+|[A-Z]+( \d+| ALL)?)$/.test(text) && !isSeveral(text));
    expect(words.filter((word) => parsePhoneCommand(word) === undefined)).toEqual([]);
    const kinds = new Set(words.map((word) => parsePhoneCommand(word)?.kind));
    expect(kinds).toEqual(
      new Set([
        ...["pending", "grants", "revoke", "more", "status", "help", "pause", "resume", "panic"],
        ...["run", "tasks", "kill"],
      ]),
    );
  });
});

it("README's words to type are those of the grammar", () => {
  const text = section("The message").split(/^```$/m).at(-1) ?? "";
  const typed = [...text.matchAll(/`([A-Z][^`]*)`/g)].map(([, words = ""]) => words);
  const meant = typed.map((words) => parsePhoneCommand(words)?.kind ?? parseReply({ text: words }).kind);
  expect(meant).toEqual(["approve", "deny", "pending", "pause", "panic"]);
});

describe.each(documents)("%s", (path) => {
  it("links to files and headings that exist", () => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
      .map(([, markdown, html]) => markdown ?? html ?? "")
      .filter((link) => !link.startsWith("https://"));
    expect(links.filter((link) => !leadsSomewhere(path, link))).toEqual([]);
  });
});

describe.each(documents)("%s", (path) => {
  it("names tests by their whole paths, and each is there", () => {
    const text = read(path);
    const named = [...text.matchAll(/[\w./-]*\.test\.ts\b|\btest\/[\w./-]*\w/g)].map(([name]) => name);
    expect(named.filter((name) => !name.startsWith("test/") || !existsSync(join(ROOT, name)))).toEqual([]);
  });
});

describe("docs/security-claims.md", () => {
  const security = read("docs/security-claims.md");
  const titles = [...security.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);

  it.each(titles)("shows its claims by tests: %s", (title) => {
    expect(section(title, security)).toMatch(/`test\/[\w/-]+\.test\.ts`/);
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

it("README shows a picture that is small enough to load", () => {
  expect(readme).toContain('src="docs/phone.png"');
  expect(statSync(join(ROOT, "docs/phone.png")).size).toBeLessThan(300_000);
});
