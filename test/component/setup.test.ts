// The whole of setup against the simulated Twilio: from an empty folder to a tap, and everything that can be wrong on the way.
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { parse } from "dotenv";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  createPerson,
  type PersonPlan,
  SETUP_PHONE,
  type SetupStage,
  setSetupStage,
  WAY,
} from "../helpers/setup-stage.ts";

const KEY_SECRET = `aBcDeFgH${"iJkLmNoPqRsTuVwXyZ123456"}`;
const GIVEN = ["--yes", "--account-sid", ACCOUNT_SID, "--phone", SETUP_PHONE];
const TOKEN = { TWILIO_AUTH_TOKEN: AUTH_TOKEN };

const ANSWERS = {
  "account-sid": [ACCOUNT_SID],
  "auth-token": [AUTH_TOKEN],
  phone: [SETUP_PHONE],
  "join-words": ["tidy-otter"],
};

const plain = (text: string) => text.replace(/\s+/g, " ");

/** A person who does all that is asked, and whose phone joins and taps. */
function willing(stage: SetupStage, plan: PersonPlan = {}) {
  stage.answers("approve");
  return createPerson({
    answers: ANSWERS,
    onWait: (line) => {
      if (line.includes("message")) void stage.twilio.type("join tidy-otter");
    },
    ...plan,
  });
}

async function joined(options: Parameters<typeof setSetupStage>[0] = {}) {
  const stage = await setSetupStage(options);
  await stage.twilio.type("hello");
  return stage;
}

