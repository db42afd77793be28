// The credentials of the commands that only call Twilio are read as the server reads its own.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { readCredentials } from "../../src/config/credentials.ts";
import { ConfigError } from "../../src/domain/errors.ts";

const ACCOUNT = `AC${"1".repeat(32)}`;
const KEY = `SK${"2".repeat(32)}`;

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("the Twilio credentials", () => {
  it.each([
    [{ TWILIO_AUTH_TOKEN: "t" }, ["TWILIO_ACCOUNT_SID"]],
    [{ TWILIO_ACCOUNT_SID: "AC1", TWILIO_AUTH_TOKEN: "t" }, ["TWILIO_ACCOUNT_SID"]],
    [{ TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_KEY_SID: KEY }, ["TWILIO_API_KEY_SECRET"]],
    [{ TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_KEY_SECRET: "s" }, ["TWILIO_API_KEY_SID"]],
    [
      { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_KEY_SID: ACCOUNT, TWILIO_API_KEY_SECRET: "s" },
      ["TWILIO_API_KEY_SID"],
    ],
    [
      { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: "t", TWILIO_BASE_URL: "ftp://x" },
      ["TWILIO_BASE_URL"],
    ],
  ])("of %j are refused in the words of the server", (env, names) => {
    const problems = problemsOf(() => readCredentials(env));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(names);
    expect(problemsOf(() => parseConfig(env))).toEqual(expect.arrayContaining([...problems]));
  });

  it("need the auth token only where there is no API key", () => {
    const key = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_KEY_SID: KEY, TWILIO_API_KEY_SECRET: "s" };
    expect(readCredentials(key)).toEqual({ accountSid: ACCOUNT, apiKeySid: KEY, apiKeySecret: "s" });
    expect(problemsOf(() => readCredentials({ TWILIO_ACCOUNT_SID: ACCOUNT }))).toEqual([
      expect.stringMatching(/^TWILIO_AUTH_TOKEN: is missing \(Twilio Console/),
    ]);
  });

  it("are not held up by other settings that are wrong", () => {
    const env = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: "t", SERVER_PORT: "x" };
    expect(readCredentials(env)).toEqual({ accountSid: ACCOUNT, authToken: "t" });
  });
});
