// What is advised about who may approve fits how the server is set up: each cause, over each configuration.
import { describe, expect, it } from "vitest";
import { ADVICE_BY_CODE } from "../../src/channels/twilio/error-codes.ts";
import { linuxLines } from "../../src/cli/harden/user-lines.ts";
import { createApprovers } from "../../src/core/approvers.ts";
import { nobodyAtAll, nobodyForProject } from "../../src/core/nobody.ts";
import { createPeople } from "../../src/core/people.ts";
import type { Concern } from "../../src/doctor/check.ts";
import { type PhoneWindow, phonesCheck } from "../../src/doctor/phones.ts";
import { quorumCheck } from "../../src/doctor/quorum.ts";
import { senderCheck } from "../../src/doctor/sender.ts";
import type { ChannelName } from "../../src/domain/channel.ts";
import type { Person } from "../../src/domain/person.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const NUMBER = "+15005550006" as Phone;
const FILE = "the file of APPROVERS";

describe("where nobody at all can be asked", () => {
  const ADA: Person = { name: "ada", role: "approve", addresses: [], pairs: ["telegram"] };
  const EVE: Person = { name: "eve", role: "notify", addresses: [], pairs: ["telegram", "whatsapp-agent"] };

  it.each<[string, readonly ChannelName[], readonly Person[], boolean, string]>([
    ["Telegram", ["telegram"], [], false, "it shows a code that binds a chat in Telegram."],
    ["the agent", ["whatsapp-agent"], [], false, "it shows a code that binds a chat in WhatsApp (agent)."],
    [
      "both",
      ["telegram", "whatsapp-agent"],
      [],
      false,
      "it shows a code that binds a chat in WhatsApp (agent) or Telegram.",
    ],
    [
      "a file that names one of them",
      ["telegram", "whatsapp-agent"],
      [ADA, EVE],
      true,
      "it shows a code that binds a chat in Telegram.",
    ],
  ])("with %s: the code's channel", (_, channels, people, isClosed, said) => {
    const { message, advice } = nobodyAtAll(createPeople({ people, channels, isClosed }), channels)!;
    expect(message).toBe("Nobody can be asked.");
    expect(advice).toBe(`Start the server in a terminal: ${said}`);
    expect(advice).not.toContain("APPROVAL_PHONE");
  });

  it.each([
    [false, "Name somebody who approves, with an address on a channel that is in use, in APPROVAL_PHONE."],
    [true, `Name somebody who approves, with an address on a channel that is in use, in ${FILE}.`],
  ])("and no code can be shown: where people are named (by a file: %s)", (isClosed, advice) => {
    const channels: readonly ChannelName[] = isClosed ? ["whatsapp-agent"] : ["whatsapp"];
    const people = createPeople({ people: isClosed ? [ADA] : [], channels, isClosed });
    expect(nobodyAtAll(people, channels)?.advice).toBe(advice);
  });

  it("is not said where somebody may approve", () => {
    const people = createPeople({ people: [{ ...ADA, addresses: [NUMBER] }], channels: ["whatsapp"] });
    expect(nobodyAtAll(people, ["whatsapp"])).toBeUndefined();
  });
});

describe("where nobody can be asked about one project", () => {
  const ADA: Person = { name: "ada", role: "approve", addresses: [NUMBER], projects: ["shop"] };
  const BEN: Person = {
    name: "ben",
    role: "approve",
    addresses: [],
    projects: ["site"],
    pairs: ["telegram"],
  };
  const people = createPeople({
    ...{ people: [ADA, BEN], channels: ["whatsapp", "telegram"], isClosed: true },
  } as const);

  it("whoever is asked has no chat yet: bind one", () => {
    const { message, advice } = nobodyForProject(people, "site", ["whatsapp", "telegram"]);
    expect(message).toContain("has no chat yet");
    expect(advice).toBe("Bind one with npm run pair -- telegram.");
  });

  it("nobody is named for it: name it", () => {
    expect(nobodyForProject(people, "other", ["whatsapp", "telegram"]).advice).toContain(FILE);
  });
});

