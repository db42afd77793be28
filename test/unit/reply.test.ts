import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PhoneCommand, parsePhoneCommand } from "../../src/domain/phone-command.ts";
import { MAX_REASON_LENGTH, parseReply, type Reply } from "../../src/domain/reply.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";

const ID = "kqmwa" as ApprovalId;
const OTHER = "abcde" as ApprovalId;
const approve: Reply = { kind: "approve", id: ID };
const session: Reply = { kind: "session", id: ID };
const deny = (reason?: string): Reply => ({
  kind: "deny",
  id: ID,
  ...(reason === undefined ? {} : { reason }),
});
const unclear: Reply = { kind: "unclear" };

describe("a button", () => {
  it.each<[string, Reply]>([
    ["approve:kqmwa", approve],
    ["deny:kqmwa", deny()],
    ["session:kqmwa", session],
  ])("%s decides", (buttonId, expected) => {
    expect(parseReply({ text: "whatever its title is", buttonId })).toEqual(expected);
  });

  it.each([
    "",
    ":",
    "approve",
    "approve:",
    ":kqmwa",
    "kqmwa",
    "Approve:kqmwa",
    "APPROVE:kqmwa",
    "approve:KQMWA",
    "approve:Kqmwa",
    "approve:kqmw",
    "approve:kqmwaa",
    "approve:kqmwl",
    "approve:kqmw1",
    "approve:kqmwä",
    "approve:\u212Aqmwa",
    "approve:kqmwa:",
    "approve:kqmwa:always",
    "approve::kqmwa",
    " approve:kqmwa",
    "approve:kqmwa ",
    "approve: kqmwa",
    "approve:kqmwa\n",
    "approve kqmwa",
    "yes:kqmwa",
    "y:kqmwa",
    "no:kqmwa",
    "toString:kqmwa",
    "__proto__:kqmwa",
  ])("with the id %j decides nothing", (buttonId) => {
    expect(parseReply({ text: "✅ Approve", buttonId })).toEqual(unclear);
  });

  it("counts for itself: neither its title nor the quoted message can make it another answer", () => {
    expect(parseReply({ text: "DENY kqmwa", buttonId: "approve:kqmwa", quoted: OTHER })).toEqual(approve);
    expect(parseReply({ text: "approve kqmwa", buttonId: "broken", quoted: ID })).toEqual(unclear);
  });
});

describe("a typed line", () => {
  it.each<[string, Reply]>([
    ["approve kqmwa", approve],
    ["APPROVE kqmwa", approve],
    ["Approve KQMWA", approve],
    ["yes kqmwa", approve],
    ["Y kqmwa", approve],
    ["  approve \t kqmwa \n", approve],
    // Marks around the verb do not count; the id must be exactly that.
    ["approve: kqmwa", approve],
    ["Yes, kqmwa", approve],
    ["*approve* kqmwa", approve],
    ["ok kqmwa", approve],
    ["👍🏽 kqmwa", approve],
    ["✅ Approve kqmwa", approve],
    ["🔁 Session kqmwa", session],
    ["❌ Deny kqmwa", deny()],
    ["nope kqmwa", deny()],
    ["session kqmwa", session],
    ["Session Kqmwa", session],
    ["deny kqmwa", deny()],
    ["no kqmwa", deny()],
    ["N KQMWA", deny()],
    ["deny kqmwa use the test database", deny("use the test database")],
    ["DENY KQMWA Use The  Test\nDatabase!", deny("Use The  Test\nDatabase!")],
    ["no kqmwa approve abcde instead", deny("approve abcde instead")],
  ])("%j decides", (text, expected) => {
    expect(parseReply({ text })).toEqual(expected);
  });

  it.each([
    "",
    "   ",
    "yes",
    "y",
    "no",
    "approve",
    "ok",
    "👍",
    "kqmwa",
    "approve all",
    "approve everything",
    "approve kqmwa but not the tests",
    "approve kqmwa.",
    "approve kqmwa abcde",
    "approve kqmwa, abcde",
    "approve:kqmwa",
    "approved kqmwa",
    "do approve kqmwa",
    "not approve kqmwa",
    "approve #kqmwa",
    "approve `kqmwa`",
    "approve kqmwl",
    "approve kqmwaa",
    "approve kqm wa",
    "approve kqmw\u200Ba",
    "аpprove kqmwa", // a Cyrillic а
    "approve \u212Aqmwa", // the Kelvin sign, whose lower case is k
    "deny \u212Aqmwa",
    "session \u212Aqmwa",
    "session kqmwa please",
    "stop kqmwa",
    "cancel kqmwa",
    "deny",
    "deny the test database",
    "constructor kqmwa",
  ])("%j decides nothing", (text) => {
    expect(parseReply({ text })).toEqual(unclear);
  });
});

