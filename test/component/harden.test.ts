// `approval-server harden`: each weakness is planted alone in settings that have none. Its step says so, with lines to paste, and no
// other step changes; what is safe is done with --apply, and nothing else.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { homeIn } from "../../src/config/home.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { runHere } from "../helpers/command-line.ts";
import { ACCOUNT, TOKEN } from "../helpers/simulator-world.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const PHONE = "+15005550006";
const OWN_TOKEN = ["operator", "token", "of", "32", "characters"].join("-");
const NAMED = ["claude", "token", "of", "at", "least", "32", "chars"].join("-");
const SETTINGS = {
  TWILIO_ACCOUNT_SID: ACCOUNT,
  TWILIO_AUTH_TOKEN: TOKEN,
  APPROVAL_PHONE: `${PHONE}=whatsapp:US.1234567890`,
  APPROVAL_TOKEN: OWN_TOKEN,
  APPROVAL_TOKENS: `claude:${NAMED}`,
};

interface Seen {
  readonly id: string;
  readonly state: "done" | "to do" | "not possible here";
  readonly now: readonly string[];
  readonly do: readonly string[];
  readonly why: string;
  readonly appliable?: true;
  readonly applied?: readonly string[];
}

function world(changes: Readonly<Record<string, string | undefined>> = {}) {
  const folder = temporaryFolder();
  const person = join(folder, "ann");
  mkdirSync(join(person, ".claude"), { recursive: true });
  const envFile = join(folder, ".env");
  const lines = Object.entries({ ...SETTINGS, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}\n`],
  );
  writeFileSync(envFile, lines.join(""), { mode: 0o600 });
  mkdirSync(join(folder, "data"), { mode: 0o700 });
  const run = (argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    runHere(["harden", ...argv], {
      folder,
      envFile,
      home: homeIn(folder),
      current: folder,
      env: { HOME: person, PATH: process.env["PATH"] ?? "", ...env },
    });
  const steps = async (argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    const { out } = await run(["--json", ...argv], env);
    return (JSON.parse(out) as { steps: Seen[] }).steps;
  };
  return { folder, person, envFile, run, steps, claude: join(person, ".claude", "settings.json") };
}

type World = ReturnType<typeof world>;

/** Claude's settings with the very rules that `harden` prints. */
async function withRules(here: World, more: object = {}) {
  const step = (await here.steps()).find(({ id }) => id === "deny-rules");
  // Where they are there already, nothing is printed.
  const text = step?.state === "done" ? readFileSync(here.claude, "utf8") : step?.do.slice(1).join("\n");
  const { permissions } = JSON.parse(text ?? "") as { permissions: object };
  writeFileSync(here.claude, JSON.stringify({ permissions: { ...permissions, ...more } }));
}

interface Weakness {
  readonly weakness: string;
  readonly settings?: Readonly<Record<string, string | undefined>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly plant?: (here: World) => unknown;
  readonly step: string;
  readonly says: RegExp;
  readonly lines: RegExp;
}

const WEAKNESSES: readonly Weakness[] = [
  {
    weakness: "replies that are not checked",
    settings: { VERIFY_REPLIES: "off" },
    step: "replies",
    says: /VERIFY_REPLIES is off/,
    lines: /VERIFY_REPLIES=approvals/,
  },
  {
    weakness: "no token",
    settings: { APPROVAL_TOKEN: undefined, APPROVAL_TOKENS: undefined },
    step: "token",
    says: /APPROVAL_TOKEN is not set/,
    lines: /APPROVAL_TOKEN=\$\(openssl rand -hex 32\)" >> \S+\.env/,
  },
  {
    weakness: "no token for Claude",
    settings: { APPROVAL_TOKENS: undefined },
    step: "token",
    says: /no named token/,
    lines: /APPROVAL_TOKENS=claude:/,
  },
  {
    weakness: "the operator's token in the shell that starts Claude",
    env: { APPROVAL_TOKEN: OWN_TOKEN },
    step: "token",
    says: /hands it to every command/,
    lines: /export APPROVAL_TOKEN=/,
  },
  {
    weakness: "a port that others reach",
    settings: { HOST: "0.0.0.0" },
    step: "reach",
    says: /HOST is 0\.0\.0\.0/,
    lines: /ssh -L/,
  },
  {
    weakness: "approvals that the phone is not told of",
    settings: { CONFIRM: "problems" },
    step: "confirm",
    says: /CONFIRM is problems/,
    lines: /CONFIRM=all/,
  },
  {
    weakness: "a user id that was learned",
    settings: { APPROVAL_PHONE: PHONE },
    async plant({ folder }) {
      const store = createSqliteStore(join(folder, "data", "approvals.db"));
      await store.recordUserId({ phone: PHONE as Phone, userId: "US.1", seal: "s", learnedAt: 1 });
      await store.close();
    },
    step: "user-ids",
    says: /learned, and not named: …0006/,
    lines: /APPROVAL_PHONE=<number>=whatsapp:<id>/,
  },
  {
    weakness: "a policy that allows any command",
    plant: ({ folder }) =>
      writeFileSync(
        join(folder, "policy.json"),
        JSON.stringify({ version: 1, rules: [{ decision: "allow", rules: ["Bash"] }] }),
        { mode: 0o600 },
      ),
    step: "policy",
    says: /too broad/,
    lines: /Correct what is named/,
  },
  {
    weakness: "a rule of Claude's own that allows any command",
    plant: (here) => withRules(here, { allow: ["Bash(*)", "Bash(npm run build)"] }),
    step: "allow-rules",
    says: /allow Bash\(\*\) is too broad/,
    lines: /Take these out/,
  },
  {
    weakness: "a mode of Claude's in which nobody is asked",
    plant: (here) => withRules(here, { defaultMode: "bypassPermissions" }),
    step: "allow-rules",
    says: /bypassPermissions: calls run that nobody was asked about/,
    lines: /Take these out/,
  },
  {
    weakness: "a deny rule that is not there",
    plant: async (here) => {
      await withRules(here);
      const text = readFileSync(here.claude, "utf8");
      writeFileSync(here.claude, text.replace(/"Read\([^"]*\.env\)",/, ""));
    },
    step: "deny-rules",
    says: /1 of \d+ rules are missing: Read\(\/\/.*\.env\)/,
    lines: /managed-settings\.json/,
  },
  {
    weakness: "settings of Claude's that cannot be read",
    plant: ({ claude }) => writeFileSync(claude, "{"),
    step: "deny-rules",
    says: /could not be looked at: .*not valid JSON/,
    lines: /Put that right/,
  },
  {
    weakness: "a .env that others can read",
    plant: ({ envFile }) => chmodSync(envFile, 0o644),
    step: "files",
    says: /\.env is open to others \(mode 644\)/,
    lines: /chmod go= \S+\.env/,
  },
  {
    weakness: "a folder of the settings that others can write",
    plant: ({ folder }) => chmodSync(folder, 0o777),
    step: "files",
    says: /can be written by others: they can replace what is in it/,
    lines: /chmod go-w/,
  },
  {
    weakness: "tasks in a folder that holds projects",
    settings: { TASKS: "on", TASK_DIRS: "/code" },
    plant(here) {
      const code = join(here.folder, "code");
      for (const name of ["a", "b"]) mkdirSync(join(code, name, ".git"), { recursive: true });
      writeFileSync(here.envFile, readFileSync(here.envFile, "utf8").replace("=/code", `=${code}`));
    },
    step: "task-dirs",
    says: /is no project, but holds several/,
    lines: /TASK_DIRS=/,
  },
  {
    weakness: "code that Node loads by the environment",
    env: { NODE_OPTIONS: "--require /tmp/x.js" },
    step: "start",
    says: /NODE_OPTIONS is set in this shell/,
    lines: /take it out/,
  },
  {
    weakness: "a line in .env that loads code",
    settings: { LD_PRELOAD: "/tmp/x.so" },
    step: "start",
    says: /LD_PRELOAD is in \.env/,
    lines: /take it out/,
  },
  {
    weakness: "an addition to the service's file",
    plant({ person }) {
      const folder = join(person, ".config", "systemd", "user", "approval-server.service.d");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "x.conf"), "[Service]\nEnvironment=NODE_OPTIONS=--require=/tmp/x.js\n");
    },
    step: "start",
    says: /x\.conf changes what the service runs or loads/,
    lines: /take it out/,
  },
];

describe("harden", () => {
  it.each(WEAKNESSES)("says what to do about $weakness, and raises no other alarm", async (planted) => {
    const sound = world();
    if (planted.step !== "deny-rules") await withRules(sound);
    const before = await sound.steps();
    const here = world(planted.settings);
    if (planted.step !== "deny-rules") await withRules(here);
    await planted.plant?.(here);
    const after = await here.steps([], planted.env);
    const found = after.find(({ id }) => id === planted.step);
    expect(found).toMatchObject({ state: "to do", why: expect.stringMatching(/\w/) });
    expect(found?.now.join("\n")).toMatch(planted.says);
    expect(found?.do.join("\n")).toMatch(planted.lines);
    const toDo = (steps: readonly Seen[]) =>
      steps.filter(({ state }) => state === "to do").map(({ id }) => id);
    // What cannot be read says nothing good of what it would allow either.
    const also = planted.weakness.includes("cannot be read") ? ["allow-rules"] : [];
    expect(toDo(after).filter((id) => id !== planted.step && !also.includes(id))).toEqual(
      toDo(before).filter((id) => id !== planted.step),
    );
    expect((await here.run([], planted.env)).code).toBe(1);
  });

  it("finds its own rules again, and says where they could be taken out", async () => {
    const here = world();
    await withRules(here);
    const step = (await here.steps()).find(({ id }) => id === "deny-rules");
    expect(step).toMatchObject({ state: "done", do: [] });
    expect(step?.now.join()).toMatch(/who can write \S+settings\.json can take them out/);
  });

  it("takes the simulated phone for what it is", async () => {
    const here = world({ TWILIO_ACCOUNT_SID: undefined, TWILIO_AUTH_TOKEN: undefined });
    const states = Object.fromEntries((await here.steps()).map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({ phone: "to do", replies: "not possible here" });
  });

  it("prints no secret and no whole phone number", async () => {
    const here = world({ VERIFY_REPLIES: "off", APPROVAL_PHONE: PHONE });
    const { out, err } = await here.run();
    for (const secret of [TOKEN, OWN_TOKEN, NAMED, PHONE]) expect(out + err).not.toContain(secret);
    expect(out).toContain("✗ to do");
    expect(out).toMatch(/\d+ of \d+ to do/);
  });

  it("changes nothing; with --apply it closes files to others, and does nothing else", async () => {
    const here = world({ VERIFY_REPLIES: "off" });
    const store = createSqliteStore(join(here.folder, "data", "approvals.db"));
    await store.close();
    writeFileSync(join(here.folder, "policy.json"), '{"version":1,"rules":[]}', { mode: 0o600 });
    chmodSync(here.envFile, 0o664);
    chmodSync(join(here.folder, "policy.json"), 0o666);
    chmodSync(join(here.folder, "data"), 0o755);
    const look = () =>
      // A reader of the database makes and leaves these.
      readdirSync(here.folder, { recursive: true, encoding: "utf8" })
        .filter((name) => !/-(wal|shm)$/.test(name))
        .map((name) => {
          const stats = statSync(join(here.folder, name));
          const text = stats.isFile()
            ? createHash("sha256")
                .update(readFileSync(join(here.folder, name)))
                .digest("hex")
            : "";
          return { name, mode: (stats.mode & 0o777).toString(8), text };
        });
    const before = look();
    await here.run();
    expect(look()).toEqual(before);
    const files = (await here.steps(["--apply"])).find(({ id }) => id === "files");
    expect(files?.applied?.join("\n")).toMatch(/closed \S+\.env to others/);
    const changed = new Map([
      [".env", "600"],
      ["policy.json", "644"],
      ["data", "700"],
    ]);
    expect(look()).toEqual(before.map((each) => ({ ...each, mode: changed.get(each.name) ?? each.mode })));
  });

  it("ends with 2 where the settings are wrong, and with 64 for a user that is not there", async () => {
    expect((await world({ SERVER_PORT: "x" }).run()).code).toBe(2);
    const { code, err } = await world().run(["--agent", "nobody-of-this-name"]);
    expect(code).toBe(64);
    expect(err).toContain("there is no user nobody-of-this-name here");
  });
});
