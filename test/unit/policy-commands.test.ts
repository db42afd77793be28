// Rules for commands: what an allow must not let through, what a deny must find. The tables stand beside it as text.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideByRules } from "../../src/policy/decide.ts";
import { realPath } from "../../src/shell/real-path.ts";
import { cpuTimeOf, SOON_MS } from "../helpers/cpu-time.ts";
import { bash, CONTEXT, compiled, decide, submissionOf } from "../helpers/policy-stage.ts";
import { readTables } from "../helpers/tables.ts";

const table = (name: string) =>
  [...readTables(new URL(name, import.meta.url))].filter(([, { length }]) => length > 0);
const allow = (...rules: string[]) => ({ decision: "allow", rules }) as const;
const deny = (...rules: string[]) => ({ decision: "deny", rules }) as const;

describe("an allow", () => {
  for (const [rule, commands] of table("policy.not-allowed.txt")) {
    test.each(commands)(`Bash(${rule}) does not let through: %s`, (command) => {
      expect(decide(allow(`Bash(${rule})`), bash(command))).toBe("ask");
    });
  }

  for (const [rule, commands] of table("policy.allowed.txt")) {
    test.each(commands)(`Bash(${rule}) lets through: %s`, (command) => {
      expect(decide(allow(`Bash(${rule})`), bash(command))).toBe("allow");
    });
  }

  test("stops at a word that is a link out of the caller's folder, or of no known folder", () => {
    const links = (target: string | undefined) => ({
      ...CONTEXT,
      realPath: (path: string) => (path.endsWith("/link") ? target : path),
    });
    const rule = allow("Bash(cat *)");
    expect(decide(rule, bash("cat link"), links("/home/me/web-shop/a"))).toBe("allow");
    for (const target of ["/home/me/other/a", "/home/me/web-shop/.env", undefined]) {
      expect(decide(rule, bash("cat link"), links(target))).toBe("ask");
    }
    const { cwd: _, ...unknown } = bash("cat /home/me/web-shop/a");
    expect(decide(rule, unknown)).toBe("ask");
    expect(decide(rule, bash("cat /x", { cwd: "/" }))).toBe("ask");
  });

  test.each(["/", "/home", CONTEXT.home])(
    "with a wildcard stops where the folder is no project: %s",
    (cwd) => {
      expect(decide(allow("Bash(cat *)"), bash("cat notes.txt", { cwd }))).toBe("ask");
      expect(decide(allow("Bash(npm test)"), bash("npm test", { cwd }))).toBe("allow");
    },
  );

  test("of several rules covers a line of their commands, and names them", () => {
    const policy = compiled([allow("Bash(npm test)", "Bash(git status)"), allow("Bash(ls *)")]);
    const decision = decideByRules(policy, bash("npm test && git status; ls -la"));
    expect(decision).toEqual({ kind: "allow", rule: "Bash(npm test) + Bash(git status) + Bash(ls *)" });
    expect(decideByRules(policy, bash("npm test && git log")).kind).toBe("ask");
  });

  test.each(["Monitor", "PowerShell", "bash", "BashOutput"])("for Bash is none for %s", (tool) => {
    expect(decide(allow("Bash(npm test)"), submissionOf(tool, { command: "npm test" }))).toBe("ask");
  });

  test.each([{}, { command: 1 }, { command: ["npm test"] }, { command: "" }, { cmd: "npm test" }])(
    "is none for the input %j",
    (input) => {
      expect(decide(allow("Bash(npm test)"), submissionOf("Bash", input))).toBe("ask");
    },
  );

  test("is none for a line that is too long to judge", () => {
    expect(decide(allow("Bash(ls *)"), bash(`ls ${"a ".repeat(1_500)}`))).toBe("ask");
  });
});