describe("setup with a person", () => {
  it("goes from nothing to an approval on the phone, and writes what was checked", async () => {
    const stage = await setSetupStage();
    const person = willing(stage);
    const { code, out, err } = await stage.run(["--wait", "60"], { asker: person });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/You tapped Approve \d+ s after it was asked/);
    expect(out).toMatch(/Done: you tapped Approve/);
    expect(parse(stage.written() ?? "")).toMatchObject({
      TWILIO_ACCOUNT_SID: ACCOUNT_SID,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      APPROVAL_PHONE: SETUP_PHONE,
      TWILIO_BASE_URL: stage.twilio.url,
    });
    expect(statSync(stage.envFile).mode & 0o777).toBe(0o600);
    expect(out + person.asked.join("")).not.toContain(AUTH_TOKEN);
    expect(out).toContain("https://wa.me/14155238886?text=join%20tidy-otter");
  });

  it("changes nothing when it is stopped at any prompt before it writes, and says so", async () => {
    const all = await setSetupStage();
    const person = willing(all);
    await all.run([], { asker: person });
    const before = person.asked.findIndex((message) => message.includes("Waiting for your tap")) + 1;
    expect(before).toBeGreaterThan(5);
    for (let stopAt = 1; stopAt <= before; stopAt += 1) {
      const stage = await setSetupStage();
      writeFileSync(stage.envFile, "# mine\nLOG_LEVEL=warn\n");
      const { code, out } = await stage.run([], { asker: willing(stage, { stopAt }) });
      expect({ stopAt, code }).toEqual({ stopAt, code: 130 });
      // Where the folder's name is long, the line is broken.
      expect(out.replace(/\s+/g, " ")).toContain(`Nothing was written: ${stage.envFile} is as it was.`);
      expect(stage.written()).toBe("# mine\nLOG_LEVEL=warn\n");
      expect(readdirSync(stage.folder)).toEqual([".env"]);
    }
  });

  it("says what is already written when it is stopped after that", async () => {
    const stage = await setSetupStage();
    const all = willing(stage);
    await stage.run([], { asker: all });
    const again = await setSetupStage();
    const stopAt = all.asked.findIndex((message) => message.includes("hooks")) + 1;
    const { code, out } = await again.run([], { asker: willing(again, { stopAt }) });
    expect(code).toBe(130);
    expect(out).toContain(`The settings are in ${again.envFile} already`);
    expect(parse(again.written() ?? "")).toHaveProperty("TWILIO_AUTH_TOKEN");
  });

  it("asks again for a SID or a token that is wrong, and takes the right one", async () => {
    const stage = await joined();
    const person = willing(stage, {
      answers: {
        ...ANSWERS,
        "account-sid": [`SK${"2".repeat(32)}`, ACCOUNT_SID.slice(0, -1), ACCOUNT_SID, ACCOUNT_SID],
        "auth-token": [`SK${"2".repeat(32)}`, KEY_SECRET, AUTH_TOKEN],
      },
    });
    const { code, out } = await stage.run([], { asker: person });
    expect(code).toBe(0);
    expect(out).toMatch(/This is the SID of an API key\. The Account SID begins with AC/);
    expect(out).toMatch(/this one has 31/);
    expect(out).toMatch(/This is the SID of an API key, not the auth token/);
    expect(out.replace(/\s+/g, " ")).toMatch(/It looks like the secret of an API key/);
    expect(out).not.toContain(KEY_SECRET);
  });

  it("understands a number as people write it", async () => {
    const stage = await joined();
    const person = willing(stage, { answers: { ...ANSWERS, phone: ["0150 0555", "00 1 (500) 555-0006"] } });
    const { code, out } = await stage.run([], { asker: person });
    expect(code).toBe(0);
    expect(out).toMatch(/the country code is missing/);
    expect(out).toContain(`Understood as ${SETUP_PHONE}`);
  });

  it("notices the message of a mistyped number, and takes the right one after a yes", async () => {
    const typo = "+15005550007";
    const stage = await setSetupStage();
    const person = willing(stage, {
      answers: { ...ANSWERS, phone: [typo] },
      choices: [[/is .* your phone/i, true]],
    });
    const { code, out } = await stage.run([], { asker: person });
    expect(code).toBe(0);
    expect(out).toContain(`A message came, but from ${SETUP_PHONE} and not from ${typo}.`);
    expect(parse(stage.written() ?? "")).toMatchObject({ APPROVAL_PHONE: SETUP_PHONE });
  });

  it("does not make a stranger's number an approver by itself", async () => {
    const stage = await setSetupStage();
    const person = willing(stage, {
      answers: { ...ANSWERS, phone: ["+15005550007"] },
      onWait: () => void stage.twilio.type("join tidy-otter"),
      stopAt: 9,
    });
    expect((await stage.run([], { asker: person })).code).toBe(130);
    expect(person.asked.at(-2)).toMatch(/^Is .* your phone/);
    expect(person.asked.at(-1)).toMatch(/Waiting for the message/);
    expect(stage.written()).toBeUndefined();
  });

  it("is not fooled by a policy that would decide the test by itself", async () => {
    const stage = await joined();
    writeFileSync(
      join(stage.folder, "policy.json"),
      JSON.stringify({ version: 1, rules: [{ decision: "deny", rules: ["request_approval"] }] }),
      { mode: 0o600 },
    );
    const person = createPerson({ answers: ANSWERS, skips: /tap/, choices: [[/What now/, "stop"]] });
    const { code, out } = await stage.run([], { asker: person });
    expect(code).toBe(1);
    expect(out).toMatch(/no tap came/);
    expect(out).not.toMatch(/You tapped/);
  });

  it("takes Deny as an answer too: the way back works", async () => {
    const stage = await joined();
    stage.answers("deny");
    const { code, out } = await stage.run([], { asker: createPerson({ answers: ANSWERS }) });
    expect(code).toBe(0);
    expect(out).toMatch(/You tapped Deny/);
  });

  it("lets a person write the settings although no tap came, and says that it is unproven", async () => {
    const stage = await joined();
    const person = createPerson({ answers: ANSWERS, skips: /tap/, choices: [[/What now/, "write"]] });
    const { code, out } = await stage.run([], { asker: person });
    expect(code).toBe(0);
    expect(out).toMatch(/no tap has come back yet/);
    expect(out).not.toMatch(/It works/);
    expect(stage.written()).toContain("TWILIO_ACCOUNT_SID");
  });
});

