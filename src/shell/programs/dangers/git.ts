// Dangers of git: what cannot be brought back by the next commit.
import type { Danger } from "./danger.ts";

const LOSES = { risk: "rewrite-history", programs: "git" } as const;
const DELETES = { risk: "delete-recursive", programs: "git" } as const;

export const GIT_DANGERS: readonly Danger[] = [
  {
    ...LOSES,
    on: "push",
    options: "-f --force --force-with-lease --mirror --delete -d --prune",
    unless: "-n --dry-run",
  },
  { ...LOSES, on: "push", operand: /^[+:]./, unless: "-n --dry-run" },
  { ...LOSES, on: "reset", options: "--hard" },
  { ...LOSES, on: "filter-branch, filter-repo, update-ref" },
  { ...LOSES, on: "reflog expire, reflog delete, stash drop, stash clear" },
  { ...LOSES, on: "gc", options: "--prune" },
  { ...LOSES, on: "branch", options: "-D" },
  { ...LOSES, on: "branch", options: "-d --delete", also: "-f --force" },
  { ...LOSES, on: "checkout", options: "-f --force" },
  { ...LOSES, on: "checkout", operand: /^\.$/ },
  { ...LOSES, on: "checkout", word: /^--$/ },
  { ...LOSES, on: "switch", options: "-f --force --discard-changes" },
  { ...LOSES, on: "restore", unless: "-S --staged" },
  { ...LOSES, on: "restore", options: "-W --worktree" },
  { ...LOSES, on: "worktree remove", options: "-f --force" },
  { ...LOSES, programs: "git-filter-repo bfg" },
  { ...DELETES, on: "clean", options: "-f --force", unless: "-n --dry-run" },
  { ...DELETES, on: "rm", options: "-r", unless: "--cached -n --dry-run" },
  {
    risk: "weaken-protection",
    programs: "git",
    word: /^(core\.hooksPath|http\.sslVerify)(=(false|0|\/dev\/null))?$/i,
  },
];
