// Dangers for files: what deletes many at a time, and what empties, overwrites or moves them away.
import { ownWords } from "../../inner-commands.ts";
import { type Invocation, operandTexts, optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const DELETES = { risk: "delete-recursive" } as const;
const LOSES = { risk: "lose-files" } as const;

/** A whole folder's files: `*`, `.*`, `*.*`. */
const ALL_FILES = /(^|\/)(\*{1,2}|\.\*|\*\.\*|\.\[[!^]\.\]\*|\.\?\?\*)$/;

export const FILE_DANGERS: readonly Danger[] = [
  { ...DELETES, programs: "rm srm grm", options: "-r -R --recursive" },
  {
    ...DELETES,
    programs: "rm srm grm unlink shred",
    says: "deletes whatever a search through folders finds",
    when: isFedNames,
  },
  { ...DELETES, programs: "rimraf del-cli del trash-empty" },
  { ...DELETES, programs: "find", says: "deletes whatever it finds", when: deletesFound },
  {
    ...DELETES,
    programs: "rsync",
    says: "deletes files that are not in its source",
    word: /^--(del|delete)/,
    unless: "-n --dry-run",
  },
  {
    ...LOSES,
    programs: "rsync",
    says: "deletes the files that it has copied",
    word: /^--remove-s/,
    unless: "-n --dry-run",
  },
  { ...LOSES, programs: "rm srm grm unlink", says: "deletes all files of a folder", word: ALL_FILES },
  {
    ...LOSES,
    programs: "shred srm wipe scrub",
    says: "overwrites files so that nobody can bring them back",
    unless: "--version",
  },
  { ...LOSES, programs: "truncate", says: "cuts files off or empties them", when: shortens },
  { ...LOSES, programs: "mv", says: "moves files to where they are gone", word: /^\/dev\/null$/ },
  { ...LOSES, programs: "mv", says: "moves all files of a folder away", word: ALL_FILES },
  { ...LOSES, programs: "mv", says: "moves the home folder, or a folder right in it", when: movesHome },
  {
    ...LOSES,
    programs: "mv",
    says: "moves files from the home folder to where they are kept only for a while",
    when: movesToTemporary,
  },
  {
    ...LOSES,
    programs: "cp install tee",
    says: "empties files, or fills them with nothing of use",
    when: copiesNothing,
  },
  {
    ...LOSES,
    programs: "ln",
    says: "puts a link to nothing in the place of a file",
    options: "-f --force",
    word: /^\/dev\/null$/,
  },
  {
    ...LOSES,
    programs: "dd",
    says: "fills a file with zeros or random data",
    word: /^if=\/dev\/(zero|u?random|full)$/,
    when: writesFile,
  },
  {
    ...LOSES,
    programs: "tar bsdtar gtar",
    says: "deletes files after it has packed them",
    options: "--remove-files",
  },
  { ...LOSES, programs: "zip", says: "deletes files after it has packed them", options: "-m --move" },
  { ...LOSES, programs: "7z 7za", says: "deletes files after it has packed them", word: /^-sdel$/ },
  { ...LOSES, programs: "rename prename", says: "renames files over existing ones", options: "-f --force" },
  {
    ...LOSES,
    programs: "tar bsdtar gtar unzip cpio",
    says: "unpacks over the whole system",
    word: /^(-C|-d|--directory=)?\/$/,
  },
  {
    ...LOSES,
    programs: "true cat echo printf",
    says: "empties a file, or makes an empty one",
    when: writesNothing,
  },
  {
    ...LOSES,
    programs: "gpg gpg2",
    says: "deletes keys",
    word: /^--delete-(secret-|secret-and-public-)?keys?$/,
  },
  {
    ...LOSES,
    programs: "gsettings dconf defaults",
    says: "resets or deletes settings",
    on: /^(reset|reset-recursively|delete)\b/,
  },
];

function isFedNames({ input }: Invocation): boolean {
  return input?.flow.names === true;
}

/** What stands behind `-exec` belongs to the command that it runs. */
function deletesFound(call: Invocation): boolean {
  const words = ownWords(call).map(({ text }) => text);
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === "-delete") return true;
    if (FIND_VALUED.test(words[at] ?? "")) at += 1;
  }
  return false;
}

/** Tests and actions of `find` that take a word, whatever it looks like. */
const FIND_VALUED =
  /^-(i?name|i?path|i?wholename|i?regex|i?lname|regextype|type|xtype|size|perm|user|group|uid|gid|newer\w*|anewer|cnewer|samefile|fstype|inum|links|used|[acm](min|time)|(min|max)depth|printf|fprint|fprint0|fprintf|fls)$/;

/** A size that is smaller than some file: not `+1G`, and not that of a new file. */
function shortens(call: Invocation): boolean {
  return optionsOf(call, "-s -r --size --reference")
    .values("-s", "--size")
    .some(({ text }) => /^(0+[a-zA-Z]*$|[-</%])/.test(text));
}

const HOME = /^(~|\$HOME|\$\{HOME\}|\/home\/[^/]+|\/Users\/[^/]+|\/root)(\/[^/.*]+)?\/?$/;

/** The last operand is where things go. */
function movesHome(call: Invocation): boolean {
  const hasTarget = optionsOf(call, "-t --target-directory").values("-t", "--target-directory").length > 0;
  return operandTexts(call)
    .slice(0, hasTarget ? undefined : -1)
    .some((text) => HOME.test(text));
}

function movesToTemporary(call: Invocation): boolean {
  const options = optionsOf(call);
  const operands = options.operands.map(({ text }) => text);
  const [named] = options.values("-t", "--target-directory");
  const target = named?.text ?? operands.at(-1) ?? "";
  const moved = named === undefined ? operands.slice(0, -1) : operands;
  return (
    /^(\/private)?\/(var\/)?tmp(\/|$)|^\$\{?TMPDIR/.test(target) &&
    moved.some((text) => /^(~|\$HOME|\$\{HOME\}|\/home\/[^/]+|\/Users\/[^/]+|\/root)\//.test(text))
  );
}

function copiesNothing(call: Invocation): boolean {
  if (call.name === "tee") return call.input?.text === "" || call.redirections.some(isNull);
  return /^\/dev\/(null|zero|full|u?random)$/.test(operandTexts(call)[0] ?? "");
}

function isNull({
  target,
  writes,
}: {
  readonly target: { readonly text: string };
  readonly writes: boolean;
}): boolean {
  return !writes && target.text === "/dev/null";
}

function writesFile(call: Invocation): boolean {
  return call.args.some(({ text }) => /^of=(?!\/dev\/)./.test(text));
}

/** `: > file`, `cat /dev/null > file`, `echo -n > file`. */
function writesNothing(call: Invocation): boolean {
  const words = call.args.map(({ text }) => text);
  const isSilent =
    call.name === "cat"
      ? words.every((text) => text === "/dev/null") && (words.length > 0 || call.redirections.some(isNull))
      : call.name === "echo"
        ? words[0] === "-n" && words.slice(1).every((text) => text === "")
        : call.name !== "printf" || words.every((text) => text === "");
  return isSilent && emptiesFile(call);
}

/** Whether a redirection empties a file first; no device, and nothing that is there only for a while. */
function emptiesFile({ redirections }: Pick<Invocation, "redirections">): boolean {
  return redirections.some(
    ({ truncates, target }) => truncates && !/^(\/dev\/|\/tmp\/|\/var\/tmp\/|$)/.test(target.text),
  );
}
