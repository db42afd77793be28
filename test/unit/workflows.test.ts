// The workflows of GitHub, read with GitHub's own parser: well formed, pinned, and with no right that they do not use.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../src/server/system.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string | readonly string[];
  readonly environment?: unknown;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(packageRoot(), ".github", "workflows");
const FILES = readdirSync(FOLDER);
const textOf = (file: string) => readFileSync(join(FOLDER, file), "utf8");
const workflowOf = (file: string) => parse(textOf(file)) as Workflow;
const scriptOf = (job: Job) => job.steps.map(({ run = "" }) => run).join("\n");

async function errorsOf(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

/** What a commit of an action is pinned by, and the version that people read. */
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/;
/** Text that others write, put into a script before the shell sees it: whoever names a branch runs a command. */
const INJECTED = /\$\{\{(?![^}]*\b(matrix|runner|github\.workspace|github\.token)\b)[^}]*\}\}/;

describe.each(FILES)("%s", (file) => {
  const workflow = workflowOf(file);
  const jobs = Object.entries(workflow.jobs);

  it("is what GitHub can read", async () => {
    expect(await errorsOf(file, textOf(file))).toEqual([]);
  });

  it("pins each action by its commit, with the version beside it", () => {
    const used = [...textOf(file).matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, uses = ""]) => uses);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((uses) => !PINNED.test(uses))).toEqual([]);
  });

  it("says what it may do, and reads only, but for what a job says itself", () => {
    const rights = Object.entries(workflow.permissions ?? { all: "unsaid" });
    expect(rights.filter(([right, level]) => right !== "contents" || level !== "read")).toEqual([]);
  });

  it("keeps no credentials in the clone, ends by itself, and is not started by strangers with rights", () => {
    for (const [name, job] of jobs) {
      expect([name, job["timeout-minutes"]]).toEqual([name, expect.any(Number)]);
      for (const { uses, with: options } of job.steps)
        if (uses?.startsWith("actions/checkout@"))
          expect(options).toMatchObject({ "persist-credentials": false });
    }
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    expect(Object.keys(workflow.on)).not.toContain("workflow_run");
  });

  it("puts no text of others into a script", () => {
    expect(jobs.map(([, job]) => scriptOf(job)).filter((script) => INJECTED.test(script))).toEqual([]);
  });

  it("calls only files and scripts that are there", () => {
    const { scripts } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
    const text = jobs.map(([, job]) => scriptOf(job)).join("\n");
    const files = [...text.matchAll(/(?:^|\s)(\.ci\/\S+)/g)].map(([, path = ""]) => path);
    expect(files.filter((path) => !existsSync(join(packageRoot(), path)))).toEqual([]);
    const names = [...text.matchAll(/npm run (\S+)/g)].map(([, name = ""]) => name);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("release.yml", () => {
  const { on, jobs } = workflowOf("release.yml");
  const { pack, publish, announce } = jobs as Record<"pack" | "publish" | "announce", Job>;

  it("is started by a version's tag and by nothing else", () => {
    expect(on).toEqual({ push: { tags: ["v*"] } });
  });

  it("gives each right to one job, and none that writes to the job that runs the tests", () => {
    expect(pack.permissions).toEqual({ contents: "read" });
    expect(publish.permissions).toEqual({ "id-token": "write", attestations: "write" });
    expect(announce.permissions).toEqual({ contents: "write" });
    const others = FILES.filter((file) => file !== "release.yml").flatMap((file) =>
      Object.values(workflowOf(file).jobs).flatMap(({ permissions = {} }) => Object.keys(permissions)),
    );
    expect(others).not.toContain("id-token");
  });

  it("checks names, signatures and the whole gate before it packs, once", () => {
    const script = scriptOf(pack);
    const order = [
      "node .ci/release-notes.js",
      "npm ci --ignore-scripts",
      "npm rebuild better-sqlite3",
      "npm audit signatures",
      "npm run check",
      "npm run sbom",
      "npm pack --pack-destination release",
      "cmp ",
      "sha256sum",
    ];
    const places = order.map((part) => script.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("publishes that file: neither of the later jobs has the sources or packs, and both compare the digests first", () => {
    expect([publish.needs, announce.needs]).toEqual(["pack", "publish"]);
    for (const job of [publish, announce]) {
      const script = scriptOf(job);
      expect(script).not.toMatch(/npm (pack|ci|install|run)/);
      expect(job.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"))).toBe(false);
      const checked = job.steps.findIndex(({ run }) => run?.includes("sha256sum --check --strict"));
      const used = job.steps.findIndex(({ run, uses }) =>
        /npm publish|gh release|attest/.test(`${run} ${uses}`),
      );
      expect(checked).toBeGreaterThan(-1);
      expect(used).toBeGreaterThan(checked);
    }
  });

  it("publishes with provenance, after a person's yes, and with no token that is kept", () => {
    expect(scriptOf(publish)).toContain("npm publish ./release/*.tgz --provenance");
    expect(publish.environment).toBe("npm");
    expect(textOf("release.yml")).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
  });

  it("takes nothing out of a cache that other runs have filled", () => {
    expect(textOf("release.yml")).not.toMatch(/actions\/cache@|^\s*cache: /m);
  });
});

describe("a workflow that is wrong is found", () => {
  const expression = (text: string) => `\${{ ${text} }}`;
  const GOOD = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hello\n";

  it.each([
    ["an unknown key", GOOD.replace("runs-on", "run-on")],
    ["an unknown context", GOOD.replace("hello", expression("gitub.ref"))],
    ["a need that is not there", GOOD.replace("runs-on", "needs: b\n    runs-on")],
    ["an unknown right", `permissions:\n  everything: write\n${GOOD}`],
  ])("%s", async (_, content) => {
    expect(await errorsOf("good.yml", GOOD)).toEqual([]);
    expect(await errorsOf("bad.yml", content)).not.toEqual([]);
  });

  it.each([
    "actions/checkout@v7",
    "actions/checkout@main",
    "actions/checkout@3d3c42e # v7",
    `a/b@${"0".repeat(40)}`,
  ])("%s is no pin", (uses) => expect(uses).not.toMatch(PINNED));

  it.each(["github.head_ref", "github.event.pull_request.title", "inputs.name"])(
    "%s is no text for a script",
    (text) => expect(`echo ${expression(text)}`).toMatch(INJECTED),
  );
});
