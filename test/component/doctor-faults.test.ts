// Each fault that doctor is there to find: planted alone, in a world where everything else is in order. The right check must
// name it, with what to do, and no other check may raise an alarm beside it.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { homeIn } from "../../src/config/home.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { runHere } from "../helpers/command-line.ts";
import {
  DOCTORS_PHONE,
  type DoctorStage,
  type DoctorStageOptions,
  KEY_SECRET,
  KEY_SID,
  startDoctorStage,
} from "../helpers/doctor-stage.ts";
import { decideOne } from "../helpers/event-stage.ts";
import { startStage } from "../helpers/server-stage.ts";
import { ACCOUNT, SENDER, TOKEN } from "../helpers/simulator-world.ts";

interface Fault {
  readonly fault: string;
  readonly stage?: DoctorStageOptions;
  readonly plant?: (stage: DoctorStage) => unknown;
  readonly check: string;
  readonly status: "warning" | "error";
  /** What is said; the fix after the arrow. */
  readonly says: RegExp;
  readonly advice: RegExp;
}

/** Said beside the fault where the server is down, and rightly. */
const SERVER_DOWN = "hooks";

const KEY = { TWILIO_API_KEY_SID: KEY_SID, TWILIO_API_KEY_SECRET: KEY_SECRET };
/** No account: the simulated phone. */
const NO_TWILIO = {
  TWILIO_ACCOUNT_SID: undefined,
  TWILIO_AUTH_TOKEN: undefined,
  TWILIO_BASE_URL: undefined,
  PUBLIC_URL: undefined,
  SIMULATOR_PORT: "0",
};
const PLUGIN_ON = '{"enabledPlugins":{"approvals@whatsapp-approval-server":true}}';
const REAL_SENDER = "whatsapp:+15005550001";
const ANOTHER_TOKEN = "fedcba9876543210fedcba9876543210";

function writeGateway(folder: string, mcpServers: unknown, mode = 0o600): void {
  writeFileSync(join(folder, "gateway.json"), JSON.stringify({ mcpServers }), { mode });
}