describe("a deny", () => {
  for (const [rule, commands] of table("policy.denied.txt")) {
    test.each(commands)(`Bash(${rule}) finds: %s`, (command) => {
      expect(decide(deny(`Bash(${rule})`), bash(command))).toBe("deny");
    });
  }

  test.each([
    "curlx y",
    "echo curl",
    "grep curl x",
    "ls # curl x",
    "echo 'a; curl x'",
    "libcurl",
    "git pull",
  ])("Bash(curl *) leaves alone: %s", (command) => {
    expect(decide(deny("Bash(curl *)"), bash(command))).toBe("ask");
  });

  test.each([
    ["Bash", "anything"],
    ["Bash(*)", "anything"],
    ["Bash(*--force*)", "git push --force"],
    ["Bash(*--force*)", "a && git push origin --force-with-lease"],
    ["Bash(rm -rf *)", "rm -rf /"],
    ["Bash(ls*)", "lsof"],
    ["*", "anything"],
  ])("%s finds: %s", (rule, command) => {
    expect(decide(deny(rule), bash(command))).toBe("deny");
    expect(decide(deny(rule), submissionOf("Monitor", { command }))).toBe("deny");
  });

  test("wins over an ask, an ask over an allow, in any order", () => {
    const groups = [
      allow("Bash(npm run *)"),
      { decision: "ask", rules: ["Bash(npm run deploy *)"] } as const,
      deny("Bash(npm run deploy prod)"),
    ];
    for (const order of [groups, groups.toReversed()]) {
      expect(decide(order, bash("npm run build"))).toBe("allow");
      expect(decide(order, bash("npm run deploy test"))).toBe("ask");
      expect(decide(order, bash("npm run build && npm run deploy prod"))).toBe("deny");
    }
  });

  test("finds its command in a text of any length", () => {
    expect(decide(deny("Bash(curl *)"), bash(`${"echo a; ".repeat(5_000)}curl x`))).toBe("deny");
  });
});

describe("any text at all", () => {
  const rules = [
    "Bash(npm run *)",
    "Bash(a*b*c *)",
    "Edit(/src/**)",
    "Read(/a/**/b*)",
    "WebFetch(domain:*.example.com)",
  ];
  const policy = compiled([allow(...rules.filter((rule) => !rule.includes("a*b"))), deny(...rules)]);
  const pieces = fc.constantFrom(
    "npm run ",
    "&& ",
    ";",
    "$(",
    "`",
    "'",
    '"',
    "\\",
    "\n",
    "<(",
    "../",
    "*",
    "{a,b}",
    "~",
  );

  test("gets a decision, quickly", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.oneof(pieces, fc.string())).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("Bash", "Edit", "Read", "Grep", "WebFetch", "x"), (value, tool) => {
        const input = { command: value, file_path: value, url: value, path: value, pattern: value };
        for (const cwd of ["/home/me/web-shop", value]) {
          expect(["allow", "ask", "deny"]).toContain(
            decideByRules(policy, submissionOf(tool, input, { cwd })).kind,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("behind an allowed command takes the allow away", () => {
    const only = compiled([allow("Bash(npm test)")]);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (tail) => {
        fc.pre(!/^[ \t\n]*$/.test(tail));
        expect(decideByRules(only, bash(`npm test ${tail}`)).kind).toBe("ask");
      }),
      { numRuns: 2_000 },
    );
  });

  test("with a hundred rules takes no more than its length", () => {
    const many = Array.from({ length: 100 }, (_, at) => `Bash(*c${at}*d *)`);
    const found = compiled([deny(...many, "Read(//a/**/z/**)", "Edit(*.x)")]);
    for (const text of ["a b;".repeat(8_000), "c".repeat(30_000), `echo ${"/a/b=".repeat(6_000)}`]) {
      const taken = cpuTimeOf(() => expect(decideByRules(found, bash(text)).kind).toBe("ask"));
      expect(taken).toBeLessThan(SOON_MS);
    }
  });

  test("that names many files takes no more than its length, whatever the number of rules and with a real disk", () => {
    const context = { ...CONTEXT, realPath };
    const names = Array.from({ length: 20 }, (_, at) => `Read(/x${at}/**)`);
    const many = compiled([deny(...names)], context);
    for (const text of ["a/".repeat(15), "a/b="]) {
      const words = Array.from({ length: 30_000 / (text.length + 4) }, (_, at) => `${text}${at}`);
      const line = `echo ${words.join(" ")}`;
      const taken = cpuTimeOf(() => expect(decideByRules(many, bash(line)).kind).toBe("ask"));
      expect(taken).toBeLessThan(SOON_MS);
    }
  });

  test.each(["a".repeat(30_000), "a*".repeat(15_000), "/a".repeat(15_000), "ab".repeat(15_000)])(
    "made to be slow takes no more than its length",
    (text) => {
      const taken = cpuTimeOf(() => {
        decideByRules(policy, bash(text));
        decideByRules(policy, submissionOf("Read", { file_path: `/a${text}` }));
      });
      expect(taken).toBeLessThan(SOON_MS);
    },
  );
});