describe("a quoted reply", () => {
  it.each<[string, Reply]>([
    ["yes", approve],
    [" YES ", approve],
    ["y", approve],
    ["approve", approve],
    ["approve kqmwa", approve],
    ["Yes KQMWA", approve],
    ["session", session],
    ["session kqmwa", session],
    ["no", deny()],
    ["N", deny()],
    ["deny", deny()],
    ["deny kqmwa", deny()],
    ["deny kqmwa too risky", deny("too risky")],
    ["deny too risky", deny("too risky")],
    ["DENY Too risky", deny("Too risky")],
    ["deny abcde", deny("abcde")],
    ["No tests on production", deny("No tests on production")],
    [" no tests\non production ", deny("no tests\non production")],
    ["n tests", deny("n tests")],
    ["no abcde", deny("no abcde")],
    ["No KQMWA tests on production", deny("tests on production")],
    ["no, use staging", deny("no, use staging")],
    ["use the test database", deny("use the test database")],
    ["not\nnow", deny("not\nnow")],
    ["Yes.", approve],
    ["y.", approve],
    ["Approve!", approve],
    ["*yes*", approve],
    ["_yes_", approve],
    // Struck through: taken back.
    ["~yes~", { kind: "unclear" }],
    ["~Approve kqmwa~", { kind: "unclear" }],
    ["~approve~ kqmwa", { kind: "unclear" }],
    ["👍 ~yes~", { kind: "unclear" }],
    ["~👍~", { kind: "unclear" }],
    ["*~✅~*", { kind: "unclear" }],
    ["yes ~👍~", { kind: "unclear" }],
    ["~👍 kqmwa~", { kind: "unclear" }],
    ["~👍~ kqmwa", { kind: "unclear" }],
    ["yes ~👍 kqmwa~", { kind: "unclear" }],
    ["yes~ kqmwa~", { kind: "unclear" }],
    ["~🔁 Session~", { kind: "unclear" }],
    ["🔁~🔁~ Session", { kind: "unclear" }],
    ["~no~ yes", deny("~no~ yes")],
    ["~👎~", deny()],
    ["yes~", approve],
    ["👍~", approve],
    ["Approve kqmwa~", approve],
    ["~👍 all of it~", { kind: "unclear" }],
    ["> 👍", { kind: "unclear" }],
    // Written on without a space, as some scripts do.
    ["OK了 kqmwa", { kind: "unclear" }],
    ["approve⼀ kqmwa", { kind: "unclear" }],
    ["yesです", { kind: "unclear" }],
    ["YⒷ", { kind: "unclear" }],
    ["再等等", deny("再等等")],
    ["`yes`", approve],
    ["“Yes”", approve],
    ["'ok'", approve],
    ["ok", approve],
    ["OK!!", approve],
    ["Okay.", approve],
    ["yep", approve],
    ["yes…", approve],
    ["(yes)", approve],
    ["👍", approve],
    ["👍🏿", approve],
    ["👍👍", approve],
    ["✅", approve],
    ["✔️", approve],
    ["yes 👍", approve],
    ["y 👍", approve],
    ["Yes! 🎉", approve],
    ["👍 ok", approve],
    ["yes, kqmwa", approve],
    ["*Yes kqmwa*", approve],
    ["ok kqmwa.", approve],
    ["✅ Approve", approve],
    ["✅\uFE0F Approve", approve],
    ["✅ Approve kqmwa", approve],
    ["🔁 Session", session],
    ["Session!", session],
    ["❌ Deny", deny()],
    ["No.", deny()],
    ["*no*", deny()],
    ["nope", deny()],
    ["👎", deny()],
    ["👎🏼", deny()],
    ["no 😂", deny()],
    ["deny, too risky", deny("too risky")],
    ["stop that", deny("stop that")],
    ["nope, use staging", deny("nope, use staging")],
    // A no is never a yes, whatever stands behind it.
    ["not ok", deny("not ok")],
    ["don't approve", deny("don't approve")],
    ["no, yes", deny("no, yes")],
    ["of course not", deny("of course not")],
    ["👎 yes", deny("👎 yes")],
    ["❌ Approve", deny("❌ Approve")],
    ["please use staging", deny("please use staging")],
    ["yesterday's build is broken", deny("yesterday's build is broken")],
  ])("%j needs no id", (text, expected) => {
    expect(parseReply({ text, quoted: ID })).toEqual(expected);
  });

  it.each([
    "",
    " \n ",
    "approve abcde",
    "yes ABCDE",
    "session abcde",
    "approve kqmwa but not the tests",
    "session kqmwa for ever",
    "approve only the first half",
    "approve but skip the tests",
    "yes please",
    "yes, please",
    "Yes but not the tests",
    "ok but not the second",
    "Okay, after lunch",
    "approve it after lunch",
    "approved",
    "yesss!",
    "yes no",
    "yes/no",
    "y/n",
    "yes?",
    "!yes",
    "-yes",
    "yes 👎",
    "yes ❌",
    "yes 🤔",
    "👍 but not the second",
    "👍?",
    "👍👎",
    "✅ ❌",
    "sure thing",
    "go ahead",
    "Sounds good",
    "lgtm",
    "sí",
    "ＹＥＳ",
    "ye\u017F",
    "yes\u200B",
    "\u200Byes",
    "ok kqmwb",
    "ok \u212Aqmwa",
    "session please",
    "session for tests only",
    "approve abcde but not the tests",
  ])("%j decides nothing: what is meant is not certain", (text) => {
    expect(parseReply({ text, quoted: ID })).toEqual(unclear);
  });
});