describe("setup run again", () => {
  it("asks nothing that is there and right, writes nothing, and still ends with a tap", async () => {
    const stage = await joined();
    stage.answers("approve");
    await stage.run([...GIVEN, "--no-hooks"], { env: TOKEN });
    const before = stage.written();
    const person = createPerson({ channel: "preselected" });
    const { code, out } = await stage.run(["--no-hooks"], { asker: person });
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, " ")).toContain("nothing has to be written");
    expect(person.asked.filter((message) => !message.includes("Waiting for your tap"))).toEqual([WAY]);
    expect(stage.written()).toBe(before);
  });

  it("keeps the person's own lines, and repairs only what is wrong", async () => {
    const stage = await joined();
    const own = `# mine\nexport LOG_LEVEL=warn\nTWILIO_ACCOUNT_SID=${ACCOUNT_SID}\nTWILIO_AUTH_TOKEN='rotated' # old\nAPPROVAL_PHONE="${SETUP_PHONE}"\n`;
    writeFileSync(stage.envFile, own);
    const person = willing(stage);
    const { code } = await stage.run([], { asker: person });
    expect(code).toBe(0);
    const written = stage.written() ?? "";
    expect(written).toContain("# mine\nexport LOG_LEVEL=warn\n");
    expect(written).toContain(`APPROVAL_PHONE="${SETUP_PHONE}"`);
    expect(parse(written)["TWILIO_AUTH_TOKEN"]).toBe(AUTH_TOKEN);
    expect(person.asked).not.toContain("The number of your WhatsApp, with country code");
  });

  it("goes on from a half-finished file, and names a misspelt setting in it", async () => {
    const stage = await joined();
    writeFileSync(stage.envFile, `TWILIO_ACCOUNT_SID=${ACCOUNT_SID}\nTWILIO_AUTHTOKEN=\n`);
    const person = willing(stage);
    const { code, out } = await stage.run([], { asker: person });
    expect(code).toBe(0);
    expect(plain(out)).toContain("line 2) is no setting: did you mean TWILIO_AUTH_TOKEN?");
    expect(person.asked.slice(0, 2)).toEqual([WAY, "Auth Token (it is not shown)"]);
  });

  it("names the account whose token it is, where the settings know it", async () => {
    const stage = await joined();
    writeFileSync(stage.envFile, `TWILIO_ACCOUNT_SID=${ACCOUNT_SID}\n`);
    const argv = ["--yes", "--account-sid", `AC${"9".repeat(32)}`, "--phone", SETUP_PHONE];
    const { code, out } = await stage.run(argv, { env: TOKEN });
    expect(code).toBe(1);
    expect(out.replace(/\s+/g, " ")).toContain(
      "This is the token of another account, AC…1111, and not of AC…9999.",
    );
  });

  it("takes an API key out that Twilio does not accept, after a yes", async () => {
    const stage = await joined();
    writeFileSync(
      stage.envFile,
      `TWILIO_API_KEY_SID=SK${"3".repeat(32)}\nTWILIO_API_KEY_SECRET=${KEY_SECRET}\n`,
    );
    const script = await stage.run(GIVEN, { env: TOKEN });
    expect(script.code).toBe(1);
    expect(script.out.replace(/\s+/g, " ")).toContain(
      "The API key in TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET is not accepted",
    );
    expect((await stage.run([], { asker: willing(stage) })).code).toBe(0);
    expect(parse(stage.written() ?? "")).toMatchObject({ TWILIO_API_KEY_SID: "", TWILIO_API_KEY_SECRET: "" });
  });
});