describe.each([
  ["the setting", false],
  ["a file", true],
] as const)("with the numbers in %s", (_, isClosed) => {
  const place = isClosed ? FILE : "APPROVAL_PHONE";
  const other = isClosed ? "APPROVAL_PHONE" : FILE;
  const textOf = ({ text, advice = "" }: Pick<Concern, "text" | "advice">) => `${text} ${advice}`;
  const fits = (text: string) => {
    expect(text).toContain(place);
    expect(text).not.toContain(other);
  };

  it("a number that cannot be one, or has not written", async () => {
    const phone: PhoneWindow = {
      ...{ phone: "…0006", hasWritten: false, looksUsual: false, isOpen: false, window: "unknown" },
    };
    for (const each of [phone, { ...phone, numberProblem: "it has too few digits" }]) {
      const check = phonesCheck(
        async () => [each],
        async () => false,
        { isClosed },
      );
      fits(JSON.stringify(await check.run()));
    }
  });

  it("a number that is the sender's", async () => {
    const check = senderCheck({
      ...{ sender: `whatsapp:${NUMBER}`, isSandbox: false, approvers: [NUMBER], isClosed },
      findWebhookUrl: async () => undefined,
      senders: async () => [],
    });
    fits(JSON.stringify(await check.run()));
  });

  it("a sender who is like an approver, or hides the number", async () => {
    const approvers = await createApprovers({
      ...{ phones: ["+525512345678" as Phone], userIds: new Map(), secrets: [], isClosed },
      store: { userIds: async () => [], recordUserId: async () => {}, forgetUserId: async () => {} },
      clock: createFakeClock(),
      log: createKeptLog(),
    });
    for (const sender of ["+5215512345678".replace("521", "549"), "US.13491208655302741918"])
      fits(approvers.adviceFor(sender) ?? "");
  });

  it.each<[readonly ChannelName[], RegExp]>([
    [
      ["whatsapp"],
      isClosed ? /^Name one more who approves in the file/ : /^Add a number to APPROVAL_PHONE\. /,
    ],
    [
      ["telegram"],
      isClosed
        ? /file of APPROVERS\. A chat of theirs is bound with npm run pair -- telegram\. /
        : /^Bind a chat of somebody else with npm run pair -- telegram --as <name>\. /,
    ],
    [
      ["whatsapp", "telegram"],
      isClosed ? /file of APPROVERS\. A chat of theirs/ : /^Add a number to APPROVAL_PHONE, or bind a chat/,
    ],
  ])("too few people on %j", async (channels, advice) => {
    const check = quorumCheck({ short: async () => "too few", places: { isClosed, channels } });
    const result = await check.run();
    expect(JSON.parse(JSON.stringify(result))).toMatchObject({ advice: expect.stringMatching(advice) });
    expect(textOf({ text: "", advice: JSON.stringify(result) })).not.toContain(
      isClosed ? "APPROVAL_PHONE" : FILE,
    );
  });
});

it("Twilio's codes, which are the same however the server is set up, name both places or none", () => {
  const texts = [...ADVICE_BY_CODE.values()].flatMap(({ message, advice }) => [message, advice]);
  const naming = texts.filter((text) => text.includes("APPROVAL_PHONE"));
  expect(naming.length).toBeGreaterThan(2);
  for (const text of naming) expect(text).toContain(FILE);
});

describe("the lines of harden", () => {
  const lines = (channels: readonly ChannelName[]) =>
    linuxLines({ nodePath: "/usr/bin/node", root: "/r", envFile: "/r/.env", hasTasks: false, channels }).at(
      -1,
    );

  it.each<[readonly ChannelName[], RegExp, RegExp]>([
    [["whatsapp"], /new tokens at Twilio/, /BotFather|agent/],
    [["telegram"], /a new token of the bot at @BotFather/, /Twilio|agent/],
    [["whatsapp-agent", "telegram"], /a new key of the agent in WhatsApp, a new token/, /Twilio/],
    [[], /^Stop the server/, /Twilio|BotFather|agent/],
  ])("tell which secrets to renew: %j", (channels, said, unsaid) => {
    expect(lines(channels)).toMatch(said);
    expect(lines(channels)).not.toMatch(unsaid);
  });
});
