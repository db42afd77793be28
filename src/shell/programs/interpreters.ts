// Programs that run code which their arguments, their input or a file give them.
import type { Program } from "./program.ts";

export const INTERPRETERS: readonly Program[] = [
  {
    names: "sh bash zsh dash ash ksh mksh rbash fish csh tcsh",
    valued: "-o -O --rcfile --init-file -C --init-command",
    interprets: { as: "shell" },
  },
  { names: "source .", interprets: { as: "source" } },
  { names: "eval", interprets: { as: "eval" } },
  { names: "python pypy", valued: "-W -X", interprets: { as: "other", code: "-c" } },
  {
    names: "node nodejs",
    valued: "-r --require --import --loader",
    interprets: { as: "other", code: "-e -p --eval --print" },
  },
  { names: "perl", valued: "-I -C", interprets: { as: "other", code: "-e -E" }, inPlace: true },
  { names: "ruby", valued: "-I -r", interprets: { as: "other", code: "-e" } },
  { names: "php", valued: "-d -c", interprets: { as: "other", code: "-r -B -R -E" } },
  { names: "lua luajit", valued: "-l", interprets: { as: "other", code: "-e" } },
  { names: "rscript", interprets: { as: "other", code: "-e" } },
  { names: "osascript", valued: "-l -s", interprets: { as: "other", code: "-e" } },
  { names: "pwsh", interprets: { as: "other", code: "-c -Command -command -EncodedCommand" } },
  { names: "tclsh", interprets: { as: "other" } },
  { names: "awk gawk mawk", valued: "-F -v -f", stops: true },
];
