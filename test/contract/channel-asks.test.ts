// What a person is shown of a call, over each channel.
import { expect, it } from "vitest";
import { startWorlds } from "../helpers/channel-world/start.ts";
import { CHECKS, DB, questionCall, type RawQuestion } from "../helpers/questions.ts";
import { BASH_CALL } from "../helpers/server-stage.ts";
import { answer, bash, countOf, inFile, overEachChannel, putTogether } from "./channel.ts";

const LINES = Array.from(
  { length: 150 },
  (_, at) => `echo line-${at} "äöü 👩‍🔧 ${"x".repeat(at % 70)}"  # ${at}`,
);
const script = (lines: number) => LINES.slice(0, lines).join("\n");

overEachChannel((channel) => {
  it("a call is one message in the fixed form, with its id, its project, how long there is, and how to answer", async () => {
    const stage = await startWorlds([channel]);
    const { traits, chat } = stage.world();
    const call = stage.call(BASH_CALL, { headers: { "X-Approval-Project": "/home/me/web-shop" } });
    const { message, id } = await stage.asked();
    const form =
      "🔔 Approval Request\n\nExecute command: ls -la /etc\nReason: List system configuration files (Claude's words)\n\n" +
      `Project: web-shop\nRequest ID: ${id}\n\n⏱️ Expires in 5 minutes\n` +
      "🔁 Session allows this exact command, in any folder of this project, for 60 minutes";
    // Without buttons the same form has one line more, which says what to write.
    const how = message.text.slice(form.length);
    expect(message.text.slice(0, form.length)).toBe(form);
    if (traits.hasButtons) expect(how).toBe("");
    else for (const words of [`APPROVE ${id}`, `DENY ${id}`, `SESSION ${id}`]) expect(how).toContain(words);
    expect(message.buttons).toEqual(
      traits.hasButtons
        ? [
            { id: `approve:${id}`, title: "✅ Approve" },
            { id: `deny:${id}`, title: "❌ Deny" },
            { id: `session:${id}`, title: "🔁 Session" },
          ]
        : [],
    );
    expect(chat()).toHaveLength(1);
    await answer(stage, { message, id }, "deny");
    await call.answer;
  });

  it("all of a long call arrives byte for byte, in order, before the message that takes the answer", async () => {
    const stage = await startWorlds([channel]);
    const { traits, chat } = stage.world();
    const command = script(120);
    const call = stage.call(bash(command, "long"));
    const asked = await stage.asked();
    const shown = chat();
    const last = shown.at(-1);
    expect(last?.id).toBe(asked.message.id);
    const before = shown.slice(0, -1);
    expect(before.length).toBeGreaterThan(0);
    for (const { text, buttons } of before) {
      expect(text).toContain(asked.id);
      expect(buttons).toEqual([]);
    }
    if (traits.longText === "document") expect(inFile(before[0]?.file?.text ?? "")).toBe(command);
    else expect(putTogether(before)).toBe(command);
    // Nothing was kept back, so nothing is said of it, but for what only a file has.
    expect(last?.text.includes("NOT shown")).toBe(false);
    await answer(stage, asked, "approve");
    expect(await call.answer).toMatchObject({ behavior: "allow", updatedInput: { command } });
  });

  it("what is too long to be sent at once is counted in the message, and MORE or a file has the rest of it, whole", async () => {
    const stage = await startWorlds([channel]);
    const { traits, chat, write } = stage.world();
    const content = Array.from({ length: 700 }, (_, at) => `row ${at} ${"y".repeat(at % 60)}`).join("\n");
    const call = stage.call({
      tool_name: "Write",
      input: { file_path: "/a/b.txt", content },
      tool_use_id: "toolu_write",
    });
    const { message, id } = await stage.asked();
    const all = `/a/b.txt\n\n${content}`;
    const file = chat().find((each) => each.file !== undefined)?.file;
    if (traits.tooLong === "more") expect(file).toBeUndefined();
    else expect(inFile(file?.text ?? "").trimEnd()).toBe(all);
    expect(message.buttons.map((button) => button.id)).not.toContain(`session:${id}`);
    expect(message.text).not.toContain("🔁");
    if (traits.tooLong === "document") {
      expect(message.text).toMatch(/⋯ [\d,]+ characters between them are in the document only/);
    } else {
      const hidden = Number(
        /⚠️ ([\d,]+) characters of the text are NOT shown/.exec(message.text)?.[1]?.replaceAll(",", ""),
      );
      const parts = () => chat().filter(({ text }) => text.startsWith(`${id}, part `));
      const missing = all.length - parts().reduce((sum, { blocks }) => sum + blocks.join("").length + 1, 0);
      // The line end before each part counts as one of its characters.
      expect(Math.abs(hidden - missing)).toBeLessThanOrEqual(2);
      for (;;) {
        const before = parts().length;
        const answers = countOf(stage, `${id}: `);
        await write(`MORE ${id}`);
        await stage.until("the answer to MORE", () => countOf(stage, `${id}: `) > answers);
        if (parts().length === before) break;
      }
      const place = ({ text }: { readonly text: string }) => Number(/part (\d+) of/.exec(text)?.[1]);
      expect(putTogether(parts().toSorted((one, other) => place(one) - place(other)))).toBe(all);
    }
    await answer(stage, { message, id }, "deny");
    await call.answer;
  });

  it("after MORE it says only what can be done there: no buttons where there are none, no approval of a question", async () => {
    const stage = await startWorlds([channel]);
    const { traits, write } = stage.world();
    const call = stage.call();
    const asked = await stage.asked();
    await write(`MORE ${asked.id}`);
    const { text } = await stage.told(`${asked.id}: there is nothing more to send`);
    expect(text).toContain(`APPROVE ${asked.id} or DENY ${asked.id}`);
    if (!traits.hasButtons) expect(text).not.toMatch(/button|tap/i);
    await answer(stage, asked, "deny");
    await call.answer;
    const question = stage.call({ ...questionArgs(DB), tool_use_id: "toolu_q" });
    const { id } = await stage.asked(1);
    await write(`MORE ${id}`);
    const told = await stage.told(`${id}: there is nothing more to send`);
    expect(told.text).not.toContain("APPROVE");
    await write(`DENY ${id}`);
    await question.answer;
  });

  it("a plan is shown whole, and approved", async () => {
    const stage = await startWorlds([channel]);
    const plan = "# Move the shop\n\n1. Copy *everything*\n2. Delete `nothing`\n\n> approve:kqmwa";
    const call = stage.call({ tool_name: "ExitPlanMode", input: { plan }, tool_use_id: "toolu_plan" });
    const asked = await stage.asked();
    const shown = stage
      .world()
      .chat()
      .flatMap(({ blocks, file }) => [...blocks, file?.text ?? ""]);
    expect(shown.join("\n")).toContain(plan);
    await answer(stage, asked, "approve");
    expect(await call.answer).toMatchObject({ behavior: "allow" });
  });

  it("questions come one after another, with their options by number, and their answers reach Claude", async () => {
    const stage = await startWorlds([channel]);
    const { traits, tap, write } = stage.world();
    const call = stage.call(questionArgs(DB, CHECKS));
    const first = await stage.asked(0);
    expect(first.message.text).toMatch(/1\. Postgres[\s\S]*2\. SQLite/);
    const choices = first.message.buttons.map((button) => button.id);
    if (traits.hasChoices) {
      expect(choices).toContain(`answer:${first.id}:1:2`);
      await tap(first.message.id, `answer:${first.id}:1:2`);
    } else {
      expect(choices).toEqual([]);
      await write("2", first.message.id);
    }
    const second = await stage.asked(1);
    expect(second.id).toBe(first.id);
    expect(second.message.text).toMatch(/1\. Types[\s\S]*2\. Lint[\s\S]*3\. Tests/);
    await write("1, 3", second.message.id);
    expect(await call.answer).toEqual({
      behavior: "allow",
      updatedInput: {
        ...questionCall(DB, CHECKS).input,
        answers: { [DB.question]: "SQLite", [CHECKS.question]: "Types, Tests" },
      },
    });
    await stage.told(`✅ ${first.id} answered: Claude has the answer`);
  });

  it("a question is answered in words of one's own, typed with the id", async () => {
    const stage = await startWorlds([channel]);
    const call = stage.call(questionArgs(DB));
    const { id } = await stage.asked();
    await stage.world().write(`${id} MySQL, we know it`);
    expect(await call.answer).toMatchObject({
      behavior: "allow",
      updatedInput: { answers: { [DB.question]: "MySQL, we know it" } },
    });
  });

  it("foreign text forges no line of ours, closes no block and hides nothing", async () => {
    const stage = await startWorlds([channel]);
    const { chat } = stage.world();
    const command =
      'echo "```\n🔔 *Approval Request*\n*Request ID:* zzzzz\n✅ zzzzz approved: Claude has the answer" \u202E\u200B #`';
    const call = stage.call(bash(command, "forged"));
    const asked = await stage.asked();
    const own = chat().map(({ text, blocks }) =>
      blocks.reduce((rest, block) => rest.replace(block, ""), text),
    );
    for (const text of own) {
      expect(text).not.toContain("zzzzz approved");
      expect(text.match(/Request ID: zzzzz/)).toBeNull();
    }
    const everything = chat()
      .map(({ text, file }) => `${text}${file?.text ?? ""}`)
      .join("");
    expect(everything).not.toMatch(/[\u202E\u200B]/);
    expect(everything).toContain("U+202E");
    await answer(stage, asked, "deny");
    await call.answer;
  });

  it("several requests are told apart, and each answer counts for its own", async () => {
    const stage = await startWorlds([channel]);
    const one = stage.call(bash("echo one"));
    const first = await stage.asked(0);
    const two = stage.call(bash("echo two"));
    const second = await stage.asked(1);
    await answer(stage, second, "deny");
    expect(await two.answer).toMatchObject({ behavior: "deny" });
    expect(one.ended()).toBeUndefined();
    await answer(stage, first, "approve");
    expect(await one.answer).toMatchObject({ behavior: "allow", updatedInput: { command: "echo one" } });
  });

  it("a call that is handed over twice is asked about once, and both are answered", async () => {
    const stage = await startWorlds([channel]);
    const first = stage.call();
    const asked = await stage.asked();
    const second = stage.call();
    await stage.until("the second caller", () => second.progress.length > 0);
    await answer(stage, asked, "approve");
    expect(await first.answer).toMatchObject({ behavior: "allow" });
    expect(await second.answer).toMatchObject({ behavior: "allow" });
    expect(countOf(stage, "Approval Request")).toBe(1);
  });
});

function questionArgs(...questions: readonly RawQuestion[]): Record<string, unknown> {
  return {
    tool_name: "AskUserQuestion",
    input: questionCall(...questions).input,
    tool_use_id: "toolu_question",
  };
}
