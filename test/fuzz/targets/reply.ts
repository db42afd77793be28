// The reply grammar, from the text to what it is meant to do. A small judge of its own says which words may approve: it shares
// no code and no table with what it judges, and knows less.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { PendingRequest } from "../../../src/core/pending-request.ts";
import { createIntentReader, type Intent } from "../../../src/core/reply-intent.ts";
import type { ApprovalId } from "../../../src/domain/tool-call.ts";
import { anyText, mutated, piece } from "../inputs/text.ts";
import { target } from "../target.ts";

const FIRST = "kqmwa" as ApprovalId;
const SECOND = "kqmwb" as ApprovalId;
/** What a person may write to approve, one of them, besides ids, "and" and "all". */
const APPROVES = new Set("approve yes y ok okay yep yeah yup sure allow session".split(" "));
const DENIES = /👎|❌/u;
const YES_SIGN = /[👍✅✔👌]/u;
const JOINS = new Set(["and"]);
/** Signs that leave nothing certain: a question, a dash, what a tilde may strike through. Behind all else a tilde is friendly. */
const DOUBT = /[?？]|^\s*[!-]|~[\s\S]*[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** Letters and digits of any script that stand together; the signs that colour an emoji are no letters. */
function wordsOf(text: string): readonly string[] {
  return text.replace(/\uFE0F/g, "").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** Whether somebody who sees nothing but this text would call it a yes to these ids. */
function mayApprove(text: string, ids: readonly string[] | "all", quoted: string | undefined): boolean {
  const words = wordsOf(text);
  const lower = words.map((word) => (/^[A-Za-z]+$/.test(word) ? word.toLowerCase() : word));
  const verbs = lower.filter((word) => APPROVES.has(word));
  const isSaid = verbs.length === 1 || (verbs.length === 0 && YES_SIGN.test(text));
  const listed = ids === "all" ? [] : ids;
  const others = lower.filter((word) => !APPROVES.has(word) && !listed.includes(word) && !JOINS.has(word));
  const onlyThat =
    ids === "all" ? others.every((word) => word === "all") && others.length === 1 : others.length === 0;
  const named = ids === "all" || ids.every((id) => lower.includes(id) || id === quoted);
  return isSaid && onlyThat && named && !DENIES.test(text) && !DOUBT.test(text);
}

/** The ids that an intent approves; undefined where it approves none. */
function approvedBy(intent: Intent): readonly string[] | "all" | undefined {
  if (intent.kind === "decide")
    return intent.reply.kind === "approve" || intent.reply.kind === "session" ? [intent.reply.id] : undefined;
  return intent.kind === "several" && intent.reply.verb === "approve" ? intent.reply.ids : undefined;
}

const WORDS = [
  ..."approve yes y ok okay yep yeah yup sure allow session deny no n nope all and not but dont do it please".split(
    " ",
  ),
  ..."kqmwa kqmwb zzzzz APPROVE KQMWA Yes NO resume pause panic run revoke more help kill tasks 30 2".split(
    " ",
  ),
  ...[
    "👍",
    "👎",
    "✅",
    "❌",
    "👍🏽",
    "✔️",
    "🙏",
    "🤔",
    "don't",
    "approve:",
    "`yes`",
    "~yes~",
    "~👍~",
    "kqmwa~",
    "~",
    "yes?",
    "y\u0435s",
    "ｙｅｓ",
  ],
];
const sentence = fc
  .array(
    fc.tuple(
      fc.constantFrom(...WORDS),
      fc.constantFrom(" ", " ", " ", "\n", "", ", ", "; ", "\u00A0", ". ", "! "),
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.map((part) => part.join("")).join(""));
const SAID = [
  ...[
    "APPROVE kqmwa",
    "yes kqmwa",
    "DENY kqmwa not now",
    "session kqmwb",
    "approve kqmwa kqmwb",
    "yes all",
    "ok 👍",
  ],
  ...[
    "deny all",
    "kqmwa 2",
    "approve:kqmwa",
    "✅ Approve kqmwa",
    "yes, kqmwa and kqmwb",
    "resume",
    "run web: tests",
  ],
];
const text = fc.oneof(
  { weight: 4, arbitrary: sentence },
  { weight: 4, arbitrary: mutated(SAID) },
  { weight: 2, arbitrary: anyText },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...SAID), piece).map((parts) => parts.join("")) },
);

