import { describe, expect, it } from "vitest";
import { parseConfig, SIMULATED_PHONE, secretsOf } from "../../src/config/config.ts";
import { SANDBOX_SENDER } from "../../src/config/environment.ts";
import { ConfigError } from "../../src/domain/errors.ts";

const SID = `AC${"0123456789abcdef".repeat(2)}`;
const KEY_SID = `SK${"0123456789abcdef".repeat(2)}`;
const TOKEN = "the-auth-token-of-this-account";
const REAL = {
  TWILIO_ACCOUNT_SID: SID,
  TWILIO_AUTH_TOKEN: TOKEN,
  APPROVAL_PHONE: "+15005550006",
  PUBLIC_URL: "https://approvals.example",
};

type Env = Readonly<Record<string, string | undefined>>;

/** Every problem of a configuration; none when it is accepted. */
function problemsOf(env: Env): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The variables that the problems are about, in their order. */
const namedIn = (problems: readonly string[]) => problems.map((problem) => problem.split(":")[0]);

function twilioOf(env: Env) {
  const { phone } = parseConfig(env);
  if (phone.kind !== "twilio") throw new Error("it is the simulated phone");
  return phone.twilio;
}

describe("without any settings", () => {
  it("has defaults: loopback, the simulated phone, five minutes", () => {
    expect(parseConfig({})).toEqual({
      host: "127.0.0.1",
      serverPort: 8000,
      webhookPort: 8001,
      namedTokens: new Map(),
      allowedHosts: [],
      allowedOrigins: [],
      limits: { open: 20, perMinute: 60 },
      timeoutMs: 300_000,
      grantMs: 3_600_000,
      hookGraceMs: 15_000,
      keepAlive: true,
      confirm: "all",
      doneMessages: false,
      continueMs: 0,
      showLastWords: false,
      taskDirs: [],
      retentionDays: 0,
      auditHead: false,
      claudeBin: "claude",
      databasePath: "data/approvals.db",
      approvers: [SIMULATED_PHONE],
      people: [{ name: SIMULATED_PHONE, role: "approve", addresses: [SIMULATED_PHONE] }],
      channels: ["whatsapp"],
      pairedAccounts: new Map(),
      escalateAfterMs: 60_000,
      reactions: false,
      userIds: new Map(),
      verifyReplies: "approvals",
      phone: { kind: "simulator", port: 8002, from: SANDBOX_SENDER },
      simulation: { channels: ["whatsapp"], port: 8002 },
      logLevel: "info",
      logFormat: "auto",
    });
  });

  it("takes empty and blank variables for unset ones", () => {
    const blank = {
      TWILIO_ACCOUNT_SID: "",
      TWILIO_AUTH_TOKEN: "  ",
      APPROVAL_PHONE: "\t",
      SERVER_PORT: "",
      HOST: " ",
    };
    expect(parseConfig(blank)).toEqual(parseConfig({}));
  });

  it("ignores what it does not know, and does not keep it", () => {
    expect(parseConfig({ PATH: "/bin", SOME_PASSWORD: "hunter2hunter2" })).toEqual(parseConfig({}));
  });
});

