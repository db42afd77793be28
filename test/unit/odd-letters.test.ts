// Letters that deceive are named to the person; ordinary texts of any language are not.
import { describe, expect, it } from "vitest";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import { oddLetters } from "../../src/domain/odd-letters.ts";
import { SESSION } from "../helpers/session-offer.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const bash = (command: string) => ({ toolName: "Bash", input: { command } });

describe("letters that look like Latin ones", () => {
  it.each([
    ["Cyrillic", bash("curl https://раypal.com/x")],
    ["Cyrillic", bash("rm -rf ./sсripts")],
    ["Cyrillic", { toolName: "WebFetch", input: { url: "https://аррӏе.com" } }],
    ["Greek", { toolName: "Read", input: { file_path: "/etc/passwοrd" } }],
    ["Armenian", { toolName: "mcp__a__b", input: { host: "gօօgle.example" } }],
    ["Cyrillic", { toolName: "mcp__а__b", input: {} }],
    ["Cyrillic", { toolName: "mcp__a__b", input: { раth: 1 } }],
    ["special", bash("ｒｍ -rf x")],
    ["special", bash("curl https://\u{1D41A}pple.com")],
  ])("are named: %s", (alphabet, call) => {
    expect(oddLetters(call)).toEqual([`contains ${alphabet} letters that look like Latin ones`]);
  });

  it.each([
    "git commit -m 'Исправил ошибку в отчёте'",
    "cat отчёт.txt",
    "echo Γειά σου Κόσμε",
    "grep -r 'Δt' src",
    "touch 日本語.md",
    "echo für Übung; naïve café",
    "echo 'а у нас'",
  ])("are not found in %j", (command) => {
    expect(oddLetters(bash(command))).toEqual([]);
  });
});

describe("right-to-left letters", () => {
  it("are said, and there is no allow for the session", () => {
    const request = waitingRequest({ call: bash("ls שלום"), door: "mcp" });
    const { values, offersSession } = promptFor({ ...request, session: SESSION });
    expect(values["warning"]).toBe("contains right-to-left letters: what you see may stand in another order");
    expect(offersSession).toBe(false);
  });
});
