// Shell scripts: built from the grammar, so that every form meets every other, and real ones with a few changes.
import fc from "fast-check";
import { anyText, mutated, samples } from "./text.ts";

const NAME = fc.constantFrom(
  ..."rm curl sh bash sudo env xargs find git ls echo cat eval python3 node awk sed ssh docker time nohup printf dd tee".split(
    " ",
  ),
  ...[
    "/bin/rm",
    "./x.sh",
    "r\\m",
    "'rm'",
    '"rm"',
    "$X",
    "r''m",
    "command",
    "exec",
    "builtin",
    "noglob",
    "[",
    "test",
  ],
);
const ARGUMENT = fc.constantFrom(
  ...[
    "-rf",
    "x",
    "/",
    "~",
    "'a b'",
    '"$HOME"',
    "$(rm x)",
    "`rm x`",
    "<(rm x)",
    "{a,b}",
    "*.txt",
    "a=1",
    "--",
    "-c",
  ],
  ...[
    "'rm -rf x'",
    '"rm -rf $X"',
    "$((1+$(rm x)))",
    "${X:-$(rm x)}",
    "$'a\\nb'",
    "http://h/x",
    "${A[$(rm x)]}",
    "{}",
    "\\;",
  ],
  ...["@x", "#no", "x#y", "!", "if", "done", "|", ">x", "é", "${X@P}", "$[1]", "((", "]]"].filter(
    (word) => !/^[|(]|^\]\]/.test(word),
  ),
);
const REDIRECTION = fc.constantFrom(
  ">f",
  ">>f",
  "<f",
  "2>&1",
  "&>f",
  "<<<x",
  '<<<"$(rm x)"',
  ">(rm x)",
  "3<>f",
  ">|f",
  "{fd}>f",
);
const simple = fc
  .tuple(
    fc.array(fc.constantFrom("A=1", "A=$(rm x)", "A+=x", "A[0]=x", "A=(a $(rm x))"), { maxLength: 1 }),
    NAME,
    fc.array(ARGUMENT, { maxLength: 3 }),
    fc.array(REDIRECTION, { maxLength: 1 }),
  )
  .map(([before, name, args, redirections]) => [...before, name, ...args, ...redirections].join(" "));

const BETWEEN = fc.constantFrom(
  ";",
  " ; ",
  "\n",
  " && ",
  " || ",
  " | ",
  " |& ",
  " & ",
  "\n\n# note\n",
  " \\\n&& ",
);

/** One statement of any form. */
const statement: fc.Arbitrary<string> = fc.letrec<{ one: string; list: string }>((tie) => ({
  list: fc
    .array(fc.tuple(tie("one"), BETWEEN), { minLength: 1, maxLength: 2 })
    .map((parts) =>
      parts.map(([one, between], at) => (at === parts.length - 1 ? one : one + between)).join(""),
    ),
  one: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    simple,
    ...[
      (list: string) => `{ ${list}; }`,
      (list: string) => `(${list})`,
      (list: string) => `if ${list}; then ${list}; else ls; fi`,
      (list: string) => `while ${list}; do ${list}; done`,
      (list: string) => `for f in a $(rm y); do ${list}; done`,
      (list: string) => `for ((i=0;i<$(rm y);i++)); do ${list}; done`,
      (list: string) => `case x in a|b) ${list};; *) ls;; esac`,
      (list: string) => `f() { ${list}; }`,
      (list: string) => `function f { ${list}; }; f`,
      (list: string) => `! ${list}`,
      (list: string) => `time ${list}`,
      (list: string) => `coproc ${list}`,
      (list: string) => `echo "$(${list})"`,
      (list: string) => `echo "\${X:-$(${list})}"`,
      (list: string) => `[[ -n $(${list}) && a < b ]]`,
      (list: string) => `(( $(${list}) ))`,
      (list: string) => `X=$(${list})`,
      (list: string) => `X=(a $(${list}))`,
      (list: string) => `cat <<E\n$(${list})\nE`,
      (list: string) => `cat <<'E'\n${list}\nE\n`,
      (list: string) => `cat <<-E | sh\n\t${list}\n\tE\n`,
      (list: string) => `bash -c '${list.replaceAll("'", "'\\''")}'`,
      (list: string) => `eval "${list.replaceAll(/["$`\\]/g, "\\$&")}"`,
      (list: string) => `diff <(${list}) >(${list})`,
      (list: string) => `select x in a; do ${list}; done`,
      (list: string) => `trap '${list.replaceAll("'", "'\\''")}' EXIT`,
      (list: string) => `sudo -u x env A=1 ${list}`,
      (list: string) => `find . -exec ${list} \\;`,
    ].map((form) => tie("list").map(form)),
  ),
})).list;

const SAMPLES = [
  ...samples("shell-risk.risky.txt"),
  ...samples("remote-risk.risky.txt"),
  ...samples("shell-risk.harmless.txt"),
];

/** Some are no scripts at all. */
export const script: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: statement },
  {
    weight: 2,
    arbitrary: fc
      .tuple(statement, fc.nat(1_000), fc.constantFrom(..."'\"`$(){}\\;|&<>\n #"))
      .map(([text, at, sign]) => {
        const from = Math.floor((text.length * at) / 1_000);
        return text.slice(0, from) + sign + text.slice(from);
      }),
  },
  { weight: 3, arbitrary: mutated(SAMPLES) },
  { weight: 1, arbitrary: anyText },
);
