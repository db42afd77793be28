// The set-up of the templates against the simulated Twilio: real SDK, real HTTP, real files.
import { mkdirSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "dotenv";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createContentApi } from "../../src/channels/twilio/templates/content-api.ts";
import {
  type ContentApi,
  ensureTemplates,
  type TemplateApproval,
} from "../../src/channels/twilio/templates/ensure-templates.ts";
import { parseTemplateConfig, toContent } from "../../src/channels/twilio/templates/template-config.ts";
import { createTwilioClient } from "../../src/channels/twilio/twilio-client.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import { runHere } from "../helpers/command-line.ts";
import { createTestTwilio, type TestTwilio } from "../twilio/create-test-twilio.ts";

const ACCOUNT = `AC${"1".repeat(32)}`;
const TOKEN = "simulated-t0ken";
const KEY = `SK${"2".repeat(32)}`;
const SECRET = "simulated-s3cret";
const CONFIG = fileURLToPath(new URL("../../template_config.json", import.meta.url));
const TEMPLATES = parseTemplateConfig(await readFile(CONFIG, "utf8"));
const COUNT = TEMPLATES.length;
const REQUESTS = TEMPLATES.filter(({ key }) => key !== "keep_open");

let simulator: TestTwilio;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "setup-template-"));
  await copyFile(CONFIG, join(folder, "template_config.json"));
  simulator = await createTestTwilio({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    apiKeys: { [KEY]: SECRET },
    sender: "whatsapp:+14155238886",
    phones: ["+15005550006"],
    webhookUrl: () => "http://127.0.0.1:9/twilio-webhook",
    pageDir: folder,
    port: 0,
  });
});

afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

interface RunOptions {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly colour?: boolean;
}

async function run({ argv = [], env = {}, colour = false }: RunOptions = {}) {
  const account = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_BASE_URL: simulator.url };
  return runHere(["setup-template", ...argv], { env: { ...account, ...env }, folder, colour });
}

async function envFile(): Promise<Record<string, string>> {
  return parse(await readFile(join(folder, ".env"), "utf8"));
}

async function editConfig(edit: (text: string) => string): Promise<void> {
  const path = join(folder, "template_config.json");
  await writeFile(path, edit(await readFile(path, "utf8")));
}

async function shippedTemplates() {
  return parseTemplateConfig(await readFile(CONFIG, "utf8"));
}

function contentApi(): ContentApi {
  return createContentApi(
    createTwilioClient({ accountSid: ACCOUNT, authToken: TOKEN, baseUrl: simulator.url }),
  );
}

/** Counts the lines that end in a word. */
function count(text: string, word: string): number {
  return text.split("\n").filter((line) => line.endsWith(word)).length;
}

describe("setting up the templates", () => {
  it("creates every one the first time and writes the SID of the one for a command", async () => {
    const { code, out, err } = await run();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(count(out, "created")).toBe(COUNT);
    const contents = await contentApi().list();
    expect(await envFile()).toEqual({ TWILIO_CONTENT_SID: contents[0]?.sid });
    expect(contents.map(({ friendlyName }) => friendlyName)).toEqual(
      (await shippedTemplates()).map((template) => toContent(template).friendly_name),
    );
    for (const { sid, friendlyName } of contents)
      expect(out).toContain(`${friendlyName.padEnd(44)} ${sid}  created`);
    expect(out).toContain(`to ${join(folder, ".env")}.`);
    expect(out).toMatch(/Next: set APPROVAL_PHONE/);
  });

  it("reuses all of them the second time", async () => {
    await run();
    const before = await envFile();
    const { code, out } = await run({ env: { APPROVAL_PHONE: "+15005550006" } });
    expect(code).toBe(0);
    expect(count(out, "reused")).toBe(COUNT);
    expect(out).toMatch(/Next: npm start/);
    expect(await envFile()).toEqual(before);
    expect(await contentApi().list()).toHaveLength(COUNT);
  });

  it("finds its templates behind many others, on a later page", async () => {
    const api = contentApi();
    const [first] = await shippedTemplates();
    if (first === undefined) throw new Error("no template");
    const other = { ...toContent(first), friendly_name: "somebody_elses" };
    for (let made = 0; made < 101; made += 1) await api.create(other);
    await run();
    expect(count((await run()).out, "reused")).toBe(COUNT);
    expect(await api.list()).toHaveLength(101 + COUNT);
  });

  it("creates one new version after an edit and switches to it, keeping the old one", async () => {
    await run();
    const before = await envFile();
    await editConfig((text) => text.replace("Execute command: `{{command}}`", "Run: `{{command}}`"));
    const { out } = await run();
    expect([count(out, "created"), count(out, "reused")]).toEqual([1, COUNT - 1]);
    const contents = await contentApi().list();
    expect(contents).toHaveLength(COUNT + 1);
    expect(await envFile()).toEqual({ TWILIO_CONTENT_SID: contents.at(-1)?.sid });
    expect(contents.map(({ sid }) => sid)).toContain(before["TWILIO_CONTENT_SID"]);
  });

  it("goes back to the old version when the edit is undone", async () => {
    await run();
    const before = await envFile();
    await editConfig((text) => text.replace("✅ Approve", "✅ Yes"));
    await run();
    await copyFile(CONFIG, join(folder, "template_config.json"));
    expect(count((await run()).out, "reused")).toBe(COUNT);
    expect(await envFile()).toEqual(before);
  });

  it("does not reuse a template that somebody changed in the Console", async () => {
    const [first] = await shippedTemplates();
    if (first === undefined) throw new Error("no template");
    const { types, ...rest } = toContent(first);
    const { body, actions } = types["twilio/quick-reply"];
    await contentApi().create({ ...rest, types: { "twilio/quick-reply": { body: `${body}!`, actions } } });
    expect(count((await run()).out, "created")).toBe(COUNT);
  });

  it("finds what was created when the connection broke half way", async () => {
    const api = contentApi();
    const templates = await shippedTemplates();
    let creates = 0;
    const flaky: ContentApi = {
      ...api,
      create: (payload) => {
        creates += 1;
        if (creates === 3) simulator.fail({ on: "content", kind: "lost" });
        return api.create(payload);
      },
    };
    await expect(ensureTemplates(flaky, templates)).rejects.toThrow(/connection to Twilio failed/);
    const ensured = await ensureTemplates(api, templates);
    expect([...ensured.values()].map(({ created }) => created)).toEqual(
      templates.map((_, index) => index >= 3),
    );
    expect([...ensured.keys()]).toEqual(templates.map(({ key }) => key));
  });
});