const TWILIO_FAULTS: readonly Fault[] = [
  {
    fault: "wrong token",
    stage: { settings: { TWILIO_AUTH_TOKEN: ANOTHER_TOKEN }, serverSettings: { TWILIO_AUTH_TOKEN: TOKEN } },
    check: "Twilio account",
    status: "error",
    says: /account SID and token do not match/,
    advice: /Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN again/,
  },
  {
    fault: "an API key's secret as token",
    stage: { settings: { TWILIO_AUTH_TOKEN: KEY_SECRET }, serverSettings: { TWILIO_AUTH_TOKEN: TOKEN } },
    check: "Twilio account",
    status: "error",
    says: /is no auth token .* API key's secret/,
    advice: /TWILIO_API_KEY_SECRET/,
  },
  {
    fault: "the set API key's secret as token",
    stage: {
      settings: { ...KEY, TWILIO_AUTH_TOKEN: KEY_SECRET },
      serverSettings: { TWILIO_AUTH_TOKEN: TOKEN },
    },
    check: "Twilio account",
    status: "error",
    says: /it is the secret of the API key/,
    advice: /Copy TWILIO_AUTH_TOKEN/,
  },
  {
    fault: "another account's token behind a tunnel",
    stage: { settings: { ...KEY, TWILIO_AUTH_TOKEN: ANOTHER_TOKEN } },
    check: "Twilio account",
    status: "error",
    says: /another account's, or an old one: the API key is accepted/,
    advice: /the token of TWILIO_ACCOUNT_SID/,
  },
  {
    fault: "API key that is not accepted",
    stage: { settings: { ...KEY, TWILIO_API_KEY_SECRET: "WrongSecretOfTheKeyWith32Letters" } },
    check: "Twilio API key",
    status: "error",
    says: /do not match/,
    advice: /Copy/,
  },
  {
    fault: "Twilio out of reach",
    stage: { settings: { TWILIO_BASE_URL: "http://127.0.0.1:9" } },
    check: "Twilio account",
    status: "error",
    says: /connection to Twilio failed \(ECONNREFUSED\)/,
    advice: /network/,
  },
  {
    fault: "sender not in the account",
    stage: { settings: { TWILIO_WHATSAPP_FROM: REAL_SENDER } },
    plant: ({ twilio }) => twilio.intercept(answerSenders([])),
    check: "WhatsApp sender",
    status: "error",
    says: /this account has no WhatsApp sender \+15005550001/,
    advice: /TWILIO_WHATSAPP_FROM/,
  },
  {
    fault: "sender's webhook not set",
    stage: { settings: { TWILIO_WHATSAPP_FROM: REAL_SENDER } },
    plant: ({ twilio }) => twilio.intercept(answerSenders([{ webhook: null }])),
    check: "WhatsApp sender",
    status: "error",
    says: /has no webhook: no reply comes in/,
    advice: /"When a message comes in": http.*\/twilio-webhook, POST/,
  },
  {
    fault: "sender's webhook elsewhere",
    stage: { settings: { TWILIO_WHATSAPP_FROM: REAL_SENDER } },
    plant: ({ twilio }) =>
      twilio.intercept(
        answerSenders([{ webhook: { callback_url: "https://ann:secret@old.example/sms?key=1" } }]),
      ),
    check: "WhatsApp sender",
    status: "warning",
    says: /messages go elsewhere: https:\/\/old\.example\/sms$/,
    advice: /Set "When a message comes in"/,
  },
  {
    fault: "phone one digit short",
    stage: { settings: { APPROVAL_PHONE: DOCTORS_PHONE.slice(0, -1) } },
    check: "phones",
    status: "error",
    says: /too few digits for a number of US, and no message came from it/,
    advice: /Set APPROVAL_PHONE/,
  },
  {
    fault: "phone with a digit too much",
    stage: { settings: { APPROVAL_PHONE: `${DOCTORS_PHONE}6` } },
    check: "phones",
    status: "error",
    says: /too many digits for a number of US/,
    advice: /Set APPROVAL_PHONE/,
  },
  {
    fault: "phone that never wrote",
    stage: { joinedHours: undefined },
    check: "phones",
    status: "warning",
    says: /…0006: not known, no message came from it/,
    advice: /Send join <two words>.*APPROVAL_PHONE/s,
  },
  {
    fault: "phone not joined",
    stage: { joinedHours: undefined },
    plant: async ({ simulator, client }) => {
      simulator.leaveSandbox(DOCTORS_PHONE);
      await client.messages.create({ from: SENDER, to: `whatsapp:${DOCTORS_PHONE}`, body: "hello" });
      await simulator.waitForMessage(({ errorCode }) => errorCode === 63015);
    },
    check: "phones",
    status: "error",
    says: /has not joined the WhatsApp Sandbox.*63015/,
    advice: /Send join <two words>/,
  },
  {
    fault: "Sandbox about to run out",
    stage: { joinedHours: 60, wroteHours: 1 },
    check: "phones",
    status: "warning",
    says: /join again within 12 h/,
    advice: /Send join <two words>/,
  },
  {
    fault: "Sandbox run out",
    stage: { joinedHours: 80, wroteHours: 1 },
    plant: ({ databasePath }) => {
      const hour = 3_600_000;
      const database = keep(new Database(databasePath));
      keep(
        database.prepare(
          "INSERT OR REPLACE INTO contacts (phone, last_inbound_at, joined_at) VALUES (?, ?, ?)",
        ),
      ).run(DOCTORS_PHONE, Date.now() - hour, Date.now() - 80 * hour);
      database.close();
    },
    check: "phones",
    status: "error",
    says: /which holds for 3 days/,
    advice: /Send join <two words>/,
  },
  {
    fault: "session window closed",
    stage: { joinedHours: 30, wroteHours: 30 },
    check: "phones",
    status: "warning",
    says: /closed: send any message/,
    advice: /Send any message from that phone/,
  },
  {
    fault: "template missing",
    plant: async ({ client }) => {
      const [first] = await client.content.v1.contents.list({ limit: 1 });
      await client.content.v1.contents(first?.sid ?? "").remove();
    },
    check: "templates",
    status: "warning",
    says: /^1 of \d+ are not in the account: \w+\n/,
    advice: /npm run setup-template/,
  },
  {
    fault: "template changed at Twilio",
    plant: async ({ client, simulator }) => {
      const [first] = await client.content.v1.contents.list({ limit: 1 });
      const answer = await fetch(`${simulator.url}/v1/Content/${first?.sid}`, {
        method: "PUT",
        headers: { "content-type": "application/json", authorization: signIn },
        body: JSON.stringify({
          friendly_name: first?.friendlyName,
          language: "en",
          variables: first?.variables,
          types: {
            "twilio/quick-reply": {
              body: "Approve this: {{1}} {{2}} {{3}}",
              actions: [{ title: "OK", id: "approve:{{1}}" }],
            },
          },
        }),
      });
      expect(answer.status).toBe(200);
    },
    check: "templates",
    status: "warning",
    says: /^1 of \d+ are changed at Twilio, and not used as they are: \w+\n/,
    advice: /npm run setup-template/,
  },
  {
    fault: "template rejected",
    plant: async ({ twilio, env, folder, envFile }) => {
      const context = { env, folder, envFile, home: homeIn(folder), current: folder };
      expect((await runHere(["setup-template", "--submit"], context)).code).toBe(0);
      twilio.intercept((req, res) => {
        if (!req.url?.endsWith("/ApprovalRequests")) return false;
        answerJson(res, {
          sid: "HX1",
          whatsapp: { status: "rejected", rejection_reason: "TAG_CONTENT_MISMATCH" },
        });
        return true;
      });
    },
    check: "templates",
    status: "warning",
    says: /\d+ rejected/,
    advice: /See why in Twilio Console/,
  },
  {
    fault: "PUBLIC_URL to another program",
    plant: ({ tunnel }) =>
      tunnel.intercept((_req, res) => {
        res.end("Welcome to nginx!");
        return true;
      }),
    check: "public address",
    status: "error",
    says: /leads to something else/,
    advice: /Point the tunnel or proxy of PUBLIC_URL to WEBHOOK_PORT/,
  },
  {
    fault: "PUBLIC_URL to another approval server",
    plant: async ({ tunnel }) => {
      const other = await startStage();
      tunnel.leadTo(Number(new URL(other.server.webhookUrl).port));
    },
    check: "public address",
    status: "error",
    says: /leads to an approval server, but not to this one/,
    advice: /Stop that server, or point the tunnel/,
  },
  {
    fault: "PUBLIC_URL to somebody who copies the answer of an approval server",
    plant: ({ tunnel }) =>
      tunnel.intercept((_req, res) => {
        res.end("The approval server is reachable here. Twilio posts to this address.\nProof: undefined\n");
        return true;
      }),
    check: "public address",
    status: "error",
    says: /leads to an approval server, but not to this one/,
    advice: /Stop that server/,
  },
  {
    fault: "PUBLIC_URL that redirects",
    plant: ({ tunnel }) =>
      tunnel.intercept((_req, res) => {
        res.writeHead(301, { location: "/elsewhere" }).end();
        return true;
      }),
    check: "public address",
    status: "error",
    says: /redirects/,
    advice: /WEBHOOK_PORT/,
  },
  {
    fault: "PUBLIC_URL with a tunnel to the wrong port",
    plant: ({ tunnel }) => tunnel.leadTo(9),
    check: "public address",
    status: "error",
    says: /answers with HTTP 502/,
    advice: /WEBHOOK_PORT/,
  },
  {
    fault: "signature wrong: the server was started with another address",
    stage: { serverSettings: { PUBLIC_URL: "http://127.0.0.1:9" } },
    check: "signature",
    status: "error",
    says: /refuses what is signed for .* \(403\)/,
    advice: /Restart it.*log names the address/,
  },
  {
    fault: "signature wrong: the server was started with another token",
    stage: { settings: KEY, serverSettings: { ...KEY, TWILIO_AUTH_TOKEN: ANOTHER_TOKEN } },
    check: "signature",
    status: "error",
    says: /another PUBLIC_URL or TWILIO_AUTH_TOKEN/,
    advice: /Restart it/,
  },
  {
    fault: "a proxy that loses POST",
    plant: ({ tunnel }) =>
      tunnel.intercept((req, res) => {
        if (req.method !== "POST") return false;
        res.writeHead(405).end();
        return true;
      }),
    check: "signature",
    status: "error",
    says: /a signed POST to .* is answered with HTTP 405/,
    advice: /pass POST on/,
  },
];

