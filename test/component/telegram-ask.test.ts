// What Telegram's approvers are sent, over the simulated Telegram.
import { describe, expect, it } from "vitest";
import { noticeMessages } from "../../src/channels/telegram/format/notice.ts";
import { deferred } from "../../src/core/timing.ts";
import type { ApprovalRequest, Outcome } from "../../src/domain/approval.ts";
import { addressOn } from "../../src/domain/channel.ts";
import { phoneText } from "../../src/domain/names.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import type { SimulatedMessage } from "../../src/simulator/telegram/contract.ts";
import { formatText } from "../../src/simulator/telegram/formatted-text.ts";
import { ADDRESS, askOptions, createTelegramStage, PERSON } from "../helpers/telegram-stage.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const bash = (command: string): ApprovalRequest =>
  waitingRequest({
    call: { toolName: "Bash", input: { command, description: "List files" } },
    door: "mcp",
  });

const write = (content: string): ApprovalRequest =>
  waitingRequest({
    call: { toolName: "Write", input: { file_path: "/tmp/notes.txt", content } },
    door: "mcp",
  });

const lines = (count: number, width = 90) =>
  Array.from({ length: count }, (_, index) => `line ${index + 1} `.padEnd(width, "x")).join("\n");

const questions = (multiSelect = false): ApprovalRequest =>
  waitingRequest({
    call: {
      toolName: "AskUserQuestion",
      input: {
        questions: [
          {
            question: "Which database?",
            header: "Database",
            multiSelect,
            options: [
              { label: "SQLite", description: "One file" },
              { label: "Postgres", description: "A server" },
            ],
          },
          {
            question: "Which port?",
            header: "Port",
            multiSelect: false,
            options: [
              { label: "8000", description: "" },
              { label: "9000", description: "" },
            ],
          },
        ],
      },
    },
    door: "mcp",
  });

const codeOf = ({ text, entities }: SimulatedMessage) =>
  entities
    .filter(({ type }) => type === "code" || type === "pre")
    .map(({ offset, length }) => text.slice(offset, offset + length));

const buttonsOf = ({ keyboard }: SimulatedMessage) => keyboard.flat().map(({ callback_data: id }) => id);

const settled = (request: ApprovalRequest, outcome: Outcome) =>
  ({ request, outcome, delivery: "queued", askedAt: [] }) as const;

const only = <T>([first, ...others]: readonly T[]): T => {
  if (first === undefined || others.length > 0) throw new Error(`${others.length + 1} where one is expected`);
  return first;
};

