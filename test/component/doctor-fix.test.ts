// `doctor --fix`: what it puts right, that it says so, and that nothing else is changed.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { type DoctorStage, startDoctorStage } from "../helpers/doctor-stage.ts";

/** The database itself is in use: its bytes belong to the server. */
const IN_USE = /approvals\.db(-wal|-shm|-lock)?$/;

/** Every file below the stage's folder, with its rights and its content. */
function snapshot({ folder }: DoctorStage): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((file) => !file.parentPath.includes(`${folder}/.git`))
      .map((file) => {
        const path = join(file.parentPath, file.name);
        const { mode } = statSync(path);
        const content = file.isFile() && !IN_USE.test(path) ? readFileSync(path, "utf8") : "";
        return [relative(folder, path), `${(mode & 0o777).toString(8)} ${content}`];
      }),
  );
}

function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
}

const REAL_SENDER = "whatsapp:+15005550001";

/** What Twilio has of the sender, as a test may look at it. */
function withSender({ twilio }: DoctorStage, callbackUrl: string | null) {
  const posted: unknown[] = [];
  const webhook: { callback_url: string | null } = { callback_url: callbackUrl };
  twilio.intercept((req, res) => {
    if (!req.url?.startsWith("/v2/Channels/Senders")) return false;
    const sender = () => ({ sid: "XE1", sender_id: REAL_SENDER, status: "ONLINE", webhook });
    const answer = (status: number, value: object) => {
      res.writeHead(status, { "content-type": "application/json" });
      res.end(JSON.stringify(value));
    };
    if (req.method === "GET") {
      answer(200, {
        senders: [sender()],
        meta: { page: 0, page_size: 50, key: "senders", next_page_url: null },
      });
      return true;
    }
    let body = "";
    req.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    req.on("end", () => {
      const change = JSON.parse(body) as { webhook: { callback_url: string } };
      posted.push(change);
      webhook.callback_url = change.webhook.callback_url;
      answer(202, sender());
    });
    return true;
  });
  return { posted, webhook };
}

interface Repair {
  readonly fault: string;
  readonly plant: (stage: DoctorStage) => unknown;
  readonly check: string;
  readonly fixed: RegExp;
  readonly alsoFixed?: RegExp;
  /** The only files that may differ afterwards, from the stage's folder. */
  readonly changes: readonly string[];
}

const SETTINGS = "home-of-ann/.claude/settings.json";
const STRANGERS = { type: "command", command: "notify-send done" };

const REPAIRS: readonly Repair[] = [
  {
    fault: ".env readable by others",
    plant: ({ envFile }) => chmodSync(envFile, 0o664),
    check: ".env",
    fixed: /^made .*\.env readable by its owner only$/,
    changes: [".env"],
  },
  {
    fault: ".env not ignored by git",
    plant: ({ folder }) => writeFileSync(join(folder, ".gitignore"), "# mine\ndata/"),
    check: ".env",
    fixed: /^added it to .*\.gitignore$/,
    changes: [".gitignore"],
  },
  {
    fault: "database readable by others",
    // SQLite gives an empty log the mode of its database when somebody opens it: here both are planted.
    plant({ folder }) {
      for (const name of ["approvals.db", "approvals.db-wal"]) chmodSync(join(folder, "data", name), 0o644);
    },
    check: "database",
    fixed: /^made .*approvals\.db its owner's alone \(600\)$/,
    alsoFixed: /^made .*approvals\.db-wal its owner's alone \(600\)$/,
    changes: ["data/approvals.db", "data/approvals.db-wal"],
  },
  {
    fault: "data folder writable by others",
    plant: ({ folder }) => chmodSync(join(folder, "data"), 0o777),
    check: "database",
    fixed: /^made .*data its owner's alone \(700\)$/,
    changes: ["data"],
  },
  {
    fault: "hooks of another port beside somebody else's",
    plant: ({ settingsFile, serverPort }) => {
      const settings = JSON.parse(readFileSync(settingsFile, "utf8").replaceAll(`:${serverPort}'`, ":9'"));
      settings.hooks.Stop.unshift({ hooks: [STRANGERS] });
      writeFileSync(settingsFile, JSON.stringify({ model: "opus", ...settings }, null, 2));
    },
    check: "hooks",
    fixed: /^put the current hooks in the place of the old ones in .*settings\.json$/,
    changes: [SETTINGS, `${SETTINGS}.before-approval-server`],
  },
];

