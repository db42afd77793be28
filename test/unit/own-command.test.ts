import { describe, expect, it, onTestFinished } from "vitest";
import { installationOf, nameFolderInCommands, ownCommand } from "../../src/domain/own-command.ts";

describe("how a command is called", () => {
  it.each([
    ["file:///home/ann/approval-server/dist/src/domain/own-command.js", "clone"],
    ["file:///usr/lib/node_modules/whatsapp-approval-server/dist/src/domain/own-command.js", "installed"],
    ["file:///home/ann/.npm/_npx/1f/node_modules/whatsapp-approval-server/dist/src/x.js", "installed"],
    ["file:///home/ann/node_modules_old/approval-server/dist/src/x.js", "clone"],
  ])("%s is %s", (location, installation) => {
    expect(installationOf(location)).toBe(installation);
  });

  it.each([
    ["start", "npm start", "approval-server start"],
    ["doctor", "npm run doctor", "approval-server doctor"],
    [
      "setup-template --submit",
      "npm run setup-template -- --submit",
      "approval-server setup-template --submit",
    ],
  ])("%s is typed as it can be run", (command, inClone, installed) => {
    expect(ownCommand(command, "clone")).toBe(inClone);
    expect(ownCommand(command, "installed")).toBe(installed);
  });

  it("has the folder that was chosen in it: without it, it would be about other settings", () => {
    onTestFinished(() => nameFolderInCommands(undefined));
    nameFolderInCommands("/srv/it's here");
    const dir = "--dir '/srv/it'\\''s here'";
    expect(ownCommand("start", "clone")).toBe(`npm start -- ${dir}`);
    expect(ownCommand("setup-template --submit", "clone")).toBe(`npm run setup-template -- --submit ${dir}`);
    expect(ownCommand("doctor", "installed")).toBe(`approval-server doctor ${dir}`);
  });

  it("is that of a clone here", () => {
    expect(ownCommand("doctor")).toBe("npm run doctor");
  });
});