/** A folder with one script that is in order. */
function plantScript(folder: string): string {
  const tools = join(folder, "tools");
  mkdirSync(tools, { recursive: true, mode: 0o755 });
  writeFileSync(join(tools, "deploy.sh"), "#!/bin/sh\n");
  chmodSync(join(tools, "deploy.sh"), 0o755);
  writeFileSync(join(tools, "deploy.json"), '{"description":"Deploys."}');
  return tools;
}

const SCRIPT_FAULTS: readonly Fault[] = [
  {
    fault: "a script that others may write",
    plant: ({ folder }) => chmodSync(join(plantScript(folder), "deploy.sh"), 0o777),
    check: "scripts",
    status: "warning",
    says: /deploy\.sh can be written by others/,
    advice: /Correct what is named here/,
  },
  {
    fault: "a script without its settings, and settings without their script",
    plant: ({ folder }) => {
      const tools = plantScript(folder);
      writeFileSync(join(tools, "lost.json"), '{"description":"x"}');
      writeFileSync(join(tools, "bare.sh"), "");
    },
    check: "scripts",
    status: "warning",
    says: /deploy is offered\n.*bare\.sh has no bare\.json beside it\nlost\.json has no script beside it/,
    advice: /Correct what is named here/,
  },
  {
    fault: "a folder of scripts that others may write",
    plant: ({ folder }) => chmodSync(plantScript(folder), 0o777),
    check: "scripts",
    status: "error",
    says: /no script is offered: .*tools can be written by others/,
    advice: /Only you and root/,
  },
  {
    fault: "a folder of scripts that is not there",
    stage: { settings: { TOOLS_DIR: "elsewhere" } },
    check: "scripts",
    status: "error",
    says: /elsewhere does not exist/,
    advice: /unset TOOLS_DIR/,
  },
  {
    fault: "a folder of scripts in a project",
    stage: { settings: { TOOLS_DIR: "web-shop/tools" } },
    plant: ({ folder }) => {
      plantScript(join(folder, "web-shop"));
      mkdirSync(join(folder, "web-shop", ".claude"));
    },
    check: "scripts",
    status: "warning",
    says: /it lies in the project .*web-shop: who works there can change a script/,
    advice: /Move it out of every project/,
  },
];

