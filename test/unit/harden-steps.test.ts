// Steps of `harden` that a test cannot plant on the disk without being root: owners, other systems, the rules for any place.
import { describe, expect, it } from "vitest";
import { denyRules, missingRules } from "../../src/cli/harden/deny-rules.ts";
import { filesStep } from "../../src/cli/harden/files-step.ts";
import { type OwnUserDeps, ownUserStep } from "../../src/cli/harden/own-user-step.ts";
import { type PlaceFacts, withFoldersAbove } from "../../src/cli/harden/places.ts";

const ANN = 1000;
const SERVER = 990;
const secret = (more: Partial<PlaceFacts> = {}): PlaceFacts => ({
  path: "/var/lib/approval-server/.env",
  kind: "secret",
  isFolder: false,
  uid: SERVER,
  mode: 0o600,
  ...more,
});
const program = (more: Partial<PlaceFacts> = {}): PlaceFacts => ({
  path: "/opt/approval-server",
  kind: "steering",
  isFolder: true,
  uid: 0,
  mode: 0o755,
  ...more,
});

function look(facts: readonly PlaceFacts[], more: Partial<OwnUserDeps> = {}) {
  return ownUserStep({
    agent: { name: "ann", uid: ANN },
    facts: async () => facts,
    platform: "linux",
    nodePath: "/usr/bin/node",
    root: "/code/approval server",
    envFile: "/code/approval server/.env",
    hasTasks: false,
    ...more,
  }).look();
}

describe("a user of its own", () => {
  it("is there where Claude's user can neither read the secrets nor write what decides", async () => {
    const shared = program({ path: "/tmp", mode: 0o1777 });
    expect(await look([secret(), program(), shared])).toMatchObject({ state: "done", lines: [] });
  });

  it.each<[string, PlaceFacts, RegExp]>([
    ["a secret that is Claude's own", secret({ uid: ANN }), /ann can read \.env/],
    ["a secret that its group can read", secret({ mode: 0o640 }), /ann can read/],
    ["a secret that all can read", secret({ mode: 0o604 }), /ann can read/],
    ["a program that is Claude's own", program({ uid: ANN }), /ann can change the folder \/opt/],
    ["a program that its group can write", program({ mode: 0o775 }), /ann can change/],
    ["a program that all can write", program({ mode: 0o757 }), /ann can change/],
    [
      "a folder on the way that is Claude's own",
      program({ path: "/people/ann", uid: ANN, mode: 0o1700 }),
      /ann can change/,
    ],
  ])("is not there with %s", async (_, place, says) => {
    const { state, now, lines } = await look([secret(), program(), place]);
    expect(state).toBe("to do");
    expect(now.join()).toMatch(says);
    expect(lines.join("\n")).toContain("useradd --system");
  });

  it("does not help against root, and cannot be told where users have no numbers", async () => {
    expect(await look([secret()], { agent: { name: "root", uid: 0 } })).toMatchObject({ state: "to do" });
    expect(await look([secret()], { agent: { name: "ann", uid: undefined } })).toMatchObject({
      state: "not possible here",
    });
  });

  it("is described with the folders of this machine, quoted, and warns of what will not work", async () => {
    const own = { nodePath: "/home/ann/.nvm/versions/node/v22/bin/node", hasTasks: true };
    const linux = (await look([secret({ uid: ANN })], own)).lines.join("\n");
    expect(linux).toContain("sudo cp -R '/code/approval server' /opt/approval-server");
    expect(linux).toContain("-m 600 '/code/approval server/.env' /var/lib/approval-server/.env");
    expect(linux).toMatch(/^User=approval$/m);
    expect(linux).toContain("in Claude's reach: use a Node.js of the system");
    expect(linux).toContain("cannot work in your folders");
    const mac = (await look([secret({ uid: ANN })], { platform: "darwin" })).lines.join("\n");
    expect(mac).toContain("sysadminctl -addUser _approval");
    expect(mac).toContain("LaunchDaemons");
  });
});

it("every folder on the way to a file is looked at, once", () => {
  const paths = withFoldersAbove([secret(), program()]).map(({ path }) => path);
  expect(paths.toSorted()).toEqual(
    [
      "/",
      "/opt",
      "/opt/approval-server",
      "/var",
      "/var/lib",
      "/var/lib/approval-server",
      "/var/lib/approval-server/.env",
    ].toSorted(),
  );
});

describe("the rights of files", () => {
  const step = (facts: readonly PlaceFacts[], folderMode: number, hasModes = true) =>
    filesStep({ hasModes, facts: async () => facts, folderMode: async () => folderMode }).look();

  it("are in order where others can do nothing, also below a folder with the sticky bit", async () => {
    expect(await step([secret(), program()], 0o755)).toMatchObject({ state: "done" });
    expect(await step([secret()], 0o1777)).toMatchObject({ state: "done" });
  });

  it("of a folder that others can write are told, and left alone", async () => {
    const found = await step([secret()], 0o777);
    expect(found).toMatchObject({ state: "to do", lines: ["chmod go-w /var/lib/approval-server"] });
    expect(found.apply).toBeUndefined();
  });

  it("cannot be told where there are none", async () => {
    expect(await step([secret({ mode: 0o666 })], 0o777, false)).toMatchObject({ state: "not possible here" });
  });
});

describe("the deny rules", () => {
  const rules = denyRules({
    places: [
      secret({ path: "/srv/a[b]/.env" }),
      secret({ path: "/srv/data/approvals.db" }),
      secret({ path: "/srv/data/approvals.db-wal" }),
      program(),
    ],
    settingsFolder: "/srv/a[b]",
    claude: { managed: "/etc/claude-code/managed-settings.json", user: "/people/ann/.claude/settings.json" },
    serviceFile: "/people/ann/.config/systemd/user/approval-server.service",
    ports: [8000, 8002],
  });

  it("escape what would be a pattern, and have one rule for the database and its companions", () => {
    expect(rules).toContain("Read(//srv/a\\[b\\]/.env)");
    expect(rules).toContain("Read(//srv/a\\[b\\]/**)");
    expect(rules.filter((rule) => rule.includes("approvals.db"))).toEqual([
      "Read(//srv/data/approvals.db*)",
      "Edit(//srv/data/approvals.db*)",
    ]);
    // What is no secret may be read.
    expect(rules.filter((rule) => rule.includes("/opt/"))).toEqual(["Edit(//opt/approval-server/**)"]);
    expect(rules).toContain("Bash(curl *localhost:8002*)");
  });

  it.each(["resume", "pair", "setup", "policy init", "hooks", "service"])(
    "keep Claude from calling %s, which changes who decides",
    (command) => {
      expect(rules).toContain(`Bash(*approval-server ${command}*)`);
      expect(rules).toContain(`Bash(npm run ${command.replace(" ", " -- ")}*)`);
    },
  );

  it.each([
    ["the same rules", rules, 0],
    ["none", [], rules.length],
    ["the whole tool", ["Bash", "Read", "Edit(*)", "WebFetch"], 0],
    ["a folder above", ["Read(//srv/**)"], rules.filter((rule) => !rule.startsWith("Read")).length],
    ["a folder that only begins alike", ["Read(//srv/dat/**)"], rules.length],
    ["an allow of the same text for another tool", ["Write(//srv/data/approvals.db*)"], rules.length],
  ])("with %s leave out what they should", (_, present, count) => {
    expect(missingRules(rules, present)).toHaveLength(count);
  });
});
