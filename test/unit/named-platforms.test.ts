// Which texts of the source may name a channel, its platform or what only one of them has. What is said whatever the channel is names
// none; a text that is added or taken away is decided about here, with its reason.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "rolldown/parseAst";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";

const NAMES = /whatsapp|twilio|sandbox|telegram|24.hours?\b|APPROVAL_PHONE/i;
/** Words of people, not an address, a column or a setting's name alone. */
const WORDS = /[a-z] [a-z]/i;

/** Each is about one channel, or about setting one up; Claude's commands are another matter. */
const ROOMS = [
  /^channels\/(twilio|telegram|whatsapp-agent|whatsapp-format)\//,
  /^(simulator|config|shell)\//,
  /^cli\/(setup|setup-template)\//,
];

/**
 * `twilio`: said only where Twilio's WhatsApp is used. `own`: one of several, picked by the channel. `says`: it says for which channel
 * it holds. `claude`: of Claude's own sandbox.
 */
type Why = "twilio" | "own" | "says" | "claude";

const MAY: Readonly<Record<string, readonly [why: Why, texts: number]>> = {
  "audit/verify-log.ts": ["says", 1],
  "cli/commands.ts": ["says", 6],
  "cli/doctor/address.ts": ["twilio", 1],
  "cli/harden/settings-steps.ts": ["twilio", 6],
  "cli/harden/user-lines.ts": ["own", 2],
  "cli/pair/row.ts": ["says", 1],
  "cli/record/status.ts": ["twilio", 2],
  "core/approvers.ts": ["twilio", 1],
  "core/event-chain.ts": ["says", 1],
  "core/pairing-words.ts": ["own", 2],
  "core/reply-proof.ts": ["twilio", 3],
  "doctor/clock.ts": ["twilio", 2],
  "doctor/continue.ts": ["twilio", 2],
  "doctor/phones.ts": ["twilio", 3],
  "doctor/public-address.ts": ["twilio", 3],
  "doctor/reply-verification.ts": ["twilio", 2],
  "doctor/sender.ts": ["twilio", 6],
  "doctor/templates.ts": ["twilio", 3],
  "doctor/twilio-account.ts": ["twilio", 10],
  "domain/channel.ts": ["own", 3],
  "domain/keep-open.ts": ["twilio", 4],
  "domain/tools/on-this-machine.ts": ["claude", 2],
  "domain/uncounted-words.ts": ["twilio", 5],
  "domain/warnings.ts": ["claude", 1],
  "server/approvers/schema.ts": ["says", 1],
  "server/apps.ts": ["twilio", 1],
  "server/banner.ts": ["twilio", 4],
  "server/live-check.ts": ["twilio", 5],
  "server/metrics/instruments.ts": ["says", 3],
  "server/no-phone-link.ts": ["twilio", 2],
  "server/replies.ts": ["twilio", 1],
};

const SOURCE = join(packageRoot(), "src");

function textsOf(file: string): readonly string[] {
  const found: string[] = [];
  const look = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      for (const each of node) look(each);
      return;
    }
    const { type, value, ...rest } = node as Record<string, unknown>;
    if (type === "ImportDeclaration" || type === "ExportAllDeclaration") return;
    if (type === "Literal" && typeof value === "string") found.push(value);
    if (type === "TemplateElement") found.push(String((value as { cooked?: unknown }).cooked ?? ""));
    look(value);
    for (const each of Object.values(rest)) look(each);
  };
  look(parseAst(readFileSync(join(SOURCE, file), "utf8"), { lang: "ts" }));
  return found.filter((text) => NAMES.test(text) && WORDS.test(text));
}

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !ROOMS.some((room) => room.test(file)))
  .map((file) => [file, textsOf(file)] as const)
  .filter(([, texts]) => texts.length > 0);

describe("a text that may be read whatever the channel is names none", () => {
  it.each(files)("%s", (file, texts) => {
    // Another number: look whether what was added is true on every channel, then write the number here.
    expect(texts, texts.join("\n")).toHaveLength(MAY[file]?.[1] ?? 0);
  });

  it("no row is of a file that names none any more", () => {
    expect(Object.keys(MAY).filter((file) => !files.some(([each]) => each === file))).toEqual([]);
  });
});

describe("what a client is told of the doors", () => {
  it("names no channel: which one it is, is known per request", () => {
    const page = readFileSync(join(packageRoot(), "docs/mcp-reference.md"), "utf8");
    expect(page.split("\n").filter((line) => /whatsapp|telegram|twilio/i.test(line))).toEqual([]);
  });
});
