// Dangers of git: what cannot be brought back by the next commit, and what runs or stops checks behind its back.
import { type Invocation, operandTexts } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const LOSES = { risk: "rewrite-history", programs: "git" } as const;
const DELETES = { risk: "delete-recursive", programs: "git" } as const;
const WEAKENS = { risk: "weaken-protection", programs: "git" } as const;
const LOADS = { risk: "load-code", programs: "git" } as const;
const DRY = "-n --dry-run";
const FORCE = "-f --force";

const DISCARDS = "discards changes that are not committed";
const OVERWRITES_SERVER = "overwrites branches on the server";
const MOVES_BRANCH = "moves or replaces a branch, its commits may be lost";
const SKIPS_CHECKS = "skips the checks that git hooks make";

export const GIT_DANGERS: readonly Danger[] = [
  { ...LOSES, says: OVERWRITES_SERVER, on: "push", options: "-f --force --force-with-lease", unless: DRY },
  { ...LOSES, says: OVERWRITES_SERVER, on: "push", operand: /^\+./, unless: DRY },
  {
    ...LOSES,
    says: "deletes a branch or a tag on the server",
    on: "push",
    options: "-d --delete",
    unless: DRY,
  },
  { ...LOSES, says: "deletes a branch or a tag on the server", on: "push", operand: /^:./, unless: DRY },
  {
    ...LOSES,
    says: "deletes branches on the server that are not here",
    on: "push",
    options: "--mirror --prune",
    unless: DRY,
  },
  { ...LOSES, on: "send-pack, http-push", options: "-f --force --mirror", unless: DRY },
  { ...LOSES, says: DISCARDS, on: "reset", options: "--hard --merge" },
  { ...LOSES, says: "rewrites the history of the repository", on: "filter-branch, filter-repo" },
  { ...LOSES, says: "rewrites the history of the repository", on: "lfs migrate import, lfs migrate export" },
  { ...LOSES, says: "rewrites the history of the repository", programs: "git-filter-repo bfg" },
  { ...LOSES, says: "moves or deletes a branch or a tag directly", on: "update-ref" },
  {
    ...LOSES,
    says: "moves or deletes a branch or a tag directly",
    on: "symbolic-ref",
    options: "-d --delete",
  },
  {
    ...LOSES,
    says: "deletes what git keeps to undo mistakes",
    on: "reflog expire, reflog delete",
    unless: DRY,
  },
  { ...LOSES, says: "deletes what git keeps to undo mistakes", on: "gc", options: "--prune" },
  { ...LOSES, says: "deletes what git keeps to undo mistakes", on: "prune", unless: DRY },
  { ...LOSES, says: "deletes changes that were put aside", on: "stash drop, stash clear" },
  { ...LOSES, says: "deletes a branch even if it is not merged", on: "branch", options: "-D" },
  {
    ...LOSES,
    says: "deletes a branch even if it is not merged",
    on: "branch",
    options: "-d --delete",
    also: FORCE,
  },
  { ...LOSES, says: "deletes a branch", otherwise: true, on: "branch", options: "-d --delete" },
  { ...LOSES, says: MOVES_BRANCH, on: "branch", options: "-M -C -f --force" },
  { ...LOSES, says: MOVES_BRANCH, on: "checkout", options: "-B" },
  { ...LOSES, says: MOVES_BRANCH, on: "switch", options: "-C --force-create" },
  { ...LOSES, says: "deletes or moves a tag", on: "tag", options: "-d -f --delete --force" },
  { ...LOSES, says: DISCARDS, on: "checkout", options: "-f --force --pathspec-from-file" },
  { ...LOSES, says: DISCARDS, on: "checkout", operand: /^\.{1,2}$|^\.{1,2}\/|\/$|\*|\.[a-zA-Z]\w{0,4}$/ },
  { ...LOSES, says: DISCARDS, on: "checkout", word: /^--$/ },
  { ...LOSES, says: DISCARDS, on: "checkout", when: namesFiles },
  {
    ...LOSES,
    says: "takes one side of a merge and drops the other",
    on: "checkout, restore",
    options: "--ours --theirs",
  },
  { ...LOSES, says: DISCARDS, on: "switch", options: "-f --force --discard-changes" },
  { ...LOSES, says: DISCARDS, on: "restore", unless: "-S --staged --help -h" },
  { ...LOSES, says: DISCARDS, on: "restore", options: "-W --worktree" },
  { ...LOSES, says: DISCARDS, on: "read-tree", options: "--reset -u", unless: DRY },
  { ...LOSES, says: DISCARDS, on: "checkout-index", options: FORCE },
  { ...LOSES, says: DISCARDS, on: "submodule update", options: FORCE },
  { ...LOSES, says: "deletes a work tree with its changes", on: "worktree remove", options: FORCE },
  { ...LOSES, says: "deletes a work tree", otherwise: true, on: "worktree remove" },
  {
    ...LOSES,
    says: "deletes copies of large files that it takes to be stored elsewhere",
    on: "lfs prune",
    unless: DRY,
  },
  { ...LOSES, says: "deletes the files of a submodule", on: "submodule deinit" },
  { ...LOSES, says: "forgets a remote and what is known of its branches", on: "remote remove, remote rm" },
  {
    ...LOSES,
    says: "deletes notes or replacements of commits",
    on: "notes prune, notes remove",
    unless: DRY,
  },
  { ...LOSES, says: "deletes notes or replacements of commits", on: "replace", options: "-d --delete" },
  { ...LOSES, says: "replaces history by what is given to it", on: "fast-import", options: "--force" },
  { ...DELETES, says: "deletes files that git does not know", on: "clean", options: FORCE, unless: DRY },
  {
    ...DELETES,
    says: "deletes files that git does not know",
    on: "clean",
    word: /^(-\w*c)?clean\.requireForce=(false|no|off|0)?$/i,
    unless: DRY,
  },
  {
    ...DELETES,
    says: "deletes tracked files",
    on: "rm",
    options: "-r -f --force",
    unless: "--cached -n --dry-run",
  },
  {
    ...WEAKENS,
    word: /^(-\w*c)?(core\.hooksPath|http(\..*)?\.sslVerify)(=(false|0|off|no|\/dev\/null)?)?$/i,
  },
  { ...WEAKENS, says: SKIPS_CHECKS, on: "commit", options: "-n --no-verify" },
  { ...WEAKENS, says: SKIPS_CHECKS, on: "push, merge, am, rebase", options: "--no-verify" },
  {
    ...WEAKENS,
    says: "lets git run programs that an address names",
    word: /^(-\w*c)?protocol\.ext\.allow(=|$)/i,
  },
  { ...WEAKENS, says: "lets git trust folders of other people", word: /^(-\w*c)?safe\.directory(=\*)?$/i },
  {
    ...LOADS,
    says: "has git run hooks or read settings from elsewhere",
    word: /^(-\w*c)?(core\.hooksPath=(?!\/dev\/null$|false$)|init\.templateDir(=|$)|include(If\..*)?\.path(=|$))./i,
  },
  {
    ...LOADS,
    says: "has git run hooks or read settings from elsewhere",
    on: "init, clone",
    options: "--template",
  },
  { ...LOADS, says: "has git run its parts from another folder", word: /^--exec-path=./ },
  {
    ...LOADS,
    says: "gives a git command a meaning of its own",
    word: /^(-[a-zA-Z]*c|--config-env=)?alias\.[^=]+=./i,
  },
];

/** A revision and names of files behind it. Not a row, because only their number tells. */
function namesFiles(call: Invocation): boolean {
  const isBranching = call.args.some(({ text }) => /^(-[a-zA-Z]*[bBt]|--orphan|--track)/.test(text));
  return operandTexts(call).length > 2 && !isBranching;
}