it.each(REPAIRS)(
  "$fault: is put right, and nothing else is touched",
  async ({ plant, check, fixed, alsoFixed, changes }) => {
    const stage = await startDoctorStage();
    await plant(stage);
    const before = snapshot(stage);
    const looked = await stage.findings();
    expect(changesBetween(before, snapshot(stage))).toEqual([]);
    expect(looked.find(({ description }) => description === check)).toMatchObject({ fixable: true });

    const found = (await stage.findings("--fix")).find(({ description }) => description === check);
    const said = [fixed, ...(alsoFixed === undefined ? [] : [alsoFixed])];
    expect(found).toMatchObject({ status: "ok", fixed: said.map((each) => expect.stringMatching(each)) });
    const changed = changesBetween(before, snapshot(stage));
    expect(changed.filter((path) => !changes.includes(path))).toEqual([]);
    expect(changed).toContain(changes[0]);

    const { code, out } = await stage.doctor(["--fix"]);
    expect(out).toMatch(/Everything is in order\.\n$/);
    expect(out).not.toContain("✓");
    expect(code).toBe(0);
  },
);

it("keeps what others have in the settings of Claude Code", async () => {
  const stage = await startDoctorStage();
  await REPAIRS[4]?.plant(stage);
  await stage.findings("--fix");
  const settings = JSON.parse(readFileSync(stage.settingsFile, "utf8"));
  expect(settings.model).toBe("opus");
  expect(settings.hooks.Stop[0]).toEqual({ hooks: [STRANGERS] });
  expect(JSON.stringify(settings)).not.toContain(":9/");
});

it("makes the templates that are missing, and leaves the changed one where it is", async () => {
  const stage = await startDoctorStage();
  const { contents } = stage.client.content.v1;
  const before = await contents.list();
  await contents(before[0]?.sid ?? "").remove();
  const found = (await stage.findings("--fix")).find(({ description }) => description === "templates");
  expect(found).toMatchObject({ status: "ok", fixed: [expect.stringMatching(/^made the template \w+$/)] });
  const after = await contents.list();
  expect(after).toHaveLength(before.length);
  const kept = before.slice(1).map(({ sid }) => sid);
  expect(after.map(({ sid }) => sid)).toEqual(expect.arrayContaining(kept));
});

it("sets a sender's webhook where there is none", async () => {
  const stage = await startDoctorStage({ settings: { TWILIO_WHATSAPP_FROM: REAL_SENDER } });
  const { posted } = withSender(stage, null);
  const url = `${stage.tunnel.url}/twilio-webhook`;
  const found = (await stage.findings("--fix")).find(({ description }) => description === "WhatsApp sender");
  expect(found).toMatchObject({ status: "ok", fixed: [`set the webhook of +15005550001 to ${url}`] });
  expect(posted).toEqual([{ webhook: { callback_url: url, callback_method: "POST" } }]);
});

it("leaves a sender's webhook that leads elsewhere, and says so", async () => {
  const stage = await startDoctorStage({ settings: { TWILIO_WHATSAPP_FROM: REAL_SENDER } });
  const { posted } = withSender(stage, "https://old.example/sms");
  const found = (await stage.findings("--fix")).find(({ description }) => description === "WhatsApp sender");
  expect(found).toMatchObject({ status: "warning" });
  expect(found).not.toHaveProperty("fixed");
  expect(posted).toEqual([]);
});

it.each<[string, (stage: DoctorStage) => unknown]>([
  [
    "a misspelt setting",
    ({ envFile }) => writeFileSync(envFile, `${readFileSync(envFile, "utf8")}VERIFY_REPLYS=off\n`),
  ],
  ["hooks that were never installed", ({ settingsFile }) => writeFileSync(settingsFile, '{"hooks":{}}')],
  [
    "a .env in the repository",
    ({ folder }) => void execFileSync("git", ["add", "--force", ".env"], { cwd: folder }),
  ],
])("leaves %s to the person", async (_, plant) => {
  const stage = await startDoctorStage();
  await plant(stage);
  const before = snapshot(stage);
  const { out } = await stage.doctor(["--fix"]);
  expect(changesBetween(before, snapshot(stage))).toEqual([]);
  expect(out).not.toContain("✓");
});

it("does not write through a .gitignore that is a link", async () => {
  const stage = await startDoctorStage();
  const target = join(stage.home, ".bashrc");
  writeFileSync(target, "alias ll=ls\n");
  rmSync(join(stage.folder, ".gitignore"));
  symlinkSync(target, join(stage.folder, ".gitignore"));
  const found = (await stage.findings("--fix")).find(({ description }) => description === ".env");
  expect(found).toMatchObject({
    status: "error",
    detail: expect.stringMatching(/is a link: it was not touched$/),
  });
  expect(readFileSync(target, "utf8")).toBe("alias ll=ls\n");
});

it("makes nothing for a home that is empty", async () => {
  const stage = await startDoctorStage({ isServerUp: false });
  await stage.doctor(["--fix"]);
  expect(existsSync(join(stage.folder, "data"))).toBe(false);
});

it("says what was done, a line each, and offers it before", async () => {
  const stage = await startDoctorStage();
  chmodSync(stage.envFile, 0o644);
  expect((await stage.doctor()).out).toContain(
    "1 warning.\nOf these, 1 can be put right by: npm run doctor -- --fix\n",
  );
  expect((await stage.doctor(["--fix"])).out).toMatch(/^ok +\.env .*\n(?: .*\n)*? +✓ made /m);
});
