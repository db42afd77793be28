// What a wildcard in a rule that allows a program would let it do, and which words lead a program out of what the author
// of a wildcard had in mind.

/** Programs that do more than their name says when they are given any arguments at all. */
export const WITH_ANY_ARGUMENTS: readonly {
  /** The reason, as the author of the rule reads it behind the program's name or a colon. */
  readonly why: string;
  readonly programs: string;
  /** Whether a subcommand that is named in the rule takes the objection away. */
  readonly isMetBySubcommand?: true;
}[] = [
  {
    isMetBySubcommand: true,
    why: "runs whatever its subcommand and options name",
    programs:
      "git npm pnpm yarn bun deno make gmake just task cargo go gh glab hub aws gcloud az " +
      "terraform tofu pip pipx uv poetry pipenv bundle gem composer mvn gradle gradlew dotnet " +
      "systemctl brew apt apt-get dnf yum apk helm ansible rails rake mise nx turbo lerna " +
      "vagrant flatpak snap cmake ninja bazel",
  },
  {
    why: "can run other programs by an option or in its text",
    programs:
      "awk gawk mawk sed gsed tar zip unzip rsync scp sftp less more man vi vim nvim nano emacs " +
      "ed ex crontab at batch rg sort split tcpdump jq sqlite3 psql mysql redis-cli gdb lldb",
  },
  {
    why: "can send or fetch anything",
    programs: "curl wget nc ncat netcat socat telnet ftp http https xh aria2c",
  },
  {
    why: "can change or delete any file",
    programs:
      "rm rmdir mv cp ln install tee dd truncate shred unlink chmod chown chgrp patch mkfs " +
      "sponge uniq xxd",
  },
  {
    why: "evaluates its arguments: they can run code or set variables for the rest of the line",
    programs: "printf test [ wait jobs history compgen print exit return",
  },
  {
    why: "runs what its arguments or the files that they name hold",
    programs:
      "tsx ts-node vite-node java jshell groovy scala kotlin julia elixir iex erl swift dart " +
      "ipython jupyter irb r octave ghci runghc runhaskell guile racket clojure dc m4 expect " +
      "unbuffer nu elvish xonsh powershell tmux screen zellij hyperfine concurrently nodemon " +
      "pm2 cross-env dotenv dotenvx direnv conda mamba micromamba pdm hatch rye tox nox nix " +
      "nix-shell asdf nvm fnm volta rbenv pyenv devbox fakeroot xvfb-run valgrind perf rlwrap " +
      "setpriv torsocks proxychains proxychains4 open xdg-open xcrun docker-compose heroku " +
      "ansible-playbook pre-commit lefthook",
  },
  {
    why: "can end any process",
    programs: "kill pkill killall fuser shutdown reboot",
  },
];

/** Subcommands that run what their arguments name, or fetch and run it; `*` ends the start of one, or is every one. */
export const OPEN_SUBCOMMANDS: readonly { readonly programs: string; readonly subcommands: string }[] = [
  {
    programs: "git",
    subcommands:
      "config rebase submodule bisect filter-branch difftool mergetool clone worktree am init " +
      "merge-index for-each-repo shell instaweb credential lfs hook maintenance send-email " +
      "daemon var remote",
  },
  {
    programs: "npm pnpm yarn bun",
    subcommands:
      "i in install isntall add update up upgrade config c set link ln init create explore edit " +
      "env patch rebuild dlx node",
  },
  {
    programs: "pip pipx gem composer brew apt apt-get dnf yum apk cargo go helm snap flatpak",
    subcommands: "install add require run run-script get generate tool download inject plugin",
  },
  {
    programs: "uv poetry pipenv bundle mise",
    subcommands: "add install run exec x pip tool sync shell",
  },
  {
    programs: "gh glab",
    subcommands: "api alias extension workflow run codespace auth secret config",
  },
  {
    programs: "aws gcloud az",
    subcommands: "configure config ssh",
  },
  { programs: "cmake ninja make gmake", subcommands: "*" },
  {
    programs: "terraform",
    subcommands: "apply destroy init console",
  },
  {
    programs: "dotnet",
    subcommands: "run tool add new",
  },
  {
    programs: "mvn",
    subcommands: "exec*",
  },
];

/** Builtins that change what the next command of the line is, or where it runs. */
export const CHANGES_THE_REST =
  "cd chdir pushd popd export declare typeset local readonly alias unalias set unset shopt " +
  "trap hash enable read let mapfile readarray getopts bind complete fc vared zmodload " +
  "autoload emulate source . eval exec umask ulimit";

/** Options by which ordinary commands run other programs, load code, work elsewhere, or write where they are told to. */
export const WAYS_OUT =
  "exec exec-path eval output output-file ext-diff textconv open-files-in-pager upload-pack " +
  "receive-pack config config-env script-shell node-options pager editor rsh command " +
  "compress-program use-compress-program to-command checkpoint-action pre require import " +
  "loader plugin rcfile init-file prefix cwd git-dir work-tree file eval-file toolchain " +
  "toolexec vettool overlay modfile manifest-path globalsetup globalteardown test-runner " +
  "rulesdir outdir userconfig globalconfig shell ldflags gccgoflags parser template " +
  "transform resolver test-environment setup-files setup-files-after-env snapshot-resolver " +
  "pdbcls basetemp override-ini init-script";