describe("a real account", () => {
  it("needs three settings; without an address and a tunnel the replies are fetched", () => {
    const { PUBLIC_URL, ...three } = REAL;
    expect(twilioOf(three)).toEqual({ accountSid: SID, authToken: TOKEN, from: SANDBOX_SENDER });
    expect(twilioOf({ ...three, PUBLIC_URL: " " })).toEqual(twilioOf(three));
    expect(twilioOf({ ...three, PUBLIC_URL }).publicUrl).toBe(PUBLIC_URL);
  });

  it("may have an address at which Twilio reaches it", () => {
    expect(parseConfig(REAL)).toMatchObject({
      approvers: ["+15005550006"],
      phone: {
        kind: "twilio",
        twilio: { accountSid: SID, authToken: TOKEN, from: SANDBOX_SENDER, publicUrl: REAL.PUBLIC_URL },
      },
    });
  });

  it("may have an API key, a second token, a sender, another origin and spaces around its values", () => {
    const twilio = twilioOf({
      ...REAL,
      TWILIO_AUTH_TOKEN: ` ${TOKEN}\n`,
      TWILIO_AUTH_TOKEN_SECONDARY: "the-second-token",
      TWILIO_API_KEY_SID: KEY_SID,
      TWILIO_API_KEY_SECRET: "the-key-secret",
      TWILIO_WHATSAPP_FROM: "+15005550009",
      TWILIO_BASE_URL: "http://127.0.0.1:4010",
    });
    expect(twilio).toEqual({
      accountSid: SID,
      authToken: TOKEN,
      authTokenSecondary: "the-second-token",
      apiKey: { sid: KEY_SID, secret: "the-key-secret" },
      from: "whatsapp:+15005550009",
      baseUrl: "http://127.0.0.1:4010",
      publicUrl: REAL.PUBLIC_URL,
    });
  });

  it("may open a tunnel instead of having an address", () => {
    const { PUBLIC_URL, ...rest } = REAL;
    const env = { ...rest, NGROK_AUTHTOKEN: "the-ngrok-token", NGROK_DOMAIN: "me.ngrok.app" };
    expect(twilioOf(env).ngrok).toEqual({ authtoken: "the-ngrok-token", domain: "me.ngrok.app" });
    expect(twilioOf({ ...env, NGROK_DOMAIN: "" }).ngrok).toEqual({ authtoken: "the-ngrok-token" });
    expect(twilioOf(env).publicUrl).toBeUndefined();
    expect(PUBLIC_URL).toBe("https://approvals.example");
  });

  it("may not have both: which of them Twilio was given cannot be told", () => {
    expect(problemsOf({ ...REAL, NGROK_AUTHTOKEN: "the-ngrok-token" })).toEqual([
      expect.stringMatching(
        /^NGROK_AUTHTOKEN: is set beside PUBLIC_URL; remove PUBLIC_URL .* or NGROK_AUTHTOKEN/,
      ),
    ]);
    const simulated = { PUBLIC_URL: REAL.PUBLIC_URL, NGROK_AUTHTOKEN: "the-ngrok-token" };
    expect(namedIn(problemsOf(simulated))).toEqual(["NGROK_AUTHTOKEN"]);
  });
});

const NEEDED = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "APPROVAL_PHONE"];
const CREDENTIALS = {
  TWILIO_ACCOUNT_SID: SID,
  TWILIO_AUTH_TOKEN: TOKEN,
  TWILIO_AUTH_TOKEN_SECONDARY: "the-second-token",
  TWILIO_API_KEY_SID: KEY_SID,
  TWILIO_API_KEY_SECRET: "the-key-secret",
};
const ALL = { ...CREDENTIALS, APPROVAL_PHONE: REAL.APPROVAL_PHONE, PUBLIC_URL: REAL.PUBLIC_URL };

/** Every choice of some of the variables. */
function subsets(names: readonly string[]): string[][] {
  return names.reduce<string[][]>((all, name) => all.flatMap((some) => [some, [...some, name]]), [[]]);
}

describe("half-set credentials", () => {
  it.each(
    subsets(Object.keys(ALL))
      .map((set) => ({ set, missing: missingFrom(new Set(set)) }))
      .filter(({ missing }) => missing.length > 0),
  )("with only $set name what is missing: $missing", ({ set, missing }) => {
    const env = Object.fromEntries(Object.entries(ALL).filter(([name]) => set.includes(name)));
    expect(namedIn(problemsOf(env)).sort()).toEqual([...missing].sort());
    for (const problem of problemsOf(env)) expect(problem).toMatch(/^\w+: is missing.{10}/);
  });

  it.each(subsets(Object.keys(ALL)).filter((set) => missingFrom(new Set(set)).length === 0))(
    "never start the simulator: %s",
    (...set) => {
      const env = Object.fromEntries(Object.entries(ALL).filter(([name]) => set.includes(name)));
      const anyCredential = Object.keys(CREDENTIALS).some((name) => set.includes(name));
      expect(parseConfig(env).phone.kind).toBe(anyCredential ? "twilio" : "simulator");
    },
  );

  function missingFrom(set: ReadonlySet<string>): string[] {
    const missing = (names: string[]) => names.filter((name) => !set.has(name));
    const key = missing(["TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET"]);
    const half = key.length === 1 ? key : [];
    if (!Object.keys(CREDENTIALS).some((name) => set.has(name))) return half;
    return [...half, ...missing(NEEDED)];
  }

  it("include a tunnel's domain without its token", () => {
    expect(namedIn(problemsOf({ NGROK_DOMAIN: "me.ngrok.app" }))).toEqual(["NGROK_AUTHTOKEN"]);
  });
});