const LOCAL_FAULTS: readonly Fault[] = [
  ...SCRIPT_FAULTS,
  {
    fault: "port taken by another program",
    stage: { isServerUp: false },
    plant: ({ webhookPort }) => occupy(webhookPort),
    check: "ports",
    status: "error",
    says: new RegExp(`WEBHOOK_PORT \\d+: taken by another program \\(.+, process ${process.pid}\\)`),
    advice: /Stop that program or set WEBHOOK_PORT/,
  },
  {
    fault: "another home's server on the port",
    stage: { serverSettings: { APPROVAL_DB: "other/approvals.db" } },
    check: "ports",
    status: "error",
    says: /SERVER_PORT \d+: another approval server is running, with the database .*other\/approvals\.db \(process \d+\)/,
    advice: /Stop that one, or set SERVER_PORT/,
  },
  {
    fault: "second server on the same database",
    stage: { serverSettings: { SERVER_PORT: "0", WEBHOOK_PORT: "0" } },
    check: "second server",
    status: "error",
    says: new RegExp(
      `is in use by an approval server that does not answer on SERVER_PORT, process ${process.pid}`,
    ),
    advice: /Stop that one/,
  },
  {
    fault: ".env readable by others",
    plant: ({ envFile }) => chmodSync(envFile, 0o644),
    check: ".env",
    status: "warning",
    says: /other users of this machine may read it \(mode 644\)/,
    advice: /chmod 600/,
  },
  {
    fault: ".env not ignored by git",
    plant: ({ folder }) => writeFileSync(join(folder, ".gitignore"), "data/\n"),
    check: ".env",
    status: "warning",
    says: /git does not ignore it/,
    advice: /Add \.env to .*\.gitignore/,
  },
  {
    fault: ".env in the repository",
    plant: ({ folder }) => void execFileSync("git", ["add", "--force", ".env"], { cwd: folder }),
    check: ".env",
    status: "error",
    says: /it is in the git repository/,
    advice: /make new tokens/,
  },
  {
    fault: "misspelt setting",
    plant: ({ envFile }) =>
      writeFileSync(envFile, `${readFileSync(envFile, "utf8")}APPROVAL_TIMEOUT_SECOND=60\n`),
    check: "setting names",
    status: "warning",
    says: /APPROVAL_TIMEOUT_SECOND .* did you mean APPROVAL_TIMEOUT_SECONDS/,
    advice: /Correct it in/,
  },
  {
    fault: "wrong value",
    plant: ({ envFile }) =>
      writeFileSync(envFile, `${readFileSync(envFile, "utf8")}APPROVAL_TIMEOUT_SECONDS=5\n`),
    check: "configuration",
    status: "error",
    says: /APPROVAL_TIMEOUT_SECONDS: must be at least 10/,
    advice: /Set these in/,
  },
  {
    fault: "half-set credentials",
    stage: { isServerUp: false },
    plant: ({ envFile }) => {
      writeFileSync(envFile, readFileSync(envFile, "utf8").replace(/^TWILIO_AUTH_TOKEN=.*\n/m, ""));
    },
    check: "configuration",
    status: "error",
    says: /TWILIO_AUTH_TOKEN: is missing/,
    advice: /Set these in/,
  },
  {
    fault: "database locked",
    stage: { isServerUp: false },
    plant: (stage) => {
      makeDataFolder(stage);
      writeFileSync(stage.databasePath, databaseOf(1), { mode: 0o600 });
      const database = keep(new Database(stage.databasePath));
      database.exec("BEGIN IMMEDIATE");
      onTestFinished(() => void database.close());
    },
    check: "database",
    status: "error",
    says: /another program has locked it/,
    advice: /does not start, or records nothing/,
  },
  {
    fault: "database damaged",
    stage: { isServerUp: false },
    plant: (stage) => {
      makeDataFolder(stage);
      const bytes = databaseOf(40);
      // Behind the first page, which still says what it is.
      bytes.fill(0x5a, 4096 * 2, 4096 * 6);
      writeFileSync(stage.databasePath, bytes, { mode: 0o600 });
    },
    check: "database",
    status: "error",
    says: /it is damaged/,
    advice: /does not start, or records nothing/,
  },
  {
    fault: "event log changed",
    stage: { isServerUp: false },
    plant: async (stage) => {
      makeDataFolder(stage);
      const store = createSqliteStore(stage.databasePath, { secrets: [TOKEN] });
      await decideOne(store, "kqmwa");
      await store.close();
      const database = keep(new Database(stage.databasePath));
      database.exec("DROP TRIGGER events_never_change; UPDATE events SET data = '{}' WHERE seq = 2");
      database.close();
    },
    check: "event log",
    status: "error",
    says: /entry 2/,
    advice: /audit --verify names all/,
  },
  {
    fault: "a log that was kept",
    stage: { isServerUp: false },
    plant: async (stage) => {
      makeDataFolder(stage);
      await createSqliteStore(stage.databasePath, { secrets: [TOKEN] }).close();
      writeFileSync(`${stage.databasePath}-wal.2026-11-30T04-55-01-123Z`, "x", { mode: 0o600 });
    },
    check: "database",
    status: "warning",
    says: /-wal\.2026-11-30T04-55-01-123Z: a log that was kept when something changed the database/,
    advice: /troubleshooting/,
  },
  {
    fault: "no database at all in the file",
    stage: { isServerUp: false },
    plant: (stage) => {
      makeDataFolder(stage);
      writeFileSync(stage.databasePath, "this is no database ".repeat(100), { mode: 0o600 });
    },
    check: "database",
    status: "error",
    says: /it is not a database of this server/,
    advice: /does not start/,
  },
  {
    fault: "database of a newer version",
    stage: { isServerUp: false },
    plant: (stage) => {
      makeDataFolder(stage);
      writeFileSync(stage.databasePath, databaseOf(0, 999), { mode: 0o600 });
    },
    check: "database",
    status: "error",
    says: /written by a newer version \(schema 999/,
    advice: /does not start/,
  },
  {
    fault: "a folder where the database should be",
    stage: { isServerUp: false },
    plant: (stage) => {
      makeDataFolder(stage);
      mkdirSync(stage.databasePath);
    },
    check: "database",
    status: "error",
    says: /it is a folder/,
    advice: /does not start/,
  },
  {
    fault: "database readable by others",
    plant: ({ databasePath }) => chmodSync(databasePath, 0o644),
    check: "database",
    status: "warning",
    says: /others on this machine may read it/,
    advice: /chmod 600/,
  },
  {
    fault: "data folder writable by others",
    plant: ({ folder }) => chmodSync(join(folder, "data"), 0o777),
    check: "database",
    status: "warning",
    says: /may put another database there/,
    advice: /its folder 700/,
  },
  {
    fault: "gateway.json with a wildcard",
    plant: ({ folder }) => writeGateway(folder, { fs: { command: "x", tools: ["*"] } }),
    check: "gateway",
    status: "error",
    says: /mcpServers\.fs\.tools\[0\].*wildcard/,
    advice: /the server does not start with it.*gateway -- check|gateway check/,
  },
  {
    fault: "gateway.json readable by others",
    plant: ({ folder }) => writeGateway(folder, { fs: { command: "x", tools: ["a"] } }, 0o644),
    check: "gateway",
    status: "warning",
    says: /1 server, 1 tool\nother users of this machine may read it/,
    advice: /chmod 600/,
  },
  {
    fault: "Node.js too old",
    stage: { nodeVersion: "v18.20.0" },
    check: "Node.js",
    status: "error",
    says: /^v18\.20\.0 is too old$/,
    advice: /Install Node\.js >=20\.20/,
  },
  {
    fault: "Node.js past its end",
    stage: { nodeVersion: "v21.7.3" },
    check: "Node.js",
    status: "warning",
    says: /no security fixes since 2024-06-01/,
    advice: /^Install Node\.js /,
  },
  {
    fault: "claude missing",
    stage: { claude: undefined },
    check: "Claude Code",
    status: "warning",
    says: /claude is not in the PATH/,
    advice: /Install it/,
  },
  {
    fault: "tasks without a claude that starts",
    stage: {
      settings: { TASKS: "on", TASK_DIRS: "/usr/share", CLAUDE_BIN: "/nowhere/claude" },
    },
    check: "tasks",
    status: "error",
    says: /TASKS is on, and \/nowhere\/claude --version failed/,
    advice: /Set CLAUDE_BIN/,
  },
  {
    fault: "claude too old",
    stage: { claude: "2.1.99 (Claude Code)" },
    check: "Claude Code",
    status: "warning",
    says: /2\.1\.99 is older than 2\.1\.207: it denies large calls/,
    advice: /claude update/,
  },
  {
    fault: "claude too old for hooks in print mode",
    stage: { claude: "2.1.267 (Claude Code)" },
    check: "Claude Code",
    status: "warning",
    says: /2\.1\.267 is older than 2\.1\.268: its hooks do not ask in print mode/,
    advice: /claude update/,
  },
  {
    fault: "hooks missing",
    plant: ({ settingsFile }) => writeFileSync(settingsFile, "{}\n"),
    check: "hooks",
    status: "warning",
    says: /not installed/,
    advice: /npm run hooks -- install/,
  },
  {
    fault: "hooks stale: one is gone",
    plant: ({ settingsFile }) => {
      const settings = JSON.parse(readFileSync(settingsFile, "utf8"));
      delete settings.hooks.Stop;
      writeFileSync(settingsFile, JSON.stringify(settings));
    },
    check: "hooks",
    status: "warning",
    says: /older than this version or its settings, or some are missing/,
    advice: /npm run hooks -- install/,
  },
  {
    fault: "hooks stale: none waits for the next instruction",
    stage: { settings: { CONTINUE_MINUTES: "30" } },
    plant: ({ settingsFile }) => {
      const settings = JSON.parse(readFileSync(settingsFile, "utf8"));
      settings.hooks.Stop[0].hooks.pop();
      writeFileSync(settingsFile, JSON.stringify(settings));
    },
    check: "hooks",
    status: "warning",
    says: /older than this version or its settings, or some are missing/,
    advice: /npm run hooks -- install/,
  },
  {
    fault: "a wait for the next instruction where no reply can be seen to be one",
    stage: { settings: { CONTINUE_MINUTES: "30", PUBLIC_URL: undefined } },
    check: "instructions",
    status: "warning",
    says: /CONTINUE_MINUTES has no effect: replies are fetched/,
    advice: /docs\/setup\.md/,
  },
  {
    fault: "hooks of another port",
    plant: ({ settingsFile, serverPort }) =>
      writeFileSync(settingsFile, readFileSync(settingsFile, "utf8").replaceAll(`:${serverPort}'`, ":9'")),
    check: "hooks",
    status: "warning",
    says: /they ask http:\/\/127\.0\.0\.1:9, and the server is at http:\/\/127\.0\.0\.1:\d+/,
    advice: /npm run hooks -- install/,
  },
  {
    fault: "settings of Claude Code that are no JSON",
    plant: ({ settingsFile }) => writeFileSync(settingsFile, "{ hooks: oops"),
    check: "hooks",
    status: "warning",
    says: /settings\.json is not valid JSON$/,
    advice: /Correct the file/,
  },
  {
    fault: "hooks installed and server down",
    stage: { isServerUp: false, settings: { ...NO_TWILIO } },
    check: "hooks",
    status: "warning",
    says: /no server answers at http:\/\/127\.0\.0\.1:\d+/,
    advice: /npm start/,
  },
  {
    fault: "MCP entry of another port",
    stage: { env: { SERVER_PORT: undefined } },
    check: "MCP entry",
    status: "warning",
    says: /leads to port 8000, and the server is at \d+/,
    advice: /SERVER_PORT=\d+ in the shell that runs claude/,
  },
  {
    fault: "MCP entry without the token",
    stage: { settings: { APPROVAL_TOKEN: "a-token-of-the-test-0123456789" } },
    check: "MCP entry",
    status: "warning",
    says: /brings no token that the server takes/,
    advice: /Set APPROVAL_TOKEN in the shell/,
  },
  {
    fault: "the project's MCP entry with a short timeout",
    plant: ({ folder, serverPort }) =>
      writeFileSync(join(folder, ".mcp.json"), entry(serverPort, { timeout: 60_000 })),
    check: "MCP entry",
    status: "warning",
    says: /\.mcp\.json: its timeout \(60000\) is shorter/,
    advice: /"timeout": \d+/,
  },
  {
    fault: "the user's MCP entry of another port",
    plant: ({ home }) => writeFileSync(join(home, ".claude.json"), entry(9000)),
    check: "MCP entry",
    status: "warning",
    says: /\.claude\.json: leads to port 9000/,
    advice: /SERVER_PORT/,
  },
  {
    fault: "the user's MCP entry at another address",
    plant: ({ home }) =>
      writeFileSync(join(home, ".claude.json"), entry(9000, { url: "https://example.com/mcp" })),
    check: "MCP entry",
    status: "warning",
    says: /leads to https:\/\/example\.com\/mcp/,
    advice: /Set its url to http:\/\/127/,
  },
];

const signIn = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64")}`;

function entry(port: number, more: object = {}): string {
  const server = {
    type: "http",
    url: `http://127.0.0.1:${port}/mcp?project=\${PWD}`,
    timeout: 3_900_000,
    ...more,
  };
  return JSON.stringify({ mcpServers: { "approval-server": server } });
}

function makeDataFolder({ folder }: DoctorStage): void {
  mkdirSync(join(folder, "data"), { recursive: true, mode: 0o700 });
}

function databaseOf(rows: number, version = 0): Buffer {
  const database = keep(new Database(":memory:"));
  database.exec(`PRAGMA page_size = 4096; CREATE TABLE things (text TEXT); PRAGMA user_version = ${version}`);
  for (let row = 0; row < rows; row += 1) database.exec(`INSERT INTO things VALUES ('${"x".repeat(2000)}')`);
  const bytes = database.serialize();
  database.close();
  return bytes;
}

async function occupy(port: number): Promise<void> {
  const other = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
}

function answerJson(res: ServerResponse, value: object): void {
  res.writeHead(200, { "content-type": "application/json" });
  res.end(JSON.stringify(value));
}

function answerSenders(senders: readonly object[]) {
  return (req: IncomingMessage, res: ServerResponse): boolean => {
    if (!req.url?.startsWith("/v2/Channels/Senders")) return false;
    const all = senders.map((each) => ({ sid: "XE1", sender_id: REAL_SENDER, status: "ONLINE", ...each }));
    answerJson(res, { senders: all, meta: { page: 0, page_size: 50, key: "senders", next_page_url: null } });
    return true;
  };
}

describe("where everything is in order", () => {
  it("each check says so, and nothing is changed", async () => {
    const stage = await startDoctorStage();
    const { code, out, err } = await stage.doctor();
    expect(out).not.toMatch(/^(warning|error|skipped)/m);
    expect(out).toMatch(/Everything is in order\.\n$/);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/signature +what is signed for that address is taken/);
    for (const secret of [TOKEN, DOCTORS_PHONE]) expect(out).not.toContain(secret);
  });

  it("no line is wider than 80 columns, but for one long word", async () => {
    const { out } = await (await startDoctorStage({ joinedHours: undefined })).doctor();
    const wide = out.split("\n").filter(
      (line) =>
        line.length > 80 &&
        line
          .trim()
          .split(" ")
          .every((word) => word.length < 40),
    );
    expect(wide).toEqual([]);
  });
});