const input = fc.record({
  text,
  buttonId: fc.option(
    mutated(["approve:kqmwa", "deny:kqmwa", "session:kqmwb", "answer:kqmwa:1:2", "keep-open"], 2),
    { nil: undefined, freq: 6 },
  ),
  /** Which message is quoted: of the first request, of one that is gone, of words. */
  quotes: fc.constantFrom<string | undefined>(undefined, undefined, "SM-first", "SM-words", "SM-other"),
  waiting: fc.constantFrom<readonly ApprovalId[]>([FIRST, SECOND], [FIRST], []),
});

export default target("reply", "a reply's text and button → what it is meant to do", 50, () => ({
  waits: true as const,
  input,
  async check({ text: said, buttonId, quotes, waiting }) {
    const read = createIntentReader({
      gate: {
        requestOf: (id: string) => (id === "SM-first" && waiting.includes(FIRST) ? FIRST : undefined),
        questionOf: () => undefined,
        waiting: () =>
          waiting.map((id) => ({
            id,
            call: { toolName: "Bash", input: { command: "ls" } },
          })) as unknown as PendingRequest[],
      } as never,
      store: { findByMessage: async () => undefined } as never,
      addressed: { of: (id) => (id === "SM-words" ? { kind: "finished", subject: "s1" } : undefined) },
    });
    const intent = await read({
      id: "SM1",
      from: "+15005550006",
      text: said,
      buttonId,
      quotedMessageId: quotes,
    } as never);
    const approved = approvedBy(intent);
    const quoted = quotes === "SM-first" && waiting.includes(FIRST) ? FIRST : undefined;
    if (approved !== undefined && buttonId !== undefined) {
      assert.match(buttonId, /^(?:approve|session):[a-z]{5}$/);
      assert.deepEqual(approved, [buttonId.slice(-5)], "a button approves the request that it names");
    }
    if (approved !== undefined && buttonId === undefined)
      assert.ok(mayApprove(said, approved, quoted), `approves ${approved} although the words do not say so`);
    if (intent.kind === "decide" && intent.reply.kind === "deny" && buttonId === undefined) {
      const [first = ""] = wordsOf(said);
      const isPlain = said.trimStart().startsWith(first);
      assert.ok(!isPlain || !APPROVES.has(first.toLowerCase()), "what begins like an approval denies");
      assert.ok((intent.reply.reason?.length ?? 0) <= 2_000);
    }
    if (intent.kind === "command" && intent.command.kind === "resume")
      assert.equal(said.trim().toLowerCase(), "resume");
    if (intent.kind === "command" && intent.command.kind === "run") assert.match(said, /^\s*run\s/i);
  },
  growth: [
    {
      name: "marks around a word",
      from: 20_000,
      run: (size) => read(`${"*".repeat(size)}yes${"!".repeat(size)}`),
    },
    { name: "ids", from: 20_000, run: (size) => read(`yes ${"kqmwa ".repeat(size / 6)}`) },
    { name: "spaces", from: 20_000, run: (size) => read(`yes${" ".repeat(size)}kqmwa${" ".repeat(size)}x`) },
    { name: "emoji", from: 20_000, run: (size) => read("👍".repeat(size / 2)) },
    { name: "letters", from: 20_000, run: (size) => read("y".repeat(size)) },
    { name: "run", from: 20_000, run: (size) => read(`run ${"a.".repeat(size)}`) },
  ],
}));

function read(said: string): Promise<Intent> {
  const gate = { requestOf: () => undefined, questionOf: () => undefined, waiting: () => [] };
  const reader = createIntentReader({ gate, store: { findByMessage: async () => undefined } } as never);
  return reader({ id: "SM1", from: "+15005550006", text: said } as never);
}