describe("a request on Telegram", () => {
  it("is one message with buttons, the command in code", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const options = askOptions();
    const sent = await come(channel.messenger.ask(bash("ls -la /etc"), options));
    const message = only(telegram.chat());
    expect(message.text).toBe(
      "🔔 Approval Request\n\nExecute command: ls -la /etc\nReason: List files (Claude's words)\n\n" +
        "Project: -\nRequest ID: kqmwa\n\n⏱️ Expires in 5 minutes",
    );
    expect(codeOf(message)).toEqual(["ls -la /etc", "List files"]);
    expect(message.keyboard.map((row) => row.map(({ text }) => text))).toEqual([["✅ Approve", "❌ Deny"]]);
    expect(buttonsOf(message)).toEqual(["approve:kqmwa", "deny:kqmwa"]);
    expect(sent).toEqual([
      { messageId: `telegram:${PERSON}:${message.id}`, to: ADDRESS, hasButtons: true, question: undefined },
    ]);
    expect(options.rendered).toEqual([{ offersSession: false, hidden: 0 }]);
  });

  it("shows a command of several lines in the same message, all of it", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const script = `set -e\n${lines(20)}\nrm -rf build`;
    await come(channel.messenger.ask(bash(script), askOptions()));
    const message = only(telegram.chat());
    expect(codeOf(message)).toContain(script);
    expect(buttonsOf(message)).toHaveLength(2);
  });

  it("shows a longer text in numbered messages before the one with the buttons", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const script = lines(120);
    const options = askOptions();
    await come(channel.messenger.ask(bash(script), options));
    const messages = telegram.chat();
    const parts = messages.slice(0, -1);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map((part) => codeOf(part).at(-1)).join("\n")).toBe(script);
    expect(parts.map(({ text }) => text.split("\n")[0])).toEqual(
      parts.map((_, index) => `kqmwa, part ${index + 1} of ${parts.length}: command`),
    );
    expect(parts.flatMap(buttonsOf)).toEqual([]);
    expect(messages.at(-1)?.text).toContain(`full text above, ${parts.length} parts`);
    expect(options.sent.map(({ hasButtons }) => hasButtons)).toEqual([...parts.map(() => false), true]);
    for (const { text } of messages) expect(text.length).toBeLessThanOrEqual(4_096);
  });

  it("sends what is over some messages as a text file, its beginning and its end as messages, and the rest by MORE", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const content = lines(900);
    const options = askOptions();
    const request = write(content);
    await come(channel.messenger.ask(request, options));
    const [file, ...messages] = telegram.chat();
    expect(file?.document?.name).toBe("kqmwa.txt");
    expect(file?.document?.text).toContain(content);
    expect(file?.text).toContain("kqmwa, all of it:");
    expect(messages).toHaveLength(4);
    expect(messages[0]?.text).toContain("line 1 ");
    expect(messages[2]?.text).toContain("line 900 ");
    expect(messages[2]?.text).toMatch(/[\d,]+ characters before this are NOT shown here/);
    const [{ hidden, offersSession } = { hidden: 0, offersSession: true }] = options.rendered;
    expect(offersSession).toBe(false);
    expect(messages[3]?.text).toContain(
      `${hidden.toLocaleString("en-US")} characters of the text are NOT shown`,
    );
    expect(messages[3]?.text).toContain("all of it in the file, MORE kqmwa sends the other parts");
    expect(options.sent).toHaveLength(5);

    const before = telegram.chat().length;
    let skip = 0;
    const extra: string[] = [];
    const more = () =>
      channel.messenger.more(request, {
        to: ADDRESS,
        skip,
        isWanted: () => true,
        onSent: ({ messageId, isExtra }) => {
          expect(isExtra).toBe(true);
          extra.push(messageId);
          skip += 1;
        },
      });
    const kept = await come(more());
    while (skip < kept) await come(more());
    const rest = telegram.chat().slice(before);
    expect(rest.map(({ id }) => `telegram:${PERSON}:${id}`)).toEqual(extra);
    const all = [...messages.slice(0, 2), ...rest, ...messages.slice(2, 3)];
    const shown = all.map((part) => codeOf(part).at(-1)).join("\n");
    expect(`${shown}\n`).toBe(file?.document?.text);
  });

  it("sends no further part for a request that has ended, and none that is not wanted", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    let wanted = 2;
    const sent: string[] = [];
    const kept = await come(
      channel.messenger.more(write(lines(900)), {
        to: ADDRESS,
        skip: 0,
        isWanted: () => wanted-- > 0,
        onSent: ({ messageId }) => void sent.push(messageId),
      }),
    );
    expect(kept).toBeGreaterThan(4);
    expect(sent).toHaveLength(2);
    expect(telegram.chat()).toHaveLength(2);
  });

  it("makes no link, mention, command or preview of foreign text", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const words =
      "see https://evil.example/a @somebody /start #tag $USD me@evil.example evil.example +15005550006";
    const request: ApprovalRequest = {
      ...bash(`echo ${words}`),
      call: { toolName: "Bash", input: { command: `echo ${words}`, description: words } },
      inspection: {
        shown: { toolName: "Bash", input: { command: `echo ${words}`, description: words } },
        secrets: 0,
        warnings: [`talks to evil.example and https://evil.example/?q=1`],
      },
      project: "@somebody /start evil.example",
      agent: "https://evil.example",
      said: words,
    };
    await come(channel.messenger.ask(request, askOptions()));
    await come(channel.messenger.ask(write(`${words}\n${words}`), askOptions()));
    await come(channel.messenger.tell(ADDRESS, { kind: "news", news: "finished", project: words, words }));
    const messages = telegram.chat();
    expect(messages).toHaveLength(3);
    for (const { entities, hasPreview } of messages) {
      expect(new Set(entities.map(({ type }) => type))).toEqual(
        new Set(["bold", "code", ...(entities.some((e) => e.type === "pre") ? ["pre"] : [])]),
      );
      expect(hasPreview).toBe(false);
    }
    for (const { params } of telegram.calls("sendMessage"))
      expect(params["link_preview_options"]).toEqual({ is_disabled: true });
    // What keeps them from being links is the code: the simulator finds them without it.
    const found = formatText(words, [], 4_096).entities.map(({ type }) => type);
    expect(found).toEqual(
      expect.arrayContaining(["url", "mention", "bot_command", "hashtag", "cashtag", "email"]),
    );
  });

  it("offers Session where the request does, and says what it allows", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const options = askOptions();
    const request: ApprovalRequest = {
      ...bash("npm test"),
      session: {
        subject: { kind: "call", toolName: "Bash", sha256: "0" },
        holder: { sessionId: "s" },
        what: ["this exact command"],
        ms: 3_600_000,
      },
    };
    await come(channel.messenger.ask(request, options));
    const message = only(telegram.chat());
    expect(message.text).toContain(
      "🔁 Session allows this exact command, in this Claude session, for 60 minutes",
    );
    expect(buttonsOf(message)).toEqual(["approve:kqmwa", "deny:kqmwa", "session:kqmwa"]);
    expect(options.rendered).toEqual([{ offersSession: true, hidden: 0 }]);
  });

  it("puts each warning on a line of its own", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const request: ApprovalRequest = {
      ...bash("rm -rf /"),
      inspection: {
        shown: bash("rm -rf /").call,
        secrets: 0,
        warnings: ["deletes files", "reaches everything"],
      },
    };
    await come(channel.messenger.ask(request, askOptions()));
    expect(only(telegram.chat()).text).toContain("⚠️ deletes files\n⚠️ reaches everything\n");
  });

  it("asks questions with a button for each option and one to deny", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    await come(channel.messenger.ask(questions(), askOptions({ question: { number: 1, leftMs: 60_000 } })));
    const message = only(telegram.chat());
    expect(message.text).toContain("🔔 Question 1 of 2");
    expect(message.text).toContain("1. SQLite: One file\n  2. Postgres: A server");
    expect(message.keyboard.map((row) => row.map(({ text }) => text))).toEqual([
      ["1. SQLite"],
      ["2. Postgres"],
      ["❌ Deny"],
    ]);
    expect(buttonsOf(message)).toEqual(["answer:kqmwa:1:1", "answer:kqmwa:1:2", "deny:kqmwa"]);
    expect(message.text).toContain("Type kqmwa and a number or your own words");
  });

  it("shows a question that is too long for one message above it, or in a file", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const long = (text: string) =>
      waitingRequest({
        call: {
          toolName: "AskUserQuestion",
          input: {
            questions: [
              {
                question: text,
                header: "",
                multiSelect: false,
                options: [
                  { label: "Yes", description: "" },
                  { label: "No", description: "" },
                ],
              },
            ],
          },
        },
        door: "mcp",
      });
    const question = { number: 1, leftMs: 60_000 };
    await come(channel.messenger.ask(long(lines(60)), askOptions({ question })));
    expect(telegram.chat().at(-1)?.text).toContain("full text above, 2 parts");
    expect(telegram.chat()).toHaveLength(3);
    const options = askOptions({ question });
    // What is hidden in it takes its place in visible form.
    await come(channel.messenger.ask(long(`${"a\u200B".repeat(5_500)}z`), options));
    const last = telegram.chat().at(-1);
    expect(last?.text).toMatch(/3 of \d+ parts above, all of it in the file\n/);
    expect(last?.text).toMatch(/characters of the text are NOT shown/);
    expect(telegram.chat().find(({ document }) => document)?.document?.text).toContain("⟨U+200B⟩z");
    expect(options.rendered[0]?.hidden).toBeGreaterThan(0);
    expect(last && buttonsOf(last)).toHaveLength(3);
  });

  it("takes several answers as typed numbers only", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    await come(
      channel.messenger.ask(questions(true), askOptions({ question: { number: 1, leftMs: 60_000 } })),
    );
    const message = only(telegram.chat());
    expect(buttonsOf(message)).toEqual(["deny:kqmwa"]);
    expect(message.text).toContain("for example: kqmwa 1,2");
    expect(message.text).not.toContain("Tap an answer");
  });

  it("takes the buttons from a question once the next one is asked", async () => {
    const { telegram, channel, come, until } = await createTelegramStage();
    const request = questions();
    await come(channel.messenger.ask(request, askOptions({ question: { number: 1, leftMs: 60_000 } })));
    await come(channel.messenger.ask(request, askOptions({ question: { number: 2, leftMs: 60_000 } })));
    const [first, second] = await until(() => telegram.chat()[0]?.isEdited && telegram.chat());
    expect(first && buttonsOf(first)).toEqual([]);
    expect(second && buttonsOf(second)).toEqual(["answer:kqmwa:2:1", "answer:kqmwa:2:2", "deny:kqmwa"]);
    channel.ended(settled(request, { status: "approved", by: ADDRESS, answers: [] }));
    const last = await until(() => telegram.chat().find(({ text }) => text.includes("Answered")));
    expect(last.id).toBe(second?.id);
    expect(buttonsOf(last)).toEqual([]);
  });
});