describe("setup in a script", () => {
  it("does not read a secret for ever, nor from a terminal", async () => {
    const stage = await setSetupStage();
    const endless = Readable.from(
      (function* () {
        for (;;) yield "x".repeat(1_000);
      })(),
    );
    const long = await stage.run([...GIVEN, "--auth-token-stdin"], { stdin: endless });
    expect(long).toMatchObject({ code: 64, err: expect.stringContaining("too long for an auth token") });
    const terminal = Object.assign(Readable.from([]), { isTTY: true });
    const typed = await stage.run([...GIVEN, "--auth-token-stdin"], { stdin: terminal });
    expect(typed).toMatchObject({ code: 64, err: expect.stringContaining("reads from a pipe or a file") });
  });

  it("says what is missing and how to give it, and does nothing", async () => {
    const stage = await setSetupStage();
    const { code, out, err } = await stage.run([]);
    expect({ code, out }).toEqual({ code: 64, out: "" });
    expect(err).toMatch(/this is not a terminal.*--yes/s);
    for (const flag of ["--account-sid", "--auth-token-stdin", "--phone"]) expect(err).toContain(flag);
    const half = await stage.run(["--yes", "--account-sid", ACCOUNT_SID]);
    expect(half.code).toBe(64);
    expect(half.err).not.toContain("--account-sid AC…");
    expect(stage.written()).toBeUndefined();
  });

  it("sets everything up, with the token from standard input, and prints a result for programs", async () => {
    const stage = await joined();
    stage.answers("approve");
    const { code, out, err } = await stage.run([...GIVEN, "--auth-token-stdin", "--json", "--no-hooks"], {
      stdin: Readable.from([`${AUTH_TOKEN}\n`]),
    });
    expect(code).toBe(0);
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(result).toMatchObject({
      ok: true,
      envFile: stage.envFile,
      test: { outcome: "approved" },
      offers: { hooks: "declined", mcp: "absent" },
    });
    expect(result["written"]).toContain("TWILIO_AUTH_TOKEN");
    expect(out + err).not.toContain(AUTH_TOKEN);
    expect(err).toMatch(/You tapped Approve/);
  });

  it("takes the token from a file, and never repeats what is in it", async () => {
    const stage = await joined();
    const file = join(stage.folder, "token");
    writeFileSync(file, "not-the-t0ken\n");
    const { code, out } = await stage.run([...GIVEN, "--auth-token-file", file]);
    expect(code).toBe(1);
    expect(out).toMatch(/Twilio refuses this token for account AC…1111/);
    expect(out).not.toContain("not-the-t0ken");
    expect((await stage.run([...GIVEN, "--auth-token-file", "nowhere"])).code).toBe(64);
  });

  it.each([
    [
      "a wrong token",
      GIVEN,
      { TWILIO_AUTH_TOKEN: "f".repeat(32) },
      /It has the right form, so it is of another account/,
    ],
    ["an API key's secret", GIVEN, { TWILIO_AUTH_TOKEN: KEY_SECRET }, /looks like the secret of an API key/],
    [
      "an API key's SID",
      GIVEN,
      { TWILIO_AUTH_TOKEN: `SK${"2".repeat(32)}` },
      /SID of an API key, not the auth token/,
    ],
    [
      "a sender of somebody else",
      [...GIVEN, "--from", "+15005550012"],
      TOKEN,
      /\+15005550012 is no WhatsApp sender of this account.*use the Sandbox/,
    ],
    [
      "a phone one digit short",
      ["--yes", "--account-sid", ACCOUNT_SID, "--phone", "+1500555000"],
      TOKEN,
      /has 10 digits after \+1, this one has 9/,
    ],
    [
      "the sender's own number",
      ["--yes", "--account-sid", ACCOUNT_SID, "--phone", "+14155238886"],
      TOKEN,
      /is the sender's number/,
    ],
    ["a private address", [...GIVEN, "--public-url", "https://192.168.1.4"], {}, /TWILIO_AUTH_TOKEN/],
    ["no address", [...GIVEN, "--public-url", "example.org"], TOKEN, /must begin with https/],
    ["words that are none", [...GIVEN, "--join-words", "otter"], TOKEN, /not two words/],
  ])("names what is wrong, and writes nothing: %s", async (_, argv, env, words) => {
    const stage = await setSetupStage();
    const { code, out, err } = await stage.run([...argv, "--wait", "1"], { env });
    expect([1, 64]).toContain(code);
    expect((out + err).replace(/\s+/g, " ")).toMatch(words);
    expect(stage.written()).toBeUndefined();
    expect(out + err).not.toContain(AUTH_TOKEN);
  });

  it("says that the phone never wrote, and writes nothing", async () => {
    const clock = createFakeClock(Date.now());
    const stage = await setSetupStage({ now: clock.now });
    let isOver = false;
    const running = stage.run(GIVEN, { env: TOKEN, clock }).finally(() => {
      isOver = true;
    });
    while (!isOver) await clock.advance(1_000);
    const { code, out } = await running;
    expect(code).toBe(1);
    expect(out).toContain(`No message came from ${SETUP_PHONE}.`);
    expect(stage.written()).toBeUndefined();
  });

  it("says that no tap came, and writes nothing", async () => {
    const clock = createFakeClock(Date.now());
    const stage = await joined({ now: clock.now });
    let isOver = false;
    const running = stage.run(GIVEN, { env: TOKEN, clock }).finally(() => {
      isOver = true;
    });
    await stage.twilio.waitForMessage(({ buttons }) => buttons.length > 0);
    while (!isOver) await clock.advance(10_000);
    const { code, out } = await running;
    expect(code).toBe(1);
    expect(out).toMatch(/No tap came in time/);
    expect(out).toContain("Nothing was written");
    expect(stage.written()).toBeUndefined();
  });

  it("says what Twilio says of a test that did not get through", async () => {
    const stage = await joined();
    stage.twilio.leaveSandbox(SETUP_PHONE);
    const { code, out } = await stage.run(GIVEN, { env: TOKEN });
    expect(code).toBe(1);
    expect(out.replace(/\s+/g, " ")).toMatch(/has not joined the WhatsApp Sandbox/);
    expect(stage.written()).toBeUndefined();
  });

  it("writes without a test when it is told so", async () => {
    const stage = await setSetupStage();
    const { code, out } = await stage.run([...GIVEN, "--no-test", "--no-hooks"], { env: TOKEN });
    expect(code).toBe(0);
    expect(out).toMatch(/Done, without a test/);
    expect(stage.written()).toContain("APPROVAL_PHONE");
    expect(stage.twilio.messages()).toEqual([]);
  });

  it("says at once when the settings cannot be written", async () => {
    const stage = await setSetupStage();
    mkdirSync(join(stage.folder, ".env"));
    const { code, err, out } = await stage.run(GIVEN, { env: TOKEN });
    expect([1, 2]).toContain(code);
    expect(out + err).toMatch(/\.env cannot be (read|written)/);
    expect(stage.twilio.messages()).toEqual([]);
  });

  it("closes a file that others could read", async () => {
    const stage = await joined();
    writeFileSync(stage.envFile, "LOG_LEVEL=warn\n");
    chmodSync(stage.envFile, 0o644);
    stage.answers("approve");
    await stage.run([...GIVEN, "--no-hooks"], { env: TOKEN });
    expect(statSync(stage.envFile).mode & 0o777).toBe(0o600);
  });

  it("says which settings the environment overrules", async () => {
    const stage = await joined();
    const argv = [...GIVEN, "--no-test", "--no-hooks"];
    const { out } = await stage.run(argv, { env: { ...TOKEN, APPROVAL_PHONE: "+15005550009" } });
    expect(out.replace(/\s+/g, " ")).toContain(
      "APPROVAL_PHONE is also set in the environment, which wins over .env",
    );
  });
});
