// What setup understands of what people type and paste, and how it says what is wrong with it.
import { encode } from "uqr";
import { describe, expect, it } from "vitest";
import {
  accountSidProblem,
  authTokenProblem,
  refusedText,
  shortSid,
} from "../../src/cli/setup/credential-words.ts";
import {
  changesOf,
  type Draft,
  overruledNames,
  settingOf,
  settingsOf,
  withAnswers,
} from "../../src/cli/setup/draft.ts";
import { chatLink, firstWords, qrLines, readJoinWords } from "../../src/cli/setup/join-link.ts";
import { readPhone } from "../../src/cli/setup/read-phone.ts";
import { summaryLines } from "../../src/cli/setup/summary.ts";
import { findFunnel } from "../../src/cli/setup/tailscale.ts";

const HEX = "0123456789abcdef".repeat(2);
const SID = `AC${HEX}`;

describe("a phone number", () => {
  it.each([
    ["+15005550006", "+15005550006"],
    ["  +1 500 555 0006 ", "+15005550006"],
    ["0015005550006", "+15005550006"],
    ["15005550006", "+15005550006"],
    ["+1 (500) 555-0006", "+15005550006"],
    ["whatsapp:+15005550006", "+15005550006"],
    ["tel:+1.500.555.0006", "+15005550006"],
    ["+49 (0)151 00000006", "+4915100000006"],
    ["\uff0b\uff11 500 555 0006", "+15005550006"],
    ["+1\u00a0500\u2011555\u20110006", "+15005550006"],
    ["\u202a+15005550006\u202c", "+15005550006"],
  ])("is read as it is meant: %j", (text, number) => {
    expect(readPhone(text)).toEqual({ kind: "number", number });
  });

  it.each([
    ["", /no number/],
    ["my phone", /more than digits/],
    ["+1500555000a", /more than digits/],
    ["0151 00000006", /country code is missing/],
    ["+0151 00000006", /No country code begins with 0/],
    ["000151000000", /No country code begins with 0/],
    ["+1500555", /too short|has 10 digits/],
    ["+150055500066", /has 10 digits after \+1, this one has 11/],
    ["+1500555000", /this one has 9/],
    ["+4915100000006000", /too long/],
    ["+15005550006,+15005550007", /more than digits/],
    ["+1+5005550006", /more than digits/],
  ])("that cannot be one is refused in words: %j", (text, words) => {
    const read = readPhone(text);
    expect(read.kind === "problem" && read.problem).toMatch(words);
  });
});

describe("an account SID", () => {
  it.each([
    [`SK${HEX}`, /the SID of an API key/],
    [`PN${HEX}`, /the SID of a phone number/],
    [`hx${HEX}`, /the SID of a template/],
    [HEX, /looks like an auth token/],
    ["me@example.org", /begins with AC/],
    [SID.slice(0, -1), /this one has 31/],
    [`${SID}0`, /this one has 33/],
    [`AC${"z".repeat(32)}`, /only the digits/],
  ])("that is none is told apart: %s", (text, words) => {
    expect(accountSidProblem(text)).toMatch(words);
  });

  it("is right with AC and 32 hex digits, and shown short", () => {
    expect(accountSidProblem(SID)).toBeUndefined();
    expect(shortSid(SID)).toBe("AC…cdef");
  });
});

describe("an auth token", () => {
  it.each([
    [SID, /Account SID, not the auth token/],
    [`SK${HEX}`, /API key, not the auth token/],
    [`"${HEX}"`, /no quotes/],
    ["two words", /no blanks/],
  ])("of a form that it cannot have is named before Twilio is asked: %s", (text, words) => {
    expect(authTokenProblem(text, SID)).toMatch(words);
  });

  it("is told by its form when Twilio refuses it, and never repeated", () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [HEX, /another account or subaccount/],
      ["aB".repeat(16), /secret of an API key/],
      ["short", /this one has 5/],
    ];
    for (const [token, words] of cases) {
      const text = refusedText(token, "AC…1111");
      expect(text).toMatch(words);
      expect(text).not.toContain(token);
    }
    expect(authTokenProblem(HEX, SID)).toBeUndefined();
  });
});

describe("the Sandbox's words", () => {
  it.each([
    "tidy-otter",
    "join tidy-otter",
    "Join  Tidy Otter",
    '"join tidy-otter"',
    "tidy – otter",
    "tidy - otter.",
  ])("are read from %j", (text) => expect(readJoinWords(text)).toBe("tidy-otter"));

  it.each(["", "otter", "one two three", "tidy-otter7", "join", "https://wa.me/1"])(
    "are not read from %j",
    (text) => expect(readJoinWords(text)).toBeUndefined(),
  );

  it("make a link that WhatsApp opens", () => {
    const sandbox = "whatsapp:+14155238886";
    expect(chatLink(sandbox, firstWords(sandbox, "tidy-otter"))).toBe(
      "https://wa.me/14155238886?text=join%20tidy-otter",
    );
    expect(chatLink("whatsapp:+15005550010", firstWords("whatsapp:+15005550010", undefined))).toBe(
      "https://wa.me/15005550010?text=hello",
    );
  });
});

