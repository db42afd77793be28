// Programs of developers that have subcommands: version control, package managers, containers.
import type { Program } from "./program.ts";

/** Package managers and what publishes for them take these alike; a flag of one is a value of another for short ones. */
const COMMON =
  "-C --prefix --workspace --filter --registry --tag --otp --userconfig --dir --cwd --manifest-path --context --repo --directory --access";
const INSIDE = "-e -u -w -c --env --user --workdir --env-file --container";

export const TOOLS: readonly Program[] = [
  {
    names: "git",
    valued: "-C -c --git-dir --work-tree --namespace --exec-path --super-prefix --config-env --attr-source",
    isComplete: true,
    subcommands: {
      checkout: "-b -B -U --orphan --conflict --pathspec-from-file --unified --inter-hunk-context",
      clean: "-e --exclude",
      clone: "-b -c -j -o -u --branch --config --depth --origin --reference --template --upload-pack",
      commit: "-m -F -C -c -t --message --file --author --date --template",
      fetch: "-j -o --depth --deepen --upload-pack --server-option",
      grep: "-e -f -A -B -C -m",
      log: "-n -L -S -G --format --author --since --until --grep",
      merge: "-m -s -X -F --strategy --strategy-option",
      push: "-o --push-option --receive-pack --exec --repo",
      rebase: "-C -x -s -X --exec --onto --strategy",
      restore: "-s --source --conflict --pathspec-from-file",
      stash: "-m --message",
      switch: "-c -C --create --force-create --orphan --conflict",
      tag: "-m -F -u -n --message --file --local-user",
    },
    runs: { after: "bisect run" },
    takesText: true,
    sparesKeys: true,
  },
  { names: "npm", valued: `${COMMON} -w`, runs: { after: "exec, x", valued: "-p --package" } },
  { names: "pnpm", valued: `${COMMON} -F`, runs: { after: "dlx, exec", valued: "--package" } },
  { names: "yarn", valued: COMMON, runs: { after: "dlx, exec", valued: "-p --package" } },
  {
    names: "bun",
    valued: `${COMMON} -F`,
    runs: { after: "x" },
    interprets: { as: "other", code: "-e --eval -p --print" },
  },
  { names: "deno", valued: COMMON, interprets: { as: "other", evalSubcommand: "eval" } },
  {
    names: "uv",
    valued: COMMON,
    runs: { after: "run", valued: "--with --python -p --project --extra --group" },
  },
  { names: "poetry", valued: `${COMMON} -P --project`, runs: { after: "run" } },
  { names: "pipenv", runs: { after: "run" } },
  { names: "bundle", runs: { after: "exec" } },
  { names: "gh", valued: `${COMMON} -R` },
  {
    names: "cargo twine flit gem helm mvn dotnet vsce ovsx jsr lerna changeset semantic-release pod mix",
    valued: COMMON,
  },
  {
    names: "docker podman",
    valued: "-c -H --context --host --config",
    runs: { after: "exec, container exec, compose exec, compose run", valued: `${INSIDE} -f -p`, skip: 1 },
    runsElsewhere: true,
    wholeFolders: true,
  },
  {
    names: "kubectl",
    valued: "--context --kubeconfig -n --namespace",
    runs: { after: "exec", valued: INSIDE, skip: 1, behindDashes: true },
    runsElsewhere: true,
  },
];