it("a closed window is no alarm where WhatsApp has approved every template", async () => {
  const stage = await startDoctorStage({ joinedHours: 30, wroteHours: 30 });
  const { env, folder, envFile } = stage;
  const context = { env, folder, envFile, home: homeIn(folder), current: folder };
  expect((await runHere(["setup-template", "--submit"], context)).code).toBe(0);
  const phones = async () =>
    (await stage.findings()).find(({ description }) => description === "phones")?.status;
  const answerAll = (status: string, but = "") =>
    stage.twilio.intercept((req, res) => {
      if (!req.url?.endsWith("/ApprovalRequests")) return false;
      answerJson(res, {
        sid: "HX1",
        whatsapp: { status: but !== "" && req.url.includes(but) ? "pending" : status },
      });
      return true;
    });
  answerAll("approved");
  expect(await phones()).toBe("ok");
  const contents = await stage.client.content.v1.contents.list();
  const one = contents.find(({ friendlyName }) => friendlyName.includes("_submitted_"));
  answerAll("approved", one?.sid);
  expect(await phones()).toBe("warning");
});

it("takes hooks beside the plugin for no fault: each call is asked about once", async () => {
  const stage = await startDoctorStage();
  const settings = JSON.parse(readFileSync(stage.settingsFile, "utf8"));
  writeFileSync(stage.settingsFile, JSON.stringify({ ...settings, ...JSON.parse(PLUGIN_ON) }));
  const found = (await stage.findings()).find(({ description }) => description === "hooks");
  expect(found).toMatchObject({ status: "ok", detail: expect.stringContaining("one of the two is enough") });
});

describe.each([...TWILIO_FAULTS, ...LOCAL_FAULTS])("$fault", ({ stage: options, plant, ...expected }) => {
  it(`is found by ${expected.check}, and by nothing else`, async () => {
    const stage = await startDoctorStage(options);
    await plant?.(stage);
    const findings = await stage.findings();
    const isDown =
      (options?.isServerUp === false || expected.check === "second server") && expected.check !== SERVER_DOWN;
    const alarms = findings.filter(
      ({ status, description }) =>
        (status === "warning" || status === "error") && !(isDown && description === SERVER_DOWN),
    );
    expect(alarms.map(({ description, status, detail }) => [description, status, detail])).toEqual([
      [expected.check, expected.status, expect.stringMatching(expected.says)],
    ]);
    expect(alarms[0]?.advice).toMatch(expected.advice);
    const said = JSON.stringify(findings);
    for (const secret of [TOKEN, KEY_SECRET, ANOTHER_TOKEN, DOCTORS_PHONE])
      expect(said).not.toContain(secret);
  });
});
