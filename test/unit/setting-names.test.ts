import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VARIABLE_NAMES } from "../../src/config/environment.ts";
import { settingFindingText } from "../../src/config/setting-findings.ts";
import { findingsInEnvironment, findingsInFile } from "../../src/config/setting-names.ts";

const sentences = (text: string) => findingsInFile(text).map((each) => settingFindingText(each, ".env"));

describe("names in a settings file", () => {
  it("says nothing about settings that are read, whatever way they are written", () => {
    const text = [
      "# TWILIO_ACOUNT_SID=commented",
      ...VARIABLE_NAMES.map((name) => `${name}=value`),
      "export TWILIO_CONTENT_SID = 'HX0'  # why",
      "TWILIO_CONTENT_SID_COMMAND_SESSION=HX0",
      "TWILIO_CONTENT_SID_TOOL_1_WARNING: HX0",
      "HTTPS_PROXY=http://proxy",
      "",
    ].join("\r\n");
    expect(findingsInFile(text)).toEqual([]);
  });

  it.each([
    ["TWILIO_ACOUNT_SID", "TWILIO_ACCOUNT_SID"],
    ["TWILLIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN"],
    ["twilio_auth_token", "TWILIO_AUTH_TOKEN"],
    ["twilioAuthToken", "TWILIO_AUTH_TOKEN"],
    ["Twilio-Auth-Token", "TWILIO_AUTH_TOKEN"],
    ["TWILIO_AUTHTOKEN", "TWILIO_AUTH_TOKEN"],
    ["AUTH_TOKEN", "TWILIO_AUTH_TOKEN"],
    ["TWILIO_SID", "TWILIO_ACCOUNT_SID"],
    ["TWILIO_PHONE_NUMBER", "TWILIO_WHATSAPP_FROM"],
    ["APPROVAL_PHONES", "APPROVAL_PHONE"],
    ["APPROVAL_PHONE_NUMBER", "APPROVAL_PHONE"],
    ["APROVAL_PHONE", "APPROVAL_PHONE"],
    ["NGROK_AUTH_TOKEN", "NGROK_AUTHTOKEN"],
    ["NGROK_TOKEN", "NGROK_AUTHTOKEN"],
    ["PUBLIC_URI", "PUBLIC_URL"],
    ["PORT", "SERVER_PORT"],
    ["LOGLEVEL", "LOG_LEVEL"],
    ["APPROVAL_TIMEOUT", "APPROVAL_TIMEOUT_SECONDS"],
    ["TIMEOUT_SECONDS", "APPROVAL_TIMEOUT_SECONDS"],
    ["HOOK_GRACE_SECOND", "HOOK_GRACE_SECONDS"],
    ["MAX_REQUEST_PER_MINUTE", "MAX_REQUESTS_PER_MINUTE"],
  ])("takes %s for %s", (name, meant) => {
    expect(sentences(`A_B=1\n\n${name}=x`)).toEqual([
      "A_B (.env, line 1) is no setting: nothing reads it",
      `${name} (.env, line 3) is no setting: did you mean ${meant}?`,
    ]);
  });

  it("does not guess where nothing is near", () => {
    expect(sentences("DATABASE_HOST=x\nEDITOR=x")).toEqual([
      "DATABASE_HOST (.env, line 1) is no setting: nothing reads it",
      "EDITOR (.env, line 2) is no setting: nothing reads it",
    ]);
  });

  it("does not take an old value that was kept beside a setting for that setting", () => {
    expect(sentences("TWILIO_AUTH_TOKEN=x\nTWILIO_AUTH_TOKEN_OLD=y")).toEqual([
      "TWILIO_AUTH_TOKEN_OLD (.env, line 2) is no setting: nothing reads it",
    ]);
  });

  it("says that a variable of the environment has no effect in the file", () => {
    expect(sentences("APPROVAL_HOME=/x")).toEqual([
      "APPROVAL_HOME (.env, line 1) has no effect there: set it in the environment",
    ]);
  });

  it("names a setting that is there twice, with its lines", () => {
    expect(sentences("LOG_LEVEL=info\nHOST=::1\nexport LOG_LEVEL='debug'\n")).toEqual([
      "LOG_LEVEL (.env, lines 1, 3) is set more than once: only the last one counts",
    ]);
  });
});

