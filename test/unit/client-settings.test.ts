// Where the settings of a command that calls the server come from: the environment first, then the server's own .env.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readClientSettings, readConfig } from "../../src/cli/settings.ts";
import { homeIn } from "../../src/config/home.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const TOKEN = "the-token-of-the-env-file";

describe("a command that calls the server", () => {
  it("has the token of the server's .env, unless its environment names another", async () => {
    const envFile = join(temporaryFolder(), ".env");
    writeFileSync(envFile, `APPROVAL_TOKEN=${TOKEN}\nSERVER_PORT=9000\n`);
    expect(await readClientSettings({ env: {}, envFile })).toEqual({
      APPROVAL_TOKEN: TOKEN,
      SERVER_PORT: "9000",
    });
    const env = { APPROVAL_TOKEN: "the-token-of-the-shell" };
    expect(await readClientSettings({ env, envFile })).toMatchObject(env);
  });

  it.each([
    ["HOST", "192.0.2.7"],
    ["HOST", "evil.example"],
    ["HOST", "127.0.0.1.evil.example"],
    ["HOST", "localhost:1@evil.example"],
    ["SERVER_PORT", "9999"],
    ["SERVER_PORT", ""],
  ])("does not take the token of .env to another place: %s=%s", async (name, value) => {
    const envFile = join(temporaryFolder(), ".env");
    writeFileSync(envFile, `APPROVAL_TOKEN=${TOKEN}\nSERVER_PORT=9000\n`);
    const refused = readClientSettings({ env: { [name]: value }, envFile });
    await expect(refused).rejects.toThrow(`${name}: the environment names another place than`);
    await expect(refused).rejects.not.toThrow(TOKEN);
    // With a token of its own it may go anywhere.
    const env = { [name]: value, APPROVAL_TOKEN: "the-token-of-the-shell" };
    expect(await readClientSettings({ env, envFile })).toMatchObject(env);
  });

  it.each([
    ["HOST", "0.0.0.0"],
    ["HOST", "localhost"],
    ["HOST", ""],
    ["SERVER_PORT", " 9000 "],
  ])("takes it along where that is the same place: %s=%s", async (name, value) => {
    const envFile = join(temporaryFolder(), ".env");
    writeFileSync(envFile, `APPROVAL_TOKEN=${TOKEN}\nSERVER_PORT=9000\n`);
    expect(await readClientSettings({ env: { [name]: value }, envFile })).toMatchObject({
      APPROVAL_TOKEN: TOKEN,
    });
  });

  it("does without a .env that it may not read; the server does not", async () => {
    const envFile = join(temporaryFolder(), ".env");
    mkdirSync(envFile);
    const env = { SERVER_PORT: "9000" };
    expect(await readClientSettings({ env, envFile })).toEqual(env);
    await expect(readConfig({ env, envFile, home: homeIn(dirname(envFile)) })).rejects.toThrow(
      `${envFile} cannot be read`,
    );
  });
});