describe("wrong values", () => {
  it("are all named at once", () => {
    const problems = problemsOf({
      TWILIO_ACCOUNT_SID: "AC123",
      APPROVAL_PHONE: "12345",
      SERVER_PORT: "eighty",
      APPROVAL_TIMEOUT_SECONDS: "5",
      APPROVAL_TOKEN: "short",
      PUBLIC_URL: "example.com",
      LOG_LEVEL: "loud",
    });
    expect(namedIn(problems).sort()).toEqual([
      "APPROVAL_PHONE",
      "APPROVAL_TIMEOUT_SECONDS",
      "APPROVAL_TOKEN",
      "LOG_LEVEL",
      "PUBLIC_URL",
      "SERVER_PORT",
      "TWILIO_ACCOUNT_SID",
      "TWILIO_AUTH_TOKEN",
    ]);
  });

  it("are named together with what is missing and what does not fit, each once", () => {
    const problems = problemsOf({
      TWILIO_ACCOUNT_SID: "AC123",
      TWILIO_API_KEY_SECRET: "the-key-secret",
      APPROVAL_TIMEOUT_SECONDS: "5",
      HOST: "0.0.0.0",
      SERVER_PORT: "9000",
      WEBHOOK_PORT: "9000",
      NGROK_DOMAIN: "me.ngrok.app",
    });
    expect(namedIn(problems).sort()).toEqual([
      "APPROVAL_PHONE",
      "APPROVAL_TIMEOUT_SECONDS",
      "APPROVAL_TOKEN",
      "NGROK_AUTHTOKEN",
      "TWILIO_ACCOUNT_SID",
      "TWILIO_API_KEY_SID",
      "TWILIO_AUTH_TOKEN",
      "WEBHOOK_PORT",
    ]);
  });

  it.each<[Env, string[]]>([
    [{ TWILIO_ACCOUNT_SID: "AC123" }, ["APPROVAL_PHONE", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]],
    [
      { TWILIO_API_KEY_SID: "SK1", TWILIO_API_KEY_SECRET: "x", APPROVAL_PHONE: "me" },
      [...NEEDED, "TWILIO_API_KEY_SID"],
    ],
    [{ HOST: "0.0.0.0", APPROVAL_TOKEN: "short" }, ["APPROVAL_TOKEN"]],
    [{ ...REAL, APPROVAL_PHONE: "me, you" }, ["APPROVAL_PHONE"]],
  ])("count as missing nowhere: %j", (env, names) => {
    expect(namedIn(problemsOf(env)).sort()).toEqual([...names].sort());
  });

  it.each<[Env, string]>([
    [{ ...REAL, TWILIO_ACCOUNT_SID: KEY_SID }, "TWILIO_ACCOUNT_SID"],
    [{ ...REAL, TWILIO_ACCOUNT_SID: `${SID}0` }, "TWILIO_ACCOUNT_SID"],
    [{ ...REAL, TWILIO_ACCOUNT_SID: SID.replace("AC", "ac") }, "TWILIO_ACCOUNT_SID"],
    [{ ...REAL, TWILIO_API_KEY_SID: SID, TWILIO_API_KEY_SECRET: "x" }, "TWILIO_API_KEY_SID"],
    [{ SERVER_PORT: "65536" }, "SERVER_PORT"],
    [{ SERVER_PORT: "-1" }, "SERVER_PORT"],
    [{ SERVER_PORT: "80.5" }, "SERVER_PORT"],
    [{ WEBHOOK_PORT: "8001x" }, "WEBHOOK_PORT"],
    [{ SIMULATOR_PORT: "NaN" }, "SIMULATOR_PORT"],
    [{ HOOK_GRACE_SECONDS: "-1" }, "HOOK_GRACE_SECONDS"],
    [{ HOOK_GRACE_SECONDS: "301" }, "HOOK_GRACE_SECONDS"],
    [{ HOOK_GRACE_SECONDS: "a minute" }, "HOOK_GRACE_SECONDS"],
    [{ DONE_MESSAGES: "yes" }, "DONE_MESSAGES"],
    [{ CONTINUE_MINUTES: "721" }, "CONTINUE_MINUTES"],
    [{ CONTINUE_MINUTES: "1.5" }, "CONTINUE_MINUTES"],
    [{ CONTINUE_MINUTES: "-1" }, "CONTINUE_MINUTES"],
    [{ SHOW_LAST_WORDS: "yes" }, "SHOW_LAST_WORDS"],
    [{ APPROVAL_TIMEOUT_SECONDS: "9" }, "APPROVAL_TIMEOUT_SECONDS"],
    [{ APPROVAL_TIMEOUT_SECONDS: "3601" }, "APPROVAL_TIMEOUT_SECONDS"],
    [{ APPROVAL_TIMEOUT_SECONDS: "5m" }, "APPROVAL_TIMEOUT_SECONDS"],
    [{ APPROVAL_TIMEOUT_SECONDS: "Infinity" }, "APPROVAL_TIMEOUT_SECONDS"],
    [{ APPROVAL_TOKEN: "0123456789abcde" }, "APPROVAL_TOKEN"],
    [{ APPROVAL_TOKENS: "ci" }, "APPROVAL_TOKENS"],
    [{ APPROVAL_TOKENS: "ci:short" }, "APPROVAL_TOKENS"],
    [{ APPROVAL_TOKENS: "0123456789abcdef" }, "APPROVAL_TOKENS"],
    [{ APPROVAL_TOKENS: "CI:0123456789abcdef" }, "APPROVAL_TOKENS"],
    [{ APPROVAL_TOKENS: "a*b:0123456789abcdef" }, "APPROVAL_TOKENS"],
    [{ APPROVAL_TOKENS: "ci:0123456789abcdef," }, "APPROVAL_TOKENS"],
    [{ MAX_OPEN_REQUESTS: "0" }, "MAX_OPEN_REQUESTS"],
    [{ MAX_REQUESTS_PER_MINUTE: "1.5" }, "MAX_REQUESTS_PER_MINUTE"],
    [{ PUBLIC_URL: "approvals.example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "ftp://approvals.example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://approvals.example?" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://approvals.example/?token=1" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://approvals.example/twilio-webhook?" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://approvals.example/twilio-webhook?x=1#rc=5" }, "PUBLIC_URL"],
    [{ TWILIO_BASE_URL: "127.0.0.1:4010" }, "TWILIO_BASE_URL"],
    [{ TWILIO_WHATSAPP_FROM: "whatsapp:4155238886" }, "TWILIO_WHATSAPP_FROM"],
    [{ TWILIO_WHATSAPP_FROM: "sms:+14155238886" }, "TWILIO_WHATSAPP_FROM"],
  ])("are refused: %j", (env, name) => {
    expect(namedIn(problemsOf(env))).toEqual([name]);
  });

  it("never show up in what is said about them", () => {
    const secret = "s3cret-that-must-stay-here";
    const everywhere = Object.fromEntries(
      [
        ...Object.keys(ALL),
        "APPROVAL_TOKEN",
        "NGROK_AUTHTOKEN",
        "NGROK_DOMAIN",
        "HOST",
        "SERVER_PORT",
        "WEBHOOK_PORT",
        "SIMULATOR_PORT",
        "APPROVAL_TIMEOUT_SECONDS",
        "TWILIO_BASE_URL",
        "TWILIO_WHATSAPP_FROM",
        "LOG_LEVEL",
      ].map((name) => [name, secret]),
    );
    const each = Object.keys(everywhere).map((name) => ({ [name]: secret }));
    for (const env of [everywhere, ...each, { APPROVAL_TOKEN: secret.slice(0, 15) }]) {
      const text = problemsOf(env).join("\n");
      expect(text).not.toContain(secret.slice(0, 15));
    }
    expect(problemsOf(everywhere).length).toBeGreaterThan(8);
  });
});

describe("the approvers", () => {
  it.each<[string, string[]]>([
    ["+15005550006", ["+15005550006"]],
    ["whatsapp:+15005550006", ["+15005550006"]],
    [" +1 (500) 555-0006 ", ["+15005550006"]],
    ["+15005550006,+15005550001", ["+15005550006", "+15005550001"]],
    ["+15005550006 , whatsapp:+1 500 555 0001", ["+15005550006", "+15005550001"]],
    ["+15005550006,+1 500 555 0006", ["+15005550006"]],
    // The same person twice, as WhatsApp writes the number and as people do.
    ["+525512345678,+5215512345678", ["+525512345678"]],
    ["+5511987654321,+15005550006,+551187654321", ["+5511987654321", "+15005550006"]],
  ])("%j are %j", (text, approvers) => {
    expect(parseConfig({ APPROVAL_PHONE: text }).approvers).toEqual(approvers);
  });

  it.each([
    "15005550006",
    "005005550006",
    "+0005550006",
    "+1",
    "+150055500061234567",
    "+1500555000a",
    "+15005550006;+15005550001",
    "+15005550006,",
    ",",
    "+15005550006,12345",
    "+44 (0)20 7946 0018",
    "+44(0)2079460018",
    "+44 ( 0 ) 20 7946 0018",
    "+15005550006,+44 (0) 20 7946 0018",
    "whatsapp:+44 (0)20 7946 0018",
    "me",
    "whatsapp:US.1349",
    "+15005550006=",
    "+15005550006=+15005550001",
    "+15005550006=us.1349",
    "+15005550006=US.1349=US.1350",
    "=US.1349",
    // One id for two people, and two ids for one.
    "+15005550006=US.1349,+15005550001=US.1349",
    "+15005550006=US.1349,+15005550006=US.1350",
    "+525512345678=MX.1,+5215512345678=MX.2",
  ])("%j are refused", (text) => {
    expect(namedIn(problemsOf({ APPROVAL_PHONE: text }))).toContain("APPROVAL_PHONE");
  });
});

describe("WhatsApp's ids of approvers", () => {
  it.each<[string, [string, string][]]>([
    ["+15005550006", []],
    ["+15005550006=whatsapp:US.1349", [["+15005550006", "US.1349"]]],
    [" +1 500 555 0006 = US.1349 ,+15005550001", [["+15005550006", "US.1349"]]],
    ["+525512345678,+5215512345678=whatsapp:MX.1", [["+525512345678", "MX.1"]]],
  ])("%j: %j", (text, ids) => {
    const { approvers, userIds } = parseConfig({ APPROVAL_PHONE: text });
    expect([...userIds]).toEqual(ids);
    for (const phone of userIds.keys()) expect(approvers).toContain(phone);
  });
});

describe("which replies are verified", () => {
  it.each(["approvals", "all", "off"])("%s", (text) => {
    expect(parseConfig({ VERIFY_REPLIES: text }).verifyReplies).toBe(text);
  });

  it.each(["", undefined])("approvals, when nothing is set: %j", (text) => {
    expect(parseConfig({ VERIFY_REPLIES: text }).verifyReplies).toBe("approvals");
  });

  it.each(["on", "none", "OFF", "false", "0"])("never by a word that is not known: %s", (text) => {
    expect(namedIn(problemsOf({ VERIFY_REPLIES: text }))).toEqual(["VERIFY_REPLIES"]);
  });
});

describe("the sender", () => {
  it.each(["+15005550009", "whatsapp:+15005550009"])("%s gets exactly one prefix", (text) => {
    expect(parseConfig({ TWILIO_WHATSAPP_FROM: text }).phone).toMatchObject({
      from: "whatsapp:+15005550009",
    });
    expect(twilioOf({ ...REAL, TWILIO_WHATSAPP_FROM: text }).from).toBe("whatsapp:+15005550009");
  });
});

describe("the ports", () => {
  it("must differ: a tunnel to the webhook would expose the local routes", () => {
    expect(namedIn(problemsOf({ SERVER_PORT: "9000", WEBHOOK_PORT: "9000" }))).toEqual(["WEBHOOK_PORT"]);
    expect(namedIn(problemsOf({ SERVER_PORT: "8001" }))).toEqual(["WEBHOOK_PORT"]);
  });

  it.each<[Env, string[]]>([
    [{ SIMULATOR_PORT: "8000" }, ["SIMULATOR_PORT"]],
    [{ SIMULATOR_PORT: "8001" }, ["SIMULATOR_PORT"]],
    [{ SERVER_PORT: "8002" }, ["SIMULATOR_PORT"]],
    [{ WEBHOOK_PORT: "8002" }, ["SIMULATOR_PORT"]],
    [{ WEBHOOK_PORT: "0", SERVER_PORT: "9000", SIMULATOR_PORT: "9000" }, ["SIMULATOR_PORT"]],
    [
      { SERVER_PORT: "9000", WEBHOOK_PORT: "9000", SIMULATOR_PORT: "9000" },
      ["SIMULATOR_PORT", "WEBHOOK_PORT"],
    ],
    [{ SERVER_PORT: "8001", WEBHOOK_PORT: "8002", SIMULATOR_PORT: "8003" }, []],
  ])("of the simulated phone differs from both: %j", (env, names) => {
    expect(namedIn(problemsOf(env)).sort()).toEqual(names);
  });

  it("may all be 0: any that is free", () => {
    const env = { SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0" };
    expect(parseConfig(env)).toMatchObject({ serverPort: 0, webhookPort: 0, phone: { port: 0 } });
  });
});

describe("the host", () => {
  it.each(["127.0.0.1", "localhost", "::1"])("%s needs no token", (host) => {
    expect(parseConfig({ HOST: host }).host).toBe(host);
  });

  it.each(["0.0.0.0", "::", "192.168.1.5", "127.0.0.1.evil.example", "my-machine"])(
    "%s needs a token",
    (host) => {
      expect(namedIn(problemsOf({ HOST: host }))).toEqual(["APPROVAL_TOKEN"]);
      expect(parseConfig({ HOST: host, APPROVAL_TOKEN: "0123456789abcdef" }).token).toBe("0123456789abcdef");
    },
  );
});

describe("the public address", () => {
  it.each([
    "https://approvals.example",
    "https://approvals.example/",
    "https://approvals.example/base/path",
    "https://approvals.example:8443",
    "https://approvals.example#rc=5&rp=all",
  ])("may be %s", (url) => {
    expect(twilioOf({ ...REAL, PUBLIC_URL: url }).publicUrl).toBe(url);
  });

  it.each([
    ["https://approvals.example/twilio-webhook", "https://approvals.example"],
    ["https://approvals.example/twilio-webhook/", "https://approvals.example"],
    ["https://approvals.example/base/twilio-webhook", "https://approvals.example/base"],
    ["https://approvals.example/twilio-webhook#rc=5&rp=all", "https://approvals.example#rc=5&rp=all"],
    ["https://approvals.example/#why?", "https://approvals.example/#why?"],
    ["https://approvals.example/twilio-webhooks", "https://approvals.example/twilio-webhooks"],
    ["https://approvals.example/twilio-webhook/x", "https://approvals.example/twilio-webhook/x"],
    ["https://twilio-webhook.example", "https://twilio-webhook.example"],
    ["https://approvals.example#/twilio-webhook", "https://approvals.example#/twilio-webhook"],
  ])("may be that of the webhook itself: %s", (url, base) => {
    expect(twilioOf({ ...REAL, PUBLIC_URL: url }).publicUrl).toBe(base);
  });
});

describe("the waiting time", () => {
  it.each([
    ["10", 10_000],
    ["3600", 3_600_000],
  ])("of %s seconds is %i ms", (text, ms) => {
    expect(parseConfig({ APPROVAL_TIMEOUT_SECONDS: text }).timeoutMs).toBe(ms);
  });
});

describe("named tokens", () => {
  const OWN = "own-0123456789abcdef";
  const CI = "ci-token:0123456789";

  it("are read with their names, colons in the token included", () => {
    const { namedTokens } = parseConfig({
      APPROVAL_TOKEN: OWN,
      APPROVAL_TOKENS: `ci:${CI}, laptop:0123456789abcdef`,
    });
    expect([...namedTokens]).toEqual([
      ["ci", CI],
      ["laptop", "0123456789abcdef"],
    ]);
  });

  it.each<[string, Env, string]>([
    ["without the operator's own", { APPROVAL_TOKENS: `ci:${CI}` }, "APPROVAL_TOKEN"],
    [
      "with one name twice",
      { APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `ci:${CI},ci:${CI}x` },
      "APPROVAL_TOKENS",
    ],
    [
      "with one token twice",
      { APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `ci:${CI},laptop:${CI}` },
      "APPROVAL_TOKENS",
    ],
    ["that are the operator's own", { APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `ci:${OWN}` }, "APPROVAL_TOKENS"],
  ])("%s are a problem, and none of them is shown", (_, env, name) => {
    const problems = problemsOf(env);
    expect(namedIn(problems)).toEqual([name]);
    for (const token of [OWN, CI]) expect(problems.join()).not.toContain(token);
  });

  it("are masked in the log", () => {
    expect(secretsOf(parseConfig({ APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `ci:${CI}` }))).toEqual([OWN, CI]);
  });
});

describe("the secrets that the log must mask", () => {
  it("are every token and secret, and nothing else", () => {
    const { PUBLIC_URL, ...rest } = ALL;
    const env = { ...rest, APPROVAL_TOKEN: "the-local-token-x", NGROK_AUTHTOKEN: "the-ngrok-token" };
    expect(secretsOf(parseConfig({ ...rest, PUBLIC_URL }))).not.toContain(PUBLIC_URL);
    expect(secretsOf(parseConfig(env)).sort()).toEqual(
      ["the-local-token-x", TOKEN, "the-second-token", "the-key-secret", "the-ngrok-token"].sort(),
    );
  });

  it("are none without any", () => {
    expect(secretsOf(parseConfig({}))).toEqual([]);
  });
});
