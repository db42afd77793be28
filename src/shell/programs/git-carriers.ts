// Where git takes commands that it runs: settings, options of its subcommands, addresses.
import { settingCode, settingsInVariables } from "../found-code.ts";
import type { Carrier } from "./carrier.ts";

export const GIT_CARRIERS: readonly Carrier[] = [
  { names: "git", find: settingCode },
  { names: "git", find: settingsInVariables },
  { names: "git", anyWord: true, behind: /^ext::/, told: true },
  { names: "git", on: "clone", options: "-u --upload-pack", told: true },
  { names: "git", on: "fetch", options: "--upload-pack", told: true },
  { names: "git", on: "pull", options: "--upload-pack", told: true },
  { names: "git", on: "ls-remote", options: "--upload-pack --exec", told: true },
  { names: "git", on: "fetch-pack", options: "--upload-pack --exec", told: true },
  { names: "git", on: "push", options: "--receive-pack --exec", told: true },
  { names: "git", on: "send-pack", options: "--receive-pack --exec", told: true },
  { names: "git", on: "archive", options: "--exec", told: true },
  { names: "git", on: "grep", anyWord: true, behind: /^(-O|--open-files-in-pager=)/ },
  { names: "git", on: "difftool", options: "-x --extcmd" },
  { names: "git", on: "rebase", options: "-x --exec" },
  { names: "git", on: "send-email", options: "--sendmail-cmd --to-cmd --cc-cmd --header-cmd", told: true },
  {
    names: "git",
    on: "filter-branch",
    options:
      "--setup --env-filter --tree-filter --index-filter --parent-filter --msg-filter --commit-filter --tag-name-filter",
  },
  {
    names: "git",
    on: "filter-repo",
    options:
      "--filename-callback --message-callback --name-callback --email-callback --refname-callback --blob-callback --commit-callback --tag-callback --reset-callback --file-info-callback",
    isForeign: true,
    told: true,
  },
  { names: "git", restAfter: "submodule foreach" },
];