describe("lines of a settings file that set nothing", () => {
  it.each([
    '"TWILIO_AUTH_TOKEN"=s3cret',
    "“TWILIO_AUTH_TOKEN”=s3cret",
    "TWILIO AUTH TOKEN=s3cret",
    "TWILIO_AUTH_TOKEN s3cret",
    "TWILIO_AUTH_TOKEN:s3cret",
    "set TWILIO_AUTH_TOKEN=s3cret",
    '$env:TWILIO_AUTH_TOKEN="s3cret"',
    "- TWILIO_AUTH_TOKEN=s3cret",
    '  "TWILIO_AUTH_TOKEN": "s3cret",',
    "TWILLIO_AUTH_TOKEN",
  ])("finds the name in %j", (line) => {
    expect(sentences(`HOST=::1\n${line}\nLOG_LEVEL=info`)).toEqual([
      ".env, line 2: cannot be read: did you mean TWILIO_AUTH_TOKEN=…?",
    ]);
  });

  it("repeats nothing else of them", () => {
    expect(sentences("5f4dcc3b5aa765d61d8327deb882cf99\nPost this here\n???")).toEqual(
      [1, 2, 3].map(
        (line) => `.env, line ${line}: cannot be read: write NAME=value, or # in front of a comment`,
      ),
    );
  });
});

describe("values that cannot be meant", () => {
  it.each([
    ["“s3cret”", "has typographic quotes around its value, and they count as part of it: write ' or \""],
    ['"s3cret', "has a quote without its counterpart, and it counts as part of the value"],
    ["s3cret'", "has a quote without its counterpart, and it counts as part of the value"],
    ["s3c#ret", 'ends at the # in its value: put the value in quotes ("…")'],
    ["<your token>", "still has a placeholder as its value"],
    ["your_auth_token", "still has a placeholder as its value"],
    ["xxxxxxxxxxxxxxxx", "still has a placeholder as its value"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what stands in the file
    ["${OTHER}", "refers to another variable, which is not replaced in this file"],
    ["$OTHER", "refers to another variable, which is not replaced in this file"],
    ["TWILIO_AUTH_TOKEN=s3cret", "has its own name in its value: one of the two is too much"],
    ["s3c\u200bret", "has an invisible character in its value: type it again, or copy it without formatting"],
    ["s3cret;", "has a comma or semicolon at the end of its value: remove it"],
  ])("finds %j", (value, fault) => {
    expect(sentences(`HOST=::1\nTWILIO_AUTH_TOKEN=${value}\n`)).toEqual([
      `TWILIO_AUTH_TOKEN (.env, line 2) ${fault}`,
    ]);
  });

  it("finds a quote that swallows the lines below it", () => {
    expect(sentences('TWILIO_AUTH_TOKEN="s3cret\nAPPROVAL_PHONE=+15005550006\nNGROK_DOMAIN=x"\n')).toContain(
      "TWILIO_AUTH_TOKEN (.env, line 1) takes in the lines below it: its closing quote is missing",
    );
  });

  it.each([
    "'s3c#ret'",
    "s3cret # why",
    '"it\'s"',
    "`a\"b'c`",
    "",
    "''",
    "data/mydata.db",
    "whatsapp:+14155238886",
    "https://example.ngrok.app",
    "a$b",
  ])("has nothing against %j", (value) => {
    expect(findingsInFile(`NGROK_DOMAIN=${value}`)).toEqual([]);
  });
});

describe("the real environment", () => {
  it("names what begins like a setting and is nearly one, and leaves the rest of a shell alone", () => {
    const env = {
      TWILIO_ACOUNT_SID: "x",
      approval_phone: "x",
      NGROK_AUTH_TOKEN: "x",
      APPROVAL_HOME: "/x",
      APPROVAL_FLOW_ID: "x",
      TWILIO_REGION: "x",
      TWILIO_CONTENT_SID_TOOL_1: "x",
      POST: "x",
      LOG_LEVLE: "x",
    };
    expect(findingsInEnvironment(env).map((each) => settingFindingText(each, ".env"))).toEqual([
      "TWILIO_ACOUNT_SID (the environment) is no setting: did you mean TWILIO_ACCOUNT_SID?",
      "approval_phone (the environment) is no setting: did you mean APPROVAL_PHONE?",
      "NGROK_AUTH_TOKEN (the environment) is no setting: did you mean NGROK_AUTHTOKEN?",
    ]);
    expect(findingsInEnvironment(env, new Set(Object.keys(env)))).toEqual([]);
  });
});

it("never repeats what could be a secret, wherever in the file it stands", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+/_-]{24,44}={0,2}$/);
  const around = fc.constantFrom(
    (text: string) => text,
    (text: string) => `TWILIO_AUTH_TOKEN=${text}`,
    (text: string) => `TWILIO_AUTH_TOKEN="${text}\n${text}`,
    (text: string) => `TWILIO_AUTH_TOKEN ${text}`,
    (text: string) => `${text}: ${text}`,
    (text: string) => `TWILIO_AUTH_TOKEN='-----BEGIN\n${text}\n-----END'`,
    (text: string) => `“TWILIO_AUTH_TOKEN”=${text}`,
  );
  fc.assert(
    fc.property(secret, around, (text, write) => {
      const said = sentences(`${write(text)}\nLOG_LEVEL=info\n`).join("\n");
      expect(said).not.toContain(text.replace(/=+$/, ""));
    }),
  );
});