describe("the QR code", () => {
  const LINK = "https://wa.me/14155238886?text=join%20tidy-otter";
  /** Dark modules, row by row, from half blocks. */
  const modules = (lines: readonly string[], isDark: (ink: boolean) => boolean) =>
    lines.flatMap((line) => {
      const cells = [...line];
      return [
        cells.map((cell) => isDark("█▀".includes(cell))),
        cells.map((cell) => isDark("█▄".includes(cell))),
      ];
    });

  it.each([
    [true, (ink: boolean) => ink],
    [false, (ink: boolean) => !ink],
  ])("shows the link's modules, coloured: %s", (isColoured, isDark) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    const lines = qrLines(LINK, isColoured).map((line) => line.replace(/\u001b\[[\d;]*m/g, ""));
    const { data, size } = encode(LINK, { border: 2 });
    const shown = modules(lines, isDark).slice(0, size);
    expect(shown.map((row) => row.slice(0, size))).toEqual(data);
  });

  it("fits into 40 columns, and is black on white where there are colours", () => {
    for (const line of qrLines(LINK, false)) expect([...line].length).toBeLessThanOrEqual(40);
    expect(
      qrLines(LINK, true).every((line) => line.startsWith("\u001b[30;107m") && line.endsWith("\u001b[0m")),
    ).toBe(true);
    expect(qrLines(LINK, false).join("")).not.toContain("\u001b");
  });
});

describe("Tailscale Funnel", () => {
  const status = { BackendState: "Running", Self: { DNSName: "otter.example.ts.net." } };
  const web = (target: string, path = "/", place = "otter.example.ts.net:443") => ({
    Web: { [place]: { Handlers: { [path]: { Proxy: target } } } },
    AllowFunnel: { [place]: true },
  });
  const find = (answers: readonly (object | undefined)[]) => {
    const left = [...answers];
    return findFunnel(async () => {
      const answer = left.shift();
      return answer && { ok: true, stdout: JSON.stringify(answer), stderr: "" };
    }, 8001);
  };

  it.each([
    [web("http://127.0.0.1:8001"), { kind: "on", url: "https://otter.example.ts.net" }],
    [
      web("http://localhost:8001", "/approvals/"),
      { kind: "on", url: "https://otter.example.ts.net/approvals" },
    ],
    [
      web("http://127.0.0.1:8001", "/", "otter.example.ts.net:8443"),
      { kind: "on", url: "https://otter.example.ts.net:8443" },
    ],
    [web("http://127.0.0.1:8000"), { kind: "off", url: "https://otter.example.ts.net" }],
    [web("http://10.0.0.7:8001"), { kind: "off", url: "https://otter.example.ts.net" }],
    [
      { ...web("http://127.0.0.1:8001"), AllowFunnel: null },
      { kind: "off", url: "https://otter.example.ts.net" },
    ],
    [{}, { kind: "off", url: "https://otter.example.ts.net" }],
  ])("counts as on only when it makes our port public: %j", async (funnel, found) => {
    expect(await find([status, funnel])).toEqual(found);
  });

  it("is not found where Tailscale is not there, stopped, or says something else", async () => {
    expect(await find([undefined])).toBeUndefined();
    expect(await find([{ ...status, BackendState: "Stopped" }])).toBeUndefined();
    expect(await find([{ ...status, Self: { DNSName: "" } }])).toBeUndefined();
    expect(await find([{ ...status, Self: { DNSName: "evil host/" } }])).toBeUndefined();
    expect(await find([["no status"]])).toBeUndefined();
  });
});

describe("the settings that setup works on", () => {
  const draft: Draft = {
    file: { APPROVAL_PHONE: "+15005550006", LOG_LEVEL: "warn", TWILIO_API_KEY_SID: "SKx" },
    env: { TWILIO_AUTH_TOKEN: HEX, APPROVAL_PHONE: "+15005550009", TERM: "xterm", TWILIO_ACCOUNT_SID: "" },
    answers: {},
  };

  it("are an answer first, then the environment, then .env, as the server reads them", () => {
    expect(settingOf(draft, "APPROVAL_PHONE")).toBe("+15005550009");
    expect(settingOf(draft, "TWILIO_ACCOUNT_SID")).toBeUndefined();
    const answered = withAnswers(draft, { APPROVAL_PHONE: "+15005550007" });
    expect(settingsOf(answered)).toMatchObject({ APPROVAL_PHONE: "+15005550007", LOG_LEVEL: "warn" });
    expect(overruledNames(answered)).toEqual(["APPROVAL_PHONE"]);
  });

  it("are written only where .env says something else, and only those of setup", () => {
    const answered = withAnswers(draft, { TWILIO_API_KEY_SID: "" });
    expect(changesOf(answered)).toEqual({
      TWILIO_AUTH_TOKEN: HEX,
      TWILIO_API_KEY_SID: "",
      APPROVAL_PHONE: "+15005550009",
    });
  });

  it("are shown before that, secrets as dots", () => {
    const lines = summaryLines(
      withAnswers(draft, { NGROK_AUTHTOKEN: "ngrok-s3cret", TWILIO_API_KEY_SID: "" }),
    );
    expect(lines).toContain("TWILIO_AUTH_TOKEN=••••••••");
    expect(lines).toContain("NGROK_AUTHTOKEN=••••••••");
    expect(lines).toContain("TWILIO_API_KEY_SID=  (taken out)");
    expect(lines.join("\n")).not.toMatch(new RegExp(`${HEX}|ngrok-s3cret`));
  });
});