describe("the .env file", () => {
  it("keeps its other lines and is readable by its owner only", async () => {
    const path = join(folder, ".env");
    await writeFile(path, "# keys\nFOO='a b' # mine\nTWILIO_CONTENT_SID=HXold\nBAR=1", { mode: 0o644 });
    await run();
    const text = await readFile(path, "utf8");
    const sid = parse(text)["TWILIO_CONTENT_SID"];
    expect(sid).toMatch(/^HX[0-9a-f]{32}$/);
    expect(text).toBe(`# keys\nFOO='a b' # mine\nTWILIO_CONTENT_SID=${sid}\nBAR=1`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("of an older version keeps its SIDs right, and gets no others", async () => {
    await writeFile(join(folder, ".env"), "TWILIO_CONTENT_SID_TOOL_1=HXold\n");
    await run();
    const { TWILIO_CONTENT_SID, TWILIO_CONTENT_SID_TOOL_1, ...rest } = await envFile();
    const sids = (await contentApi().list()).map(({ sid }) => sid);
    expect([sids.indexOf(TWILIO_CONTENT_SID ?? ""), sids.indexOf(TWILIO_CONTENT_SID_TOOL_1 ?? "")]).toEqual([
      0, 3,
    ]);
    expect(rest).toEqual({});
  });

  it("gives the credentials, unless the real environment does", async () => {
    await writeFile(join(folder, ".env"), `TWILIO_AUTH_TOKEN=${TOKEN}\nTWILIO_ACCOUNT_SID=wrong\n`);
    expect((await run({ env: { TWILIO_AUTH_TOKEN: undefined } })).code).toBe(1);
    const real = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_BASE_URL: simulator.url };
    const { code, err } = await runHere(["setup-template"], { env: real, folder });
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  it("is said to be overruled when the environment holds another SID", async () => {
    const { out } = await run({ env: { TWILIO_CONTENT_SID: `HX${"0".repeat(32)}` } });
    expect(out).toMatch(/But TWILIO_CONTENT_SID is also set in the environment/);
  });

  it("is left alone when Twilio fails", async () => {
    await writeFile(join(folder, ".env"), "A=1\n");
    simulator.fail({ on: "content", kind: "reject", httpStatus: 503 });
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toMatch(/Twilio has a problem of its own\.\n {2}Try again/);
    expect(await readFile(join(folder, ".env"), "utf8")).toBe("A=1\n");
  });

  it("that cannot be written leaves the lines on the screen", async () => {
    const { code, err } = await runHere(["setup-template"], {
      env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_BASE_URL: simulator.url },
      folder,
      // The templates are listed just before the file is written.
      out: () => mkdirSync(join(folder, ".env"), { recursive: true }),
    });
    expect(code).toBe(1);
    const [first] = await contentApi().list();
    expect(err).toContain(`TWILIO_CONTENT_SID=${first?.sid}\n`);
  });
});

describe("credentials", () => {
  it("that Twilio refuses end in one clear sentence with advice, without the token", async () => {
    const wrong = "not-the-t0ken";
    const { code, out, err } = await run({ env: { TWILIO_AUTH_TOKEN: wrong } });
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toBe(
      "✗ Twilio did not accept the credentials: account SID and token do not match.\n" +
        "  Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN again from Twilio Console → Account Info; the secret of an API key is not the auth token.\n",
    );
  });

  it.each([
    [
      "no account",
      { TWILIO_ACCOUNT_SID: "" },
      ["TWILIO_ACCOUNT_SID: is missing (Twilio Console → Account Info"],
    ],
    [
      "no token",
      { TWILIO_AUTH_TOKEN: undefined },
      ["TWILIO_AUTH_TOKEN: is missing (Twilio Console → Account Info"],
    ],
    [
      "nothing",
      { TWILIO_ACCOUNT_SID: "", TWILIO_AUTH_TOKEN: "" },
      ["TWILIO_ACCOUNT_SID: is missing", "TWILIO_AUTH_TOKEN: is missing"],
    ],
    ["half an API key", { TWILIO_API_KEY_SID: KEY }, ["TWILIO_API_KEY_SECRET: is missing"]],
    [
      "the other half",
      { TWILIO_AUTH_TOKEN: "", TWILIO_API_KEY_SECRET: SECRET },
      ["TWILIO_API_KEY_SID: is missing"],
    ],
    [
      "an API key for an account",
      { TWILIO_ACCOUNT_SID: KEY },
      ["TWILIO_ACCOUNT_SID: must be AC and 32 hex digits"],
    ],
    ["an address that is none", { TWILIO_BASE_URL: "here" }, ["TWILIO_BASE_URL: must be an http(s) address"]],
  ])("that are half set are named: %s", async (_, env, problems) => {
    const { code, err } = await run({ env });
    expect(code).toBe(1);
    for (const problem of problems) expect(err).toContain(`✗ ${problem}`);
    expect(err.trimEnd().split("\n")).toHaveLength(problems.length);
    expect(err).not.toContain(TOKEN);
    expect(err).not.toContain(SECRET);
  });

  it("may be an API key instead of the auth token", async () => {
    const key = { TWILIO_AUTH_TOKEN: undefined, TWILIO_API_KEY_SID: KEY, TWILIO_API_KEY_SECRET: SECRET };
    expect(await run({ env: key })).toMatchObject({ code: 0, err: "" });
    // The key goes first where both are given.
    expect(
      (await run({ env: { ...key, TWILIO_API_KEY_SECRET: "wrong", TWILIO_AUTH_TOKEN: TOKEN } })).code,
    ).toBe(1);
  });
});

describe("submitting for WhatsApp's approval", () => {
  it("creates the approvable variants, asks once, and switches when they are approved", async () => {
    await run();
    const inSession = await envFile();

    const first = await run({ argv: ["--submit"] });
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(count(first.out, "reused")).toBe(COUNT);
    expect(count(first.out, ": received")).toBe(REQUESTS.length);
    expect(first.out).toMatch(/run npm run setup-template -- --submit again/);
    expect(await envFile()).toEqual(inSession);
    const variants = (await contentApi().list()).slice(COUNT);
    expect(variants.map(({ quickReply }) => quickReply?.actions.map(({ title }) => title))).toEqual(
      REQUESTS.map(({ key }) =>
        key.endsWith("_session") ? ["Approve", "Deny", "Session"] : ["Approve", "Deny"],
      ),
    );

    // The simulated WhatsApp decides between the first look and the second.
    expect(count((await run({ argv: ["--submit"] })).out, ": received")).toBe(REQUESTS.length);
    const decided = await run({ argv: ["--submit"] });
    expect(count(decided.out, ": approved")).toBe(REQUESTS.length);
    expect(decided.out).not.toMatch(/--submit again/);
    expect(await envFile()).toEqual({ TWILIO_CONTENT_SID: variants[0]?.sid });
    expect(await contentApi().list()).toHaveLength(COUNT + REQUESTS.length);
    // Without --submit nothing is switched back.
    await run();
    expect(await envFile()).toEqual({ TWILIO_CONTENT_SID: variants[0]?.sid });
  });

  it("shows why WhatsApp said no, and does not ask again", async () => {
    let submitted = 0;
    const rejecting: ContentApi = {
      ...contentApi(),
      submit: async (): Promise<TemplateApproval> => {
        submitted += 1;
        return { status: "received" };
      },
      approval: async () => ({ status: "rejected", rejectionReason: "too many emoji" }),
    };
    const templates = await shippedTemplates();
    await ensureTemplates(rejecting, templates, { submit: true });
    const ensured = await ensureTemplates(rejecting, templates, { submit: true });
    expect(submitted).toBe(REQUESTS.length);
    for (const { key } of REQUESTS) {
      const { approval, name } = ensured.get(key) ?? { name: "" };
      expect(approval).toMatchObject({ status: "rejected", rejectionReason: "too many emoji" });
      expect(name).not.toContain("submitted");
    }
  });
});

describe("the command", () => {
  it("explains itself", async () => {
    const { code, out } = await run({ argv: ["--help"], env: { TWILIO_ACCOUNT_SID: "" } });
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: npm run setup-template/);
  });

  it("refuses arguments that it does not know", async () => {
    const { code, err } = await run({ argv: ["--sumbit"] });
    expect(code).toBe(64);
    expect(err).toMatch(/--sumbit.*--help/);
  });

  it("takes the package's templates where the person has none of their own", async () => {
    await rm(join(folder, "template_config.json"));
    expect((await run()).code).toBe(0);
    expect(Object.keys(await envFile())).toEqual(["TWILIO_CONTENT_SID"]);
  });

  it("names the templates' file that it cannot read", async () => {
    await rm(join(folder, "template_config.json"));
    await mkdir(join(folder, "template_config.json"));
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain(`${join(folder, "template_config.json")} cannot be read: EISDIR`);
  });

  it("names what is wrong with the templates before it calls Twilio", async () => {
    await editConfig((text) => text.replaceAll("{{reason}}", "{{raeson}}"));
    simulator.fail({ on: "content", kind: "hang" });
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toMatch(/template command: \{\{raeson\}\} is not among the variables/);
    expect(err).toMatch(/template command: the variable reason is never used/);
  });

  it("is coloured only where it may be", async () => {
    const esc = String.fromCharCode(27);
    expect((await run()).out).not.toContain(esc);
    expect((await run({ colour: true })).out).toContain(`${esc}[2mreused`);
  });

  it("never shows the token, whatever goes wrong", async () => {
    const failures = [
      { kind: "reject", httpStatus: 401, code: 20003, message: `no ${"x".repeat(300)}` },
      { kind: "reject", httpStatus: 400, code: 99999, message: "odd\n\u001b[31mthing" },
      { kind: "lost" },
    ] as const;
    for (const failure of failures) {
      simulator.fail({ on: "content", ...failure });
      const { code, out, err } = await run();
      expect(code).toBe(1);
      expect(err.split("\n")).toHaveLength(3);
      expect(out + err).not.toContain(TOKEN);
      expect(out + err).not.toContain(Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64"));
    }
  });
});

describe("the Twilio client", () => {
  it("sends every product to one origin with path and query unchanged", async () => {
    const client = createTwilioClient({
      accountSid: ACCOUNT,
      authToken: TOKEN,
      baseUrl: `${simulator.url}/`,
    });
    const asked: string[] = [];
    client.httpClient.axios.interceptors.request.use((config) => {
      asked.push(`${config.url} ${JSON.stringify(config.params ?? {})}`);
      return config;
    });
    await client.messages.list({ pageSize: 5, limit: 5 });
    await contentOrRefusal(client.content.v1.contents.list({ pageSize: 7 }));
    await contentOrRefusal(
      client.messaging.v2.channelsSenders.list({ channel: "whatsapp", pageSize: 3, limit: 3 }),
    );
    expect(asked).toEqual([
      `${simulator.url}/2010-04-01/Accounts/${ACCOUNT}/Messages.json {"PageSize":5}`,
      `${simulator.url}/v1/Content {"PageSize":7}`,
      `${simulator.url}/v2/Channels/Senders {"Channel":"whatsapp","PageSize":3}`,
    ]);
  });

  it("gives up after its time-out", async () => {
    simulator.fail({ on: "content", kind: "hang" });
    const client = createTwilioClient({
      accountSid: ACCOUNT,
      authToken: TOKEN,
      baseUrl: simulator.url,
      timeoutMs: 50,
    });
    await expect(createContentApi(client).list()).rejects.toThrow(DeliveryError);
  });

  it("does not repeat a call by itself", async () => {
    simulator.fail({ on: "content", kind: "reject", httpStatus: 429 });
    await expect(contentApi().list()).rejects.toMatchObject({ code: 20429 });
    await expect(contentApi().list()).resolves.toEqual([]);
  });

  it("refuses to be built without a password, whatever the process's environment holds", () => {
    expect(() => createTwilioClient({ accountSid: ACCOUNT })).toThrow(/TWILIO_AUTH_TOKEN/);
    expect(() => createTwilioClient({ accountSid: KEY, authToken: TOKEN })).toThrow(/must start with AC/);
  });
});

/** Which products the simulator knows is its own business. */
function contentOrRefusal(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => error);
}
