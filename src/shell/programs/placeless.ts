// Programs that do the same in every folder, as long as each file they are given is named in full. A program that is not
// here may look at the folder that it starts in, as `npm test` and `git status` do: nothing is assumed of it.

export interface Placeless {
  /** Base names, separated by spaces. */
  readonly names: string;
  /** The letters of its options that take no value, and are no reason to look at the folder. */
  readonly flags?: string;
  /** Options with a number as the next word. */
  readonly numbers?: string;
  /** Long options, as they are written. */
  readonly long?: string;
  /** What its operands are: anything, options too; words of any kind; files; a word and then files; addresses on the web. */
  readonly operands: "none" | "text" | "words" | "files" | "word, files" | "addresses";
  /** Without a file it takes the folder: always, or only with one of these letters. */
  readonly takesFolder?: true | string;
}

const LISTING =
  "--all --almost-all --human-readable --reverse --color --color=never --color=auto --color=always";

export const PLACELESS: readonly Placeless[] = [
  { names: "echo printf", operands: "text" },
  { names: "sleep", operands: "words" },
  { names: "true false whoami uptime nproc arch", operands: "none" },
  { names: "date", flags: "uRI", operands: "words" },
  { names: "uname", flags: "asnrvmpio", operands: "none" },
  { names: "id groups", flags: "ugGnr", operands: "words" },
  { names: "hostname", flags: "fsIid", operands: "none" },
  { names: "ps", flags: "aAefluxwjmH", operands: "words" },
  { names: "free vmstat", flags: "bkmghtsw", operands: "none" },
  { names: "df", flags: "ahHikTlP", operands: "files" },
  {
    names: "ls",
    flags: "1aAbBcCdfFgGhHiklLmnNopqQrRsStuUvxXZ",
    long: LISTING,
    operands: "files",
    takesFolder: true,
  },
  { names: "du", flags: "abcDhHklLmsSx", numbers: "-d --max-depth", operands: "files", takesFolder: true },
  { names: "cat tac nl", flags: "AbeEnstTuv", operands: "files" },
  { names: "head tail", flags: "fFqvz", numbers: "-n -c", operands: "files" },
  { names: "wc", flags: "clmwL", operands: "files" },
  { names: "sort", flags: "bdfhiMnrRsuVz", operands: "files" },
  { names: "uniq", flags: "cdDiuz", operands: "files" },
  { names: "stat file readlink realpath basename dirname", flags: "befLm", operands: "files" },
  { names: "md5sum sha1sum sha256sum sha512sum cksum", flags: "bt", operands: "files" },
  {
    names: "grep egrep fgrep",
    flags: "abcEFGhHiIlLnoPqrRsvwxz",
    numbers: "-A -B -C -m",
    operands: "word, files",
    takesFolder: "rR",
  },
  { names: "mkdir rmdir touch", flags: "acmpv", operands: "files" },
  { names: "rm", flags: "dfv", operands: "files" },
  { names: "mv", flags: "fnuvT", operands: "files" },
  { names: "cp", flags: "adfLnpPrRuvT", operands: "files" },
  { names: "chmod", flags: "cfv", operands: "word, files" },
  { names: "curl", flags: "fgiILsSv", operands: "addresses" },
];