describe("once a request has ended", () => {
  const outcomes: readonly (readonly [Outcome, string])[] = [
    [{ status: "approved", by: ADDRESS }, `✅ Approved by ${phoneText(ADDRESS)}`],
    [
      { status: "denied", by: ADDRESS, reason: "@somebody evil.example" },
      `❌ Denied by ${phoneText(ADDRESS)}`,
    ],
    [{ status: "expired" }, "⌛ Expired: nobody answered in time"],
    [{ status: "cancelled", cause: "terminal" }, "⌛ Answered at the terminal"],
    [{ status: "cancelled", cause: "disconnected" }, "⌛ Ended: its caller was no longer there"],
  ];

  it.each(outcomes)("its message says so in place of the buttons: %o", async (outcome, words) => {
    const { telegram, channel, come, until } = await createTelegramStage();
    const request = bash("ls");
    await come(channel.messenger.ask(request, askOptions()));
    const before = only(telegram.chat());
    channel.ended(settled(request, outcome));
    const after = await until(() => telegram.chat().find(({ isEdited }) => isEdited));
    expect(after.text).toBe(`${before.text}\n\n${words}`);
    expect(after.entities.slice(0, -1)).toEqual(before.entities);
    expect(buttonsOf(after)).toEqual([]);
    expect(after.text).not.toContain("has the answer");
  });

  it("a message that arrives after that loses its buttons as well", async () => {
    const { telegram, channel, until } = await createTelegramStage();
    const request = bash("ls");
    const options = askOptions();
    const answer = deferred<void>();
    telegram.fault({ kind: "hold", until: answer.promise }, { method: "sendMessage", times: 1 });
    const asking = channel.messenger.ask(request, options).catch((error: unknown) => error);
    await until(() => telegram.chat().length > 0);
    options.end();
    channel.ended(settled(request, { status: "expired" }));
    expect(await asking).toMatchObject({ message: "the request has ended" });
    answer.resolve();
    const message = await until(() => telegram.chat().find(({ isEdited }) => isEdited));
    expect(message.text).toContain("Expired");
    expect(buttonsOf(message)).toEqual([]);
    expect(options.sent).toHaveLength(1);
  });

  it("nothing more of it is sent", async () => {
    const { telegram, channel, clock, until } = await createTelegramStage();
    const options = askOptions();
    const asking = channel.messenger.ask(bash(lines(120)), options).catch((error: unknown) => error);
    await until(() => options.sent.length === 1);
    options.end();
    await asking;
    await clock.advance(30_000);
    expect(telegram.calls("sendMessage")).toHaveLength(1);
    expect(options.refused).toEqual([]);
  });

  it("a change that Telegram refuses harms nothing", async () => {
    const { telegram, channel, come, until, log } = await createTelegramStage();
    const request = bash("ls");
    await come(channel.messenger.ask(request, askOptions()));
    telegram.fault({ kind: "error", code: 400, description: "Bad Request: message can't be edited" });
    channel.ended(settled(request, { status: "expired" }));
    await until(() => log.text().includes("the buttons of a message stay"));
    expect(telegram.chat()).toHaveLength(1);
  });
});

