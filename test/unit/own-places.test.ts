// What counts as the server's own files, wherever they live: a call that touches one is never let through unseen.
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { findHome, type Home, homeIn } from "../../src/config/home.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { policyContext } from "../../src/server/guards.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const ROOT = "/usr/lib/node_modules/whatsapp-approval-server";
const INSTALLED = findHome({
  env: {},
  current: "/",
  clone: ROOT,
  installation: "installed",
  platform: { config: "/home/me/.config/approval-server", data: "/home/me/.local/share/approval-server" },
});

async function warningsOf(
  command: string,
  home: Home,
  env: Record<string, string> = {},
  person = "/home/me",
  cwd = "/home/me/shop",
) {
  const context = policyContext(parseConfig(env, home), { root: ROOT, home, personHome: person });
  const inspector = createInspector({ ...context, ownPorts: [], ownSecrets: [] });
  const call = { toolName: "Bash", input: { command } };
  return (await inspector.inspect(call, cwd)).warnings.join();
}

describe("the places of an installed server", () => {
  it.each([
    "cat ~/.config/approval-server/.env",
    "echo APPROVAL_PHONE=+15005550001 >> ~/.config/approval-server/.env",
    "tee /home/me/.config/approval-server/policy.json",
    "cp x ~/.config/approval-server/template_config.json",
    "sqlite3 ~/.local/share/approval-server/approvals.db .dump",
    "rm -rf ../.local/share",
    "rm ~/.local/share/approval-server/approvals.db-wal",
    `echo x > ${ROOT}/dist/src/main.js`,
  ])("are known: %s", async (command) => {
    expect(await warningsOf(command, INSTALLED)).toContain("approval server");
  });

  it("are known where the settings name others", async () => {
    const env = {
      APPROVAL_DB: "/var/db/asked.db",
      APPROVAL_POLICY: "rules.json",
      GATEWAY_CONFIG: "/etc/g.json",
    };
    expect(await warningsOf("echo {} > /etc/g.json", INSTALLED, env)).toContain("approval server");
    expect(await warningsOf("cat /var/db/asked.db", INSTALLED, env)).toContain("approval server");
    expect(await warningsOf("rm ~/.config/approval-server/rules.json", INSTALLED, env)).toContain(
      "approval server",
    );
  });

  it.each(["cat ~/.config/other/.env.example", "ls ~/shop", "cat /home/me/shop/README.md"])(
    "are not seen everywhere: %s",
    async (command) => {
      expect(await warningsOf(command, INSTALLED)).not.toContain("approval server");
    },
  );
});

describe("a place that was chosen", () => {
  it("is known under the name that a link leads to", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "real"));
    symlinkSync(join(folder, "real"), join(folder, "link"));
    const home = homeIn(join(folder, "link"));
    for (const name of ["link", "real"])
      expect(await warningsOf(`cat ${join(folder, name, ".env")}`, home)).toContain("approval server");
  });

  it.each(["/home/me", "/home", "/"])(
    "does not make a person's every file the server's: %s",
    async (folder) => {
      const home = homeIn(folder);
      expect(await warningsOf("cat /home/me/shop/README.md", home)).not.toContain("approval server");
      expect(await warningsOf(`cat ${join(folder, ".env")}`, home)).toContain("approval server");
    },
  );
});

describe("the scripts of the server's own folder", () => {
  const CLONE = homeIn("/srv/approval", "clone");
  const inClone = (command: string, cwd: string) => warningsOf(command, CLONE, {}, "/home/me", cwd);

  it.each([
    "npm run setup -- --yes --phone +15005550006",
    "npm start",
    "npm run doctor -- --fix",
    "pnpm run setup-template --submit",
    "npm run --silent setup",
  ])("change who decides where they are started in it: %s", async (command) => {
    expect(await inClone(command, "/srv/approval")).toContain("approval server");
    expect(await inClone(`cd /srv/approval; ${command}`, "/home/me/shop")).toContain("approval server");
    expect(await inClone(command, "/home/me/shop")).toBe("");
  });
});
