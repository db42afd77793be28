// Programs of developers that have subcommands: version control, package managers, containers.
import type { Program } from "./program.ts";

/** Package managers and what publishes for them take these alike; a flag of one is a value of another for short ones. */
const COMMON =
  "-C --prefix --workspace --filter --registry --tag --otp --userconfig --dir --cwd --manifest-path --context --repo --directory --access";

/** Programs of packages that can do harm, and are called by their bare names. */
const BINARIES =
  "prisma drizzle-kit knex sequelize sequelize-cli typeorm mikro-orm wrangler vercel netlify firebase supabase cdk cdktf serverless sls sst eas expo rimraf del-cli fkill kill-port surge neonctl";

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
      archive: "-o --format --prefix --output --remote --exec",
      diff: "-S -G -U --output",
      log: "-n -L -S -G --output --format --author --since --until --grep",
      merge: "-m -s -X -F --strategy --strategy-option",
      push: "-o --push-option --receive-pack --exec --repo",
      rebase: "-C -x -s -X --exec --onto --strategy",
      show: "-S -G -U --output --format",
      restore: "-s --source --conflict --pathspec-from-file",
      stash: "-m --message",
      switch: "-c -C --create --force-create --orphan --conflict",
      tag: "-m -F -u -n --message --file --local-user",
    },
    runs: { after: "bisect run" },
    writesTo: "--output",
    takesText: true,
    sparesKeys: true,
  },
  { names: "npm", valued: `${COMMON} -w`, runs: { after: "exec, x", valued: "-p --package" } },
  {
    names: "pnpm",
    valued: `${COMMON} -F --reporter --loglevel`,
    runs: { after: "dlx, exec", valued: "--package", programs: BINARIES },
  },
  { names: "yarn", valued: COMMON, runs: { after: "dlx, exec", valued: "-p --package", programs: BINARIES } },
  {
    names: "bun",
    valued: `${COMMON} -F`,
    runs: { after: "x" },
    interprets: { as: "other", code: "-e --eval -p --print" },
  },
  { names: "approval-server whatsapp-approval-server", valued: "--dir" },
  { names: "deno", valued: COMMON, interprets: { as: "other", evalSubcommand: "eval" } },
  {
    names: "uv",
    valued: COMMON,
    runs: { after: "run", valued: "--with --python -p --project --extra --group" },
  },
  { names: "poetry", valued: `${COMMON} -P --project`, runs: { after: "run" } },
  { names: "pipenv", runs: { after: "run" } },
  { names: "bundle", runs: { after: "exec" } },
  { names: "lerna", valued: COMMON, runs: { after: "exec", behindDashes: true } },
  {
    names: "cargo twine flit gem mvn dotnet vsce ovsx jsr changeset semantic-release pod",
    valued: COMMON,
  },
];