describe("more than one", () => {
  it("address is asked, and who cannot be is told of at once", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const other = addressOn("telegram", "42");
    const options = askOptions({ to: [ADDRESS, other] });
    const sent = await come(channel.messenger.ask(bash("ls"), options));
    expect(sent.map(({ to }) => to)).toEqual([ADDRESS]);
    expect(telegram.chat()).toHaveLength(1);
    expect(options.refused.map(({ message }) => message)).toEqual([
      "Telegram knows no chat between this bot and the approver.",
    ]);
  });

  it("message goes to one chat a second apart, requests before confirmations", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const ids = ["aaaaa", "bbbbb", "ccccc"].map((id) => id as ApprovalId);
    const told = ids.map((id) => channel.messenger.tell(ADDRESS, { kind: "unknown", id }));
    const asked = channel.messenger.ask(bash("ls"), askOptions());
    await come(Promise.all([...told, asked]));
    const times = telegram.calls("sendMessage").map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1_000);
    expect(telegram.chat().findIndex(({ text }) => text.includes("Approval Request"))).toBe(1);
  });

  it("message makes a long notice, none of it missing", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const lines = Array.from(
      { length: 200 },
      () => ({ kind: "unknown", id: "kqmwa" as ApprovalId }) as const,
    );
    const id = await come(channel.messenger.tell(ADDRESS, { kind: "several", lines }));
    const messages = telegram.chat();
    expect(messages.length).toBeGreaterThan(1);
    expect(id).toBe(`telegram:${PERSON}:${messages.at(-1)?.id}`);
    const all = messages.map(({ text }) => text).join("\n");
    const [line] = noticeMessages({ kind: "unknown", id: "kqmwa" as ApprovalId });
    expect(all).toBe(lines.map(() => line.text).join("\n"));
    for (const { entities, text } of messages) {
      expect(entities.length).toBeLessThanOrEqual(100);
      expect(text.length).toBeLessThanOrEqual(4_096);
    }
  });
});
