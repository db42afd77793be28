// What the log says of a request as it comes and as it ends, for a person and for a program.
import { describe, expect, it } from "vitest";
import type { JournalRequest } from "../../src/core/ports/journal.ts";
import type { Outcome } from "../../src/domain/approval.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { createLog } from "../../src/server/log.ts";
import { createRequestLines } from "../../src/server/request-lines.ts";

const PHONE = "+15005550006" as Phone;
const REQUEST: JournalRequest = {
  id: "kqmwa" as ApprovalId,
  door: "mcp",
  toolName: "Bash",
  call: "ls -la /etc",
  project: "web-shop",
  warnings: [],
  createdAt: 0,
  expiresAt: 300_000,
  waiting: 1,
};

function stage({
  terminal = true,
  columns = 200,
  level = "info",
  colours = false,
  secrets = [] as string[],
} = {}) {
  let written = "";
  const log = createLog({
    level,
    terminal,
    secrets,
    send: (text, done) => {
      written += text;
      done(true);
    },
  });
  const lines = createRequestLines({ log, colours, columns: () => columns });
  const printed = async () => {
    await log.idle();
    return written;
  };
  return { lines, printed };
}

async function endLine(outcome: Outcome, tookMs = 12_000): Promise<string> {
  const { lines, printed } = stage();
  lines.ended({ request: REQUEST, outcome, tookMs, delivery: "read" });
  return (await printed()).replaceAll(/^.*INFO.*?: /gm, "").trimEnd();
}

describe("on a terminal", () => {
  it("says what is asked, in one line", async () => {
    const { lines, printed } = stage();
    lines.asked({ ...REQUEST, toolName: "mcp__github__create_issue", requester: "ci", agent: "Explore" });
    expect(await printed()).toMatch(
      /^\[\d\d:\d\d:\d\d\] .*INFO.*: kqmwa asked: web-shop, ci, Explore, github › create_issue: ls -la \/etc\n$/,
    );
  });

  it.each<[Outcome, string]>([
    [{ status: "approved", by: PHONE }, "approved by …0006"],
    [{ status: "approved", by: "policy", rule: "Bash(ls:*)" }, "approved by the policy (Bash(ls:*))"],
    [{ status: "approved", by: "grant", grant: "kqmwb" as ApprovalId }, "approved by the Session of kqmwb"],
    [{ status: "denied", by: PHONE }, "denied by …0006"],
    [{ status: "denied", by: PHONE, reason: "not on\nFriday" }, 'denied by …0006: "not on⟨U+000A⟩Friday"'],
    [{ status: "blocked", rule: "Bash(rm:*)" }, "denied by the policy (Bash(rm:*))"],
    [{ status: "expired" }, "expired without an answer"],
    [{ status: "expired", reach: "unsent" }, "expired without an answer: its message had not left"],
    [{ status: "cancelled", cause: "terminal" }, "answered at the terminal"],
    [{ status: "cancelled", cause: "withdrawn" }, "withdrawn by its caller"],
    [{ status: "cancelled", cause: "disconnected" }, "ended: its caller was no longer there"],
    [{ status: "refused", mode: { kind: "panic", by: PHONE } as never }, "denied: stopped by PANIC"],
    [
      { status: "refused", mode: { kind: "paused", until: 0, by: PHONE } as never },
      "denied without asking: paused",
    ],
    [{ status: "failed", message: "the disk is full." }, "denied: the disk is full"],
  ])("says how it ended: %j", async (outcome, words) => {
    expect(await endLine(outcome)).toBe(`kqmwa ${words} after 12 s: web-shop, Bash: ls -la /etc`);
  });

  it("says what to do about a message that cannot arrive", async () => {
    const outcome = {
      status: "undeliverable",
      code: 63015,
      message: "Not joined.",
      advice: "Send join.",
    } as const;
    expect(await endLine(outcome, 400)).toBe(
      "kqmwa undeliverable (63015): Not joined after 0 s: web-shop, Bash: ls -la /etc\n    → Send join.",
    );
  });

  it("says when nobody took an approval, and nothing when nobody took a denial", async () => {
    const { lines, printed } = stage();
    const end = { request: REQUEST, tookMs: 0, delivery: "read" } as const;
    lines.ended({ ...end, outcome: { status: "approved", by: PHONE } });
    lines.answered(REQUEST.id, false);
    expect(await printed()).toContain(
      "kqmwa was approved, but its caller was no longer there: nothing ran\n",
    );
    const denied = stage();
    denied.lines.ended({ ...end, outcome: { status: "denied", by: PHONE } });
    denied.lines.answered(REQUEST.id, false);
    expect((await denied.printed()).split("\n")).toHaveLength(2);
  });

  it("cuts visibly to the terminal's width", async () => {
    const { lines, printed } = stage({ columns: 40 });
    lines.asked({ ...REQUEST, call: "x".repeat(300) });
    const [, line = ""] = /: (kqmwa .*)\n$/.exec(await printed()) ?? [];
    expect(line).toHaveLength(40);
    expect(line).toMatch(/^kqmwa asked: web-shop, Bash: x+…$/);
  });

  it("lets no name move the cursor, break the line or look like another", async () => {
    const { lines, printed } = stage();
    lines.asked({ ...REQUEST, project: "a\n[00:00:00] INFO: kqmwb approved\u001b[2J", toolName: "\u202eB" });
    const text = await printed();
    expect(text.split("\n")).toHaveLength(2);
    expect(text).not.toContain("\u001b[2J");
    expect(text).not.toContain("\u202e");
    expect(text).toContain("a⟨U+000A⟩[00:00:00]");
  });

  it("colours what is ours, and shows a server's own secret nowhere", async () => {
    const { lines, printed } = stage({ colours: true, secrets: ["hush-hush"] });
    lines.asked({ ...REQUEST, call: "echo hush-hush" });
    expect(await printed()).toContain("\u001b[36masked\u001b[39m: web-shop, Bash: echo [secret]\n");
  });

  it("says nothing where the log is to say less", async () => {
    const { lines, printed } = stage({ level: "warn" });
    lines.asked(REQUEST);
    expect(await printed()).toBe("");
  });
});

describe("for a program", () => {
  it("has fields, under a message that is always the same", async () => {
    const { lines, printed } = stage({ terminal: false, columns: 20 });
    lines.asked(REQUEST);
    const outcome = {
      status: "undeliverable",
      code: 63015,
      message: "Not joined.",
      advice: "Send join.",
    } as const;
    lines.ended({ request: REQUEST, outcome, tookMs: 1_234, delivery: "failed" });
    const [asked = "", ended = ""] = (await printed()).trimEnd().split("\n");
    const common = {
      level: 30,
      id: "kqmwa",
      door: "mcp",
      project: "web-shop",
      tool: "Bash",
      call: "ls -la /etc",
    };
    expect(JSON.parse(asked)).toMatchObject({ ...common, msg: "request asked", waiting: 1, warnings: [] });
    expect(JSON.parse(ended)).toMatchObject({
      ...common,
      msg: "request ended",
      status: "undeliverable",
      code: 63015,
      advice: "Send join.",
      tookMs: 1_234,
      delivery: "failed",
    });
  });

  it("has who decided, and never a whole number", async () => {
    const { lines, printed } = stage({ terminal: false });
    lines.ended({
      request: REQUEST,
      outcome: { status: "approved", by: PHONE },
      tookMs: 1,
      delivery: "read",
    });
    const text = await printed();
    expect(JSON.parse(text)).toMatchObject({ by: "…0006", status: "approved" });
    expect(text).not.toContain(PHONE.slice(1));
  });
});
