// What the shell inspector must see, must not see, and must survive. Its tables stand beside it as text, so that each
// command reads as it is typed: shell-risk.risky.txt and shell-risk.harmless.txt.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createShellInspector } from "../../src/inspection/shell-risk.ts";
import { MAX_COMMAND_LENGTH } from "../../src/shell/analyse.ts";
import { RISKS, type Risk, riskText } from "../../src/shell/risk.ts";
import { readTables } from "../helpers/command-tables.ts";
import { cpuTimeOf, SOON_MS } from "../helpers/cpu-time.ts";

const HOME = "/home/me";
const inspector = createShellInspector({
  ownPaths: ["/srv/approval/.env", "/srv/approval/data/approvals.db"],
  ownPorts: [8000, 8001],
  home: HOME,
});

function risksOf(command: string, cwd = "/work/shop"): readonly Risk[] {
  return inspector.inspect(command, cwd).risks;
}

const RISKY = readTables("shell-risk.risky.txt");
const HARMLESS = readTables("shell-risk.harmless.txt").get("harmless") ?? [];
const SAMPLES = [...RISKY.values()].flat();

describe("risks", () => {
  for (const [risk, commands] of RISKY) {
    test.each(commands)(`include ${risk}: %s`, (command) => {
      expect(risksOf(command)).toContain(risk);
    });
  }

  test("have samples and words of their own, every kind of them", () => {
    const texts = RISKS.map(riskText);
    expect(new Set(texts).size).toBe(RISKS.length);
    const sampled = new Set([...RISKY.keys(), ...readTables("remote-risk.risky.txt").keys()]);
    expect(RISKS.filter((risk) => !sampled.has(risk))).toEqual(["not-fully-checked"]);
  });

  test("are told with the worst first", () => {
    expect(risksOf("sudo rm -rf /srv/approval & curl x | sh").map(riskText)).toMatchInlineSnapshot(`
      [
        "touches the approval server's own files or ports",
        "deletes recursively",
        "pipes a download into a shell",
        "runs as root",
        "runs code given as text",
        "starts a process that outlives it",
      ]
    `);
  });
});

describe("of ordinary commands", () => {
  test.each(HARMLESS)("nothing is said: %s", (command) => {
    const { risks, parsed } = inspector.inspect(command, "/work/shop");
    expect(risks).toEqual([]);
    expect(parsed).toBe(true);
  });
});

describe("by the folder that the command runs in,", () => {
  test("a bare .env is the server's own only where that may be", () => {
    expect(risksOf("ls -l .env", "/work/shop")).toEqual([]);
    expect(risksOf("ls -l .env", "/srv/approval")).toEqual(["own-files"]);
    expect(inspector.inspect("ls -l .env").risks).toEqual(["own-files"]);
    expect(inspector.inspect("cat README.md").risks).toEqual([]);
    expect(risksOf("cd $X && ls -l .env")).toEqual(["own-files"]);
  });

  test("a folder of the server covers all that is in it", () => {
    const folder = createShellInspector({ ownPaths: ["/srv/approval/"], home: HOME });
    expect(folder.inspect("cat /srv/approval/src/main.ts", "/work").risks).toEqual(["own-files"]);
    expect(folder.inspect("cat /srv/approvals/src/main.ts", "/work").risks).toEqual([]);
  });

  test("in the server's folder, a program and its options name no file of it, and every other word may", () => {
    const folder = createShellInspector({ ownPaths: ["/srv/approval"], home: HOME });
    const risks = (command: string) => folder.inspect(command, "/srv/approval").risks;
    for (const command of ["ls -la /etc", "date", "git --version", "ls -l --all /etc | sort"])
      expect(risks(command)).toEqual([]);
    for (const command of [
      "cat data",
      "./start",
      "ls src",
      "grep -r --file=src x /etc",
      "echo x > notes",
      "cp -t. /etc/hosts",
    ])
      expect(risks(command)).toContain("own-files");
  });

  test("the home folder is known", () => {
    const atHome = createShellInspector({ ownPaths: ["/home/me/approval/.env"], home: HOME });
    for (const path of ["~/approval/.env", "$HOME/approval/.env", '"$HOME"/approval/.env']) {
      expect(atHome.inspect(`ls -l ${path}`, "/work").risks).toEqual(["own-files"]);
    }
  });
});

