// Policies to begin with. What they allow changes nothing outside of the project, or nothing at all; what they deny no person
// needs to be asked about. Everything else asks. Data only: the linter and the samples of the risks judge them in the tests.

/** A policy.json as it is written. */
interface ReadyPolicy {
  /** One line, for people. */
  readonly summary: string;
  readonly policy: {
    readonly version: 1;
    readonly rules: readonly ReadyGroup[];
    readonly max_approvals_per_session: number;
  };
}

interface ReadyGroup {
  readonly about: string;
  readonly decision: "allow" | "ask" | "deny";
  readonly rules: readonly string[];
  readonly message?: string;
}

/** The same for every one of them. */
const DENIED: readonly ReadyGroup[] = [
  {
    about: "Secrets: nothing in them is Claude's business.",
    decision: "deny",
    rules: [
      ...["Read(.env)", "Edit(.env)", "Read(.env.*)", "Edit(.env.*)", "Read(*.pem)", "Edit(*.pem)"],
      ...["Read(~/.ssh/**)", "Edit(~/.ssh/**)", "Read(~/.aws/**)", "Edit(~/.aws/**)"],
      ...["Read(~/.gnupg/**)", "Edit(~/.gnupg/**)", "Read(~/.netrc)", "Edit(~/.netrc)"],
    ],
    message: "Files with secrets are not read or changed here. Say which value you need and what for.",
  },
  {
    about: "Beyond this user, and beyond repair.",
    decision: "deny",
    rules: [
      ...["Bash(sudo *)", "Bash(su *)", "Bash(doas *)", "Bash(shutdown *)", "Bash(reboot *)"],
      ...["Bash(mkfs*)", "Bash(dd *of=/dev/*)", "Bash(rm -rf /)", "Bash(rm -rf /*)", "Bash(rm -rf ~*)"],
      ...["Bash(git push --force *)", "Bash(git push -f *)"],
    ],
    message: "This is never done from here. Say what you want to reach, and a person will do it.",
  },
];

const LOOKING: readonly string[] = [
  ...["Bash(pwd)", "Bash(ls)", "Bash(ls *)", "Bash(wc *)", "Bash(which *)", "Bash(date)"],
  ...["Bash(git status)", "Bash(git status *)", "Bash(git branch)", "Bash(git branch --list)"],
  ...["Bash(git log)", "Bash(git log *)", "Bash(git diff)", "Bash(git diff *)", "Bash(git show *)"],
];

const scripts = (names: readonly string[]) =>
  names.flatMap((name) => [`Bash(npm run ${name})`, `Bash(pnpm run ${name})`, `Bash(yarn run ${name})`]);

export const READY_POLICIES = {
  cautious: {
    summary: "looking around runs; secrets and what cannot be undone are denied; everything else asks",
    policy: {
      version: 1,
      rules: [
        ...DENIED,
        {
          about: "Looking around in the project.",
          decision: "allow",
          rules: [...LOOKING, "WebSearch", "TodoWrite", "Agent(Explore)"],
        },
      ],
      max_approvals_per_session: 100,
    },
  },
  web: {
    summary:
      "cautious, and the project's own tests, builds and checks with npm, pnpm and yarn; installing asks",
    policy: {
      version: 1,
      rules: [
        ...DENIED,
        {
          about: "What it would give away cannot be taken back.",
          decision: "deny",
          rules: [
            "Bash(npm publish *)",
            "Bash(pnpm publish *)",
            "Bash(yarn publish *)",
            "Bash(yarn npm publish *)",
          ],
          message: "Packages are not published from here.",
        },
        {
          about: "A package runs code when it is installed: a person looks at its name first.",
          decision: "ask",
          rules: [
            ...[
              "Bash(npm install *)",
              "Bash(npm i *)",
              "Bash(npm ci *)",
              "Bash(npm add *)",
              "Bash(npm exec *)",
            ],
            ...[
              "Bash(npx *)",
              "Bash(pnpm install *)",
              "Bash(pnpm add *)",
              "Bash(pnpm dlx *)",
              "Bash(pnpm exec *)",
            ],
            ...["Bash(yarn)", "Bash(yarn install *)", "Bash(yarn add *)", "Bash(yarn dlx *)", "Bash(bunx *)"],
            ...["Edit(package.json)", "Edit(package-lock.json)", "Edit(pnpm-lock.yaml)", "Edit(yarn.lock)"],
          ],
        },
        {
          about: "Looking around, and the scripts of package.json, which asks when it is changed.",
          decision: "allow",
          rules: [
            ...LOOKING,
            ...["Bash(npm test)", "Bash(pnpm test)", "Bash(yarn test)"],
            ...scripts(["test", "build", "lint", "format", "typecheck", "check"]),
            ...["Bash(npm ls)", "Bash(npm outdated)", "Bash(npm --version)"],
            ...["WebSearch", "TodoWrite", "Agent(Explore)"],
          ],
        },
        {
          about: "Documentation of what web projects are made of.",
          decision: "allow",
          rules: [
            ...["WebFetch(domain:developer.mozilla.org)", "WebFetch(domain:nodejs.org)"],
            ...["WebFetch(domain:docs.npmjs.com)", "WebFetch(domain:www.typescriptlang.org)"],
            ...["WebFetch(domain:react.dev)", "WebFetch(domain:vite.dev)", "WebFetch(domain:vitest.dev)"],
          ],
        },
      ],
      max_approvals_per_session: 200,
    },
  },
  data: {
    summary: "cautious, and looking at data files; changing one asks, and code and queries do",
    policy: {
      version: 1,
      rules: [
        ...DENIED,
        {
          about: "Data that is changed is no longer what was collected.",
          decision: "ask",
          rules: [
            ...["Edit(*.csv)", "Edit(*.tsv)", "Edit(*.parquet)", "Edit(*.jsonl)", "Edit(*.xlsx)"],
            ...["Edit(*.db)", "Edit(*.sqlite)", "Edit(*.duckdb)"],
          ],
        },
        {
          about: "Looking around, and at the data of the project.",
          decision: "allow",
          rules: [
            ...LOOKING,
            ...["Bash(du -sh *)", "Bash(md5sum *)", "Bash(sha256sum *)"],
            ...[
              "Read(*.csv)",
              "Read(*.tsv)",
              "Read(*.parquet)",
              "Read(*.jsonl)",
              "Read(*.ipynb)",
              "Read(*.md)",
            ],
            ...["WebSearch", "TodoWrite", "Agent(Explore)"],
          ],
        },
        {
          about: "Documentation of what data is worked with.",
          decision: "allow",
          rules: [
            ...["WebFetch(domain:docs.python.org)", "WebFetch(domain:pandas.pydata.org)"],
            ...[
              "WebFetch(domain:numpy.org)",
              "WebFetch(domain:duckdb.org)",
              "WebFetch(domain:www.sqlite.org)",
            ],
          ],
        },
      ],
      max_approvals_per_session: 200,
    },
  },
} as const satisfies Readonly<Record<string, ReadyPolicy>>;

export type ReadyName = keyof typeof READY_POLICIES;

export const READY_NAMES = Object.keys(READY_POLICIES) as readonly ReadyName[];
