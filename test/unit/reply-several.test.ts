// The grammar of one reply to several requests: which ids it names, and that nothing else is taken for a list.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReply } from "../../src/domain/reply.ts";
import { parseSeveral } from "../../src/domain/reply-several.ts";

const AB = ["kqmwa", "kqmwb"];
const ABC = [...AB, "kqmwc"];

describe("a list of ids behind a verb", () => {
  it.each<[string, "approve" | "deny", readonly string[]]>([
    ["APPROVE kqmwa kqmwb", "approve", AB],
    ["approve kqmwa, kqmwb", "approve", AB],
    ["approve kqmwa,kqmwb", "approve", AB],
    ["Approve KQMWA Kqmwb", "approve", AB],
    ["yes kqmwa, kqmwb and kqmwc", "approve", ABC],
    ["Yes, kqmwa, kqmwb, and kqmwc", "approve", ABC],
    ["ok kqmwa & kqmwb + kqmwc", "approve", ABC],
    ["okay: kqmwa; kqmwb", "approve", AB],
    ["y kqmwa\nkqmwb\nkqmwc", "approve", ABC],
    ["  sure \t kqmwa \n , kqmwb  ", "approve", AB],
    ["👍 kqmwa kqmwb", "approve", AB],
    ["👍🏾 kqmwa AND kqmwb", "approve", AB],
    ["✅ Approve kqmwa kqmwb", "approve", AB],
    ["*yes* kqmwa kqmwb", "approve", AB],
    ["“allow” kqmwa kqmwb", "approve", AB],
    ["approve kqmwa kqmwb kqmwa", "approve", AB],
    ["approve kqmwa kqmwa", "approve", ["kqmwa"]],
    ["DENY kqmwa kqmwb", "deny", AB],
    ["no kqmwa, kqmwb", "deny", AB],
    ["nope kqmwa and kqmwb", "deny", AB],
    ["👎 kqmwa kqmwb", "deny", AB],
    ["❌ Deny kqmwa, kqmwb", "deny", AB],
  ])("%j names each once", (text, verb, ids) => {
    expect(parseSeveral(text)).toEqual({ verb, ids });
  });

  it.each([
    "",
    "~approve all~",
    "~approve~ kqmwa kqmwb",
    "~approve kqmwa kqmwb~",
    "approve ~all~",
    "approve kqmwa ~kqmwb~",
    "👍 ~yes~ kqmwa kqmwb",
    "~👍~ kqmwa kqmwb",
    "yes ~👍~ all",
    "yes~ kqmwa~ kqmwb",
    "approve",
    "approve kqmwa", // one is the other grammar's
    "kqmwa kqmwb",
    "kqmwa, kqmwb yes",
    "approve kqmwa kqmwb please",
    "approve kqmwa kqmwb.",
    "approve kqmwa kqmwb?",
    "approve kqmwa kqmwb 👍",
    "approve kqmwa kqmwb,",
    "approve kqmwa and",
    "approve and kqmwa kqmwb",
    "approve kqmwa und kqmwb",
    "approve kqmwa or kqmwb",
    "approve kqmwa not kqmwb",
    "approve kqmwa/kqmwb",
    "approve kqmwa-kqmwb",
    "approve kqmwakqmwb",
    "approve kqmwa kqmwl",
    "approve kqmwa kqmw1",
    "approve kqmwa kqmw\u200Bb",
    "approve kqmwa \u212Aqmwb", // the Kelvin sign
    "approve kqmwa, approve kqmwb",
    "yes? kqmwa kqmwb",
    "!yes kqmwa kqmwb",
    "✅❌ kqmwa kqmwb",
    "💩 kqmwa kqmwb",
    "do approve kqmwa kqmwb",
    "not yes kqmwa kqmwb",
    "ja kqmwa kqmwb",
    "oui kqmwa, kqmwb",
    "approved kqmwa kqmwb",
    "session kqmwa kqmwb",
    "🔁 Session kqmwa, kqmwb",
    "toString kqmwa kqmwb",
    "approve:kqmwa,kqmwb",
    `approve ${"kqmwa ".repeat(300)}`,
  ])("%j is none", (text) => {
    expect(parseSeveral(text)).toBeUndefined();
  });

  it("never approves but where a verb that approves stands in front of nothing but ids", () => {
    const word = fc.constantFrom(
      ...[
        "approve",
        "deny",
        "no",
        "yes",
        "not",
        "all",
        "and",
        ",",
        "kqmwa",
        "kqmwb",
        "never",
        "?",
        "but",
        "👍",
      ],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const found = parseSeveral(words.join(" "));
        if (found?.verb !== "approve") return;
        expect(["approve", "yes", "👍"]).toContain(words[0]);
        for (const other of ["deny", "no", "not", "?", "but"]) expect(words).not.toContain(other);
      }),
    );
  });
});

describe("ALL", () => {
  it.each<[string, "approve" | "deny"]>([
    ["APPROVE ALL", "approve"],
    ["approve all", "approve"],
    ["Approve All!", "approve"],
    [" yes,  all. ", "approve"],
    ["👍 all", "approve"],
    ["allow aLL", "approve"],
    ["DENY ALL", "deny"],
    ["deny all.", "deny"],
    ["no, all", "deny"],
    ["❌ all", "deny"],
  ])("%j is meant for all that waits", (text, verb) => {
    expect(parseSeveral(text)).toEqual({ verb, ids: "all" });
  });

  it.each([
    "all",
    "approve",
    "approve all but kqmwb",
    "approve all of them",
    "approve all?",
    "approve them all",
    "approve all kqmwa",
    "approve kqmwa all",
    "approve kqmwa and all",
    "approve alle",
    "approve a l l",
    "approveall",
    "yes to all",
    "ja alle",
    "session all",
    "approve ａｌｌ",
    "deny all the tests",
    "deny at all",
    "not approve all",
    "revoke all",
  ])("%j is not", (text) => {
    expect(parseSeveral(text)).toBeUndefined();
  });

  it.each([
    "approve all but kqmwb",
    "approve all",
    "yes all of them",
    "approve kqmwa kqmwb please",
    "ok all",
  ])("%j denies nothing, quoting or not", (text) => {
    expect(parseReply({ text }).kind).toBe("unclear");
    expect(parseReply({ text, quoted: "kqmwa" as never }).kind).toBe("unclear");
  });
});