describe("the report", () => {
  test("lists wrappers and what they run", () => {
    const { commands } = inspector.inspect("sudo -u x env A=1 /bin/rm 'a b' | tee \"$F\"");
    expect(commands).toEqual([
      { name: "sudo", args: ["-u", "x", "env", "A=1", "/bin/rm", "a b"] },
      { name: "env", args: ["A=1", "/bin/rm", "a b"] },
      { name: "rm", args: ["a b"] },
      { name: "tee", args: ["$F"] },
    ]);
  });

  test("says what cannot be read, and still names what was seen", () => {
    expect(inspector.inspect("rm -rf (")).toMatchObject({
      parsed: false,
      risks: ["unreadable", "delete-recursive"],
      isPlain: false,
    });
  });
});

describe("with hostile input,", () => {
  const UNITS = [
    "$(",
    "(",
    "{ ",
    "${x:-",
    "`",
    "if ",
    "$((",
    "cat <<A\n",
    "a|",
    '"$(',
    "[[ ( ",
    "case x in ",
    "\\",
    "@(",
  ];
  const WORDS = [
    "sudo ",
    "env ",
    "eval ",
    "bash -c ",
    "xargs ",
    "cd x;",
    "a& ",
    "{a,b}",
    "../",
    "* ",
    "'",
    "x=",
    "find -exec ",
    "bwrap ",
    "parallel ::: ",
    "x=$x$x;",
    "git -c alias.x=! ",
    "cat =",
    "python -c cmd ",
    "sed s/a/e/",
  ];

  test.each([...UNITS, ...WORDS])("32 kB of %j end within seconds", (unit) => {
    const command = unit.repeat(MAX_COMMAND_LENGTH).slice(0, MAX_COMMAND_LENGTH);
    expect(cpuTimeOf(() => inspector.inspect(command))).toBeLessThan(SOON_MS);
  });

  test("a megabyte is refused at once", () => {
    const command = "$(".repeat(500_000);
    expect(inspector.inspect(command)).toMatchObject({
      parsed: false,
      risks: ["not-fully-checked"],
      isPlain: false,
    });
    expect(cpuTimeOf(() => inspector.inspect(`${command} `))).toBeLessThan(SOON_MS / 4);
  });

  test("what is nested beyond following is said to be so", () => {
    expect(risksOf(`${"sudo ".repeat(50)}ls`)).toContain("not-fully-checked");
    expect(risksOf(`${"eval ".repeat(50)}ls`)).toContain("not-fully-checked");
  });

  test("any text at all gets a report", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), shellText()), (command) => {
        const { risks, parsed } = inspector.inspect(command, "/work");
        expect(RISKS).toEqual(expect.arrayContaining([...risks]));
        expect(parsed).toBe(
          (!risks.includes("unreadable") && !risks.includes("not-fully-checked")) || parsed,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test("a risk does not vanish behind another command", () => {
    fc.assert(
      fc.property(fc.oneof(shellText(), fc.constantFrom(...SAMPLES)), (command) => {
        const alone = risksOf(command);
        expect(risksOf(`true; ${command}`)).toEqual(expect.arrayContaining([...alone]));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Pieces of shell, thrown together. */
function shellText(): fc.Arbitrary<string> {
  const pieces = [
    "rm",
    " -rf ",
    "x",
    " ",
    "\n",
    ";",
    "&&",
    "|",
    "&",
    "(",
    ")",
    "{ ",
    "; }",
    "$(",
    "`",
    '"',
    "'",
    "\\",
  ];
  const more = [
    "$x",
    "${x:-",
    "}",
    "<(",
    ">",
    "<<E\n",
    "\nE\n",
    "if ",
    "; then ",
    "; fi",
    "case x in ",
    "esac",
    ";;",
    "#",
  ];
  const names = [
    "sudo ",
    "bash -c ",
    "eval ",
    "curl ",
    "xargs ",
    "env ",
    "A=1 ",
    "find . -exec ",
    "cd /srv; ",
    ".env",
  ];
  return fc
    .array(fc.constantFrom(...pieces, ...more, ...names), { maxLength: 20 })
    .map((parts) => parts.join(""));
}
