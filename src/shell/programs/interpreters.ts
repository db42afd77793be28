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
  { names: "python pypy", valued: "-W -X", moduleOption: "-m", interprets: { as: "other", code: "-c" } },
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
  {
    names: "pwsh powershell",
    interprets: { as: "other", code: "-c -Command -command -EncodedCommand -encodedcommand -enc -e -ec" },
  },
  { names: "tclsh wish", interprets: { as: "other" } },
  { names: "expect", valued: "-c -f -b", interprets: { as: "other", code: "-c" } },
  {
    names: "groovy scala amm elixir iex clojure clj bb crystal",
    interprets: { as: "other", code: "-e --eval" },
  },
  { names: "julia r octave", interprets: { as: "other", code: "-e -E --eval" } },
  { names: "erl", interprets: { as: "other", code: "-eval" } },
  { names: "ghc tsx ts-node", interprets: { as: "other", code: "-e --eval" } },
  { names: "guile sbcl", interprets: { as: "other", code: "-c --eval" } },
  { names: "racket", interprets: { as: "other", code: "-e --eval" } },
  { names: "nu elvish xonsh", interprets: { as: "other", code: "-c --commands" } },
  { names: "awk gawk mawk nawk", valued: "-F -v -f -W", stops: true },
];