// The documented grammar, written down a second time: nothing else may approve.
const LETTERS = "[a-km-z]{5}";
const VERB = {
  approve: /^(?:approve|yes|y|ok|okay|yep|yeah|yup|sure|allow)$/i,
  session: /^session$/i,
} as const;
const BEFORE = /^(?:[\s"'“”„‟‘’‚«»‹›`´*_([{¡]|👍)+/u;
const AFTER = /(?:[\s"'“”„‟‘’‚«»‹›`´*_~)\]}.,;:!…。！]|👍)+$/u;
const bare = (said: string) => said.replace(BEFORE, "").replace(AFTER, "");
const says = (kind: keyof typeof VERB, said: string) => {
  const word = bare(said);
  return VERB[kind].test(word) || (kind === "approve" && word === "" && /👍|✅|✔|👌/u.test(said));
};
/** The id that a line names behind its verb, where there is nothing else in it. */
const namedIn = (kind: keyof typeof VERB, said: string) => {
  const [, before = "", name = ""] = /^([\s\S]*\S)\s+(\S+)$/.exec(said.trim()) ?? [];
  return new RegExp(`^${LETTERS}$`, "i").test(name) && says(kind, before) ? name.toLowerCase() : undefined;
};
/** Verbs, and whatever begins as an approval does: not a denial in somebody's own words. */
const mayDecide = (said: string) =>
  /^(?:deny|no|n|nope|nah|)$/i.test(bare(said.trim().split(/\s+/)[0] ?? "")) ||
  parseReply({ text: said, quoted: ID }).kind === "unclear";

const id = fc.string({ unit: fc.constantFrom(..."abcdefghijkmnopqrstuvwxyz"), minLength: 5, maxLength: 5 });
const word = fc.oneof(
  fc.constantFrom(
    "approve",
    "APPROVE",
    "Yes",
    "y",
    "session",
    "deny",
    "no",
    "n",
    "not",
    "but",
    "kqmwl",
    "👍",
  ),
  fc.constantFrom("\u212Aqmwa", "ye\u017F", "se\u017F\u017Fion"),
  fc.constantFrom("kqmwa", "KQMWA", "abcde", "approve:kqmwa", ":", ",", "\u200B", "⟨U+000A⟩"),
  id,
  fc.string({ unit: "binary", maxLength: 6 }),
);
const gap = fc.constantFrom(" ", " ", "  ", "\n", "\t", "\u00A0", "", ":", ", ");
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc
    .array(fc.tuple(word, gap), { maxLength: 6 })
    .map((parts) => parts.map(([each, space]) => each + space).join("")),
);
const NEAR_GRAMMAR = { numRuns: 2_000 };

describe("an answer to a question", () => {
  const answer = (text: string, question?: number): Reply => ({
    kind: "answer",
    id: ID,
    said: { text },
    ...(question === undefined ? {} : { question }),
  });

  it.each<[string, Reply]>([
    ["kqmwa 2", answer("2")],
    ["KQMWA 1, 3", answer("1, 3")],
    ["kqmwa the one in\nFrankfurt", answer("the one in\nFrankfurt")],
    ["kqmwa no tests", answer("no tests")],
    ["kqmwa yes, Postgres", answer("yes, Postgres")],
    // Whatever kqmwa is: an answer that says nothing, never an approval.
    ["kqmwa approve", answer("")],
    ["kqmwa yes", answer("")],
    ["kqmwa session", answer("")],
    ["kqmwa approve 2", answer("")],
    ["kqmwa kqmwa", unclear],
    ["kqmwa deny", deny()],
    ["kqmwa No.", deny()],
    ["kqmwa deny ask me tomorrow", deny("ask me tomorrow")],
    ["deny kqmwa ask me tomorrow", deny("ask me tomorrow")],
    ["pause 30", unclear],
    ["panic now", unclear],
  ])("typed: %j", (text, expected) => {
    expect(parseReply({ text })).toEqual(expected);
  });

  it.each<[string, Reply]>([
    ["2", answer("2", 1)],
    [" 1, 3 ", answer("1, 3", 1)],
    ["kqmwa 2", answer("2", 1)],
    ["kqmwa the red one", answer("the red one", 1)],
    ["Use Postgres", answer("Use Postgres", 1)],
    ["No tests", answer("No tests", 1)],
    ["no, use MySQL", answer("no, use MySQL", 1)],
    ["Yes, Postgres", answer("Yes, Postgres", 1)],
    ["nobody", answer("nobody", 1)],
    // A verb alone decides.
    ["no", deny()],
    ["No!", deny()],
    ["N", deny()],
    ["deny", deny()],
    ["no kqmwa", deny()],
    ["deny kqmwa not now", deny("not now")],
    ["Deny ask me tomorrow", deny("ask me tomorrow")],
    ["deny abcde", deny("abcde")],
    ["Session cookies", answer("Session cookies", 1)],
    ["y'all decide", answer("y'all decide", 1)],
    // A question offers no approval, and a number with words is not certain: answers that say nothing.
    ["yes", answer("", 1)],
    ["Yes!", answer("", 1)],
    ["Approve", answer("", 1)],
    ["approve kqmwa", answer("", 1)],
    ["yes kqmwa please", answer("", 1)],
    ["approve 2", answer("", 1)],
    ["no, 2", answer("", 1)],
    ["session", answer("", 1)],
    // Words that steer the server are no answer, and no command in a reply.
    ["pending", unclear],
    ["PAUSE 10", unclear],
    ["resume", unclear],
    ["", unclear],
    ["kqmwa", unclear],
  ])("quoting the question: %j", (text, expected) => {
    expect(parseReply({ text, quoted: ID, question: 1 })).toEqual(expected);
  });

  it("is never an approval, whatever is said", () => {
    fc.assert(
      fc.property(text, fc.option(fc.constant(1), { nil: undefined }), (said, question) => {
        const quoting = question === undefined ? {} : { quoted: ID, question };
        const words = question === undefined ? `kqmwa ${said}` : said;
        expect(["answer", "deny", "unclear"]).toContain(parseReply({ text: words, ...quoting }).kind);
      }),
      NEAR_GRAMMAR,
    );
  });

  it("picked from the list names question and option, whatever the title says", () => {
    expect(parseReply({ text: "deny kqmwa", buttonId: "answer:kqmwa:2:3", quoted: OTHER })).toEqual({
      kind: "answer",
      id: ID,
      question: 2,
      said: { option: 3 },
    });
  });

  it.each([
    "answer:kqmwa",
    "answer:kqmwa:1",
    "answer:kqmwa:0:1",
    "answer:kqmwa:1:0",
    "answer:kqmwa:1:10",
    "answer:kqmwa:1:1:1",
    "answer:kqmwl:1:1",
    "answer:KQMWA:1:1",
    "answer:kqmwa:1:1\n",
    "answer:kqmwa:١:1",
    "answer::1:1",
  ])("with the list id %j is none", (buttonId) => {
    expect(parseReply({ text: "1. Postgres", buttonId })).toEqual(unclear);
  });
});

describe("arbitrary words", () => {
  it.each(["approve", "session"] as const)("typed, are no %s unless they are exactly that", (kind) => {
    fc.assert(
      fc.property(text, (said) => {
        const reply = parseReply({ text: said });
        expect(reply.kind === kind ? reply.id : undefined).toBe(namedIn(kind, said));
      }),
      NEAR_GRAMMAR,
    );
  });

  it.each(["approve", "session"] as const)("quoting, are no %s unless they are exactly that", (kind) => {
    fc.assert(
      fc.property(text, id, (said, quoted) => {
        const reply = parseReply({ text: said, quoted: quoted as ApprovalId });
        const exact = says(kind, said) || namedIn(kind, said.replace(AFTER, "")) === quoted;
        expect(reply.kind === kind ? reply.id : undefined).toBe(exact ? quoted : undefined);
      }),
      NEAR_GRAMMAR,
    );
  });

  it("on a button, decide nothing unless they are verb, colon, id", () => {
    fc.assert(
      fc.property(text, (buttonId) => {
        const exact = new RegExp(`^(approve|deny|session):(${LETTERS})$`).exec(buttonId);
        const expected = exact === null ? unclear : { kind: exact[1], id: exact[2] };
        expect(parseReply({ text: "x", buttonId })).toEqual(expected);
      }),
      NEAR_GRAMMAR,
    );
  });

  it("never decide about a request that they do not name and do not quote", () => {
    fc.assert(
      fc.property(text, fc.option(id, { nil: undefined }), (said, quoted) => {
        const reply = parseReply({
          text: said,
          ...(quoted === undefined ? {} : { quoted: quoted as ApprovalId }),
        });
        if (reply.kind === "unclear") return;
        const named = said.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).split(/\s+/);
        expect(quoted === undefined ? named : [quoted]).toContain(reply.id);
      }),
      NEAR_GRAMMAR,
    );
  });
});

describe("the reason of a denial", () => {
  const long = fc.string({ unit: "binary", minLength: 0, maxLength: 1_500 });

  it("is what the person typed behind the id, from its first word on", () => {
    fc.assert(
      fc.property(long, (said) => {
        const points = [...said.trim()];
        expect(parseReply({ text: `deny kqmwa ${said}` })).toEqual(
          points.length === 0 ? deny() : deny(points.slice(0, MAX_REASON_LENGTH).join("")),
        );
      }),
    );
  });

  it("is everything that the person said in a quoted reply that is no command", () => {
    fc.assert(
      fc.property(long, (said) => {
        fc.pre(said.trim() !== "" && !mayDecide(said) && !says("approve", said));
        const kept = [...said.trim()].slice(0, MAX_REASON_LENGTH).join("");
        expect(parseReply({ text: said, quoted: ID })).toEqual(deny(kept));
      }),
    );
  });

  it.each([
    ["a no, with it: without it the words would say the opposite", ["no", "No", "N"], true],
    ["the verb deny, without it", ["deny", "Deny", "DENY"], false],
  ] as const)("keeps what stands behind %s", (_, verbs, isKept) => {
    fc.assert(
      fc.property(fc.constantFrom(...verbs), long, (verb, said) => {
        const second = said.trim().split(/\s+/)[0] ?? "";
        // Marks and emoji alone are no reason.
        fc.pre(bare(second) !== "" && second.toLowerCase() !== ID && /[\p{L}\p{N}]/u.test(said));
        const expected = isKept ? `${verb} ${said}` : said;
        const kept = [...expected.trim()].slice(0, MAX_REASON_LENGTH).join("");
        expect(parseReply({ text: `${verb} ${said}`, quoted: ID })).toEqual(deny(kept));
      }),
    );
  });

  it.each([
    ["x".repeat(5_000), 1_000],
    ["🔔".repeat(5_000), 1_000],
    ["🔔".repeat(1_000), 1_000],
    ["x".repeat(999), 999],
  ])("has at most 1,000 characters and is cut between them (%#)", (said, length) => {
    for (const reply of [
      parseReply({ text: `DENY kqmwa ${said}` }),
      parseReply({ text: said, quoted: ID }),
    ]) {
      const reason = reply.kind === "deny" ? (reply.reason ?? "") : "";
      expect([...reason]).toHaveLength(length);
      expect(said.startsWith(reason)).toBe(true);
      expect(reason).not.toMatch(/\p{Cs}/u);
    }
  });
});

describe("a command", () => {
  it.each<[string, PhoneCommand]>([
    ["PENDING", { kind: "pending" }],
    [" status\n", { kind: "status" }],
    ["Help", { kind: "help" }],
    ["resume", { kind: "resume" }],
    ["PANIC", { kind: "panic" }],
    ["panic!!", { kind: "panic" }],
    ["Panic now, please", { kind: "panic" }],
    ["*PANIC*", { kind: "panic" }],
    ["PAUSE", { kind: "pause", minutes: 30 }],
    ["pause 1", { kind: "pause", minutes: 1 }],
    ["Pause \t 1440", { kind: "pause", minutes: 1_440 }],
    ["pause 0005", { kind: "pause", minutes: 5 }],
  ])("%j is read", (text, expected) => {
    expect(parsePhoneCommand(text)).toEqual(expected);
  });

  it.each([
    "",
    " ",
    "pause 0",
    "pause 1441",
    "pause 10000",
    "pause -5",
    "pause +5",
    "pause 1.5",
    "pause 1e2",
    "pause 0x10",
    "pause ٣٠",
    "pause 30m",
    "pause for 30",
    "pause 30 minutes",
    "pause30",
    "resume now",
    "don't panic",
    "panics",
    "panic4",
    "status?",
    "stop",
    "toString",
    "constructor",
    "approve kqmwa",
  ])("%j is none", (text) => {
    expect(parsePhoneCommand(text)).toBeUndefined();
  });

  it("is never a decision, and a decision never a command", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.constantFrom("PENDING", "status", "PAUSE 30", "panic")), (said) => {
        const isDecision = parseReply({ text: said }).kind !== "unclear";
        expect(isDecision && parsePhoneCommand(said) !== undefined).toBe(false);
      }),
      NEAR_GRAMMAR,
    );
  });
});
