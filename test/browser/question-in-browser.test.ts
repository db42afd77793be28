// A question with its list of answers: on the page by itself, and over the whole way with the server.
import { describe, expect, it } from "vitest";
import { incoming, own, usePhonePage } from "../helpers/phone-page.ts";
import { DB, questionCall } from "../helpers/questions.ts";
import { callTool, startStage } from "../helpers/server-stage.ts";

const open = usePhonePage();

const QUESTION = incoming("SM1", "🔔 *Question*\n\n*Claude asks:* Which DB?\n  1. Postgres\n  2. SQLite", {
  listButton: "Choose",
  buttons: [
    { id: "answer:kqmwa:1:1", title: "1. Postgres", description: "A server that many can write to" },
    { id: "answer:kqmwa:1:2", title: "2. SQLite" },
    { id: "deny:kqmwa", title: "❌ Deny", description: "Claude gets no answer" },
  ],
});

describe("a list", () => {
  it("opens as a sheet, posts the item that is tapped, and shows it as chosen", async () => {
    const { page, stub, bubble, untilPosted, complaints, untilTitle } = await open([QUESTION]);
    await untilTitle("(1) Simulated phone");
    const sheet = page.getByRole("dialog", { name: "Choose" });
    expect(await sheet.count()).toBe(0);
    await bubble("SM1").getByRole("button", { name: "Choose" }).click();
    await sheet.getByText("A server that many can write to").waitFor();
    await sheet.getByRole("button", { name: "2. SQLite" }).click();
    await untilPosted("/phone/tap", { message: "SM1", button: "answer:kqmwa:1:2" });
    await sheet.waitFor({ state: "hidden" });
    stub.push(own("SM2", "2. SQLite", { quotes: "SM1", buttonId: "answer:kqmwa:1:2" }));
    await untilTitle("Simulated phone");
    await bubble("SM1").getByRole("button", { name: "Choose" }).click();
    await sheet.getByRole("button", { name: "2. SQLite (chosen)" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("is worked with the keyboard, and closed with Escape, × or a tap beside it", async () => {
    const { page, bubble, untilPosted, posted } = await open([QUESTION]);
    const opener = bubble("SM1").getByRole("button", { name: "Choose" });
    const sheet = page.getByRole("dialog", { name: "Choose" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Choose");
    await opener.click();
    await sheet.getByRole("button", { name: "Close" }).click();
    await sheet.waitFor({ state: "hidden" });
    await opener.click();
    await page.mouse.click(180, 60);
    await sheet.waitFor({ state: "hidden" });
    expect(posted("/phone/tap")).toEqual([]);
    await opener.focus();
    await page.keyboard.press("Enter");
    await sheet.getByRole("button", { name: "1. Postgres" }).focus();
    await page.keyboard.press("Enter");
    await untilPosted("/phone/tap", { message: "SM1", button: "answer:kqmwa:1:1" });
  });

  it("takes no tap when its message failed, and shows hostile items as text within 360 px", async () => {
    const long = "x".repeat(400);
    const hostile = { id: "<b>", title: `<i>${long}</i>`, description: `<script>${long}` };
    const { page, stub, bubble } = await open([{ ...QUESTION, buttons: [hostile] }]);
    await bubble("SM1").getByRole("button", { name: "Choose" }).click();
    await page.getByRole("dialog").getByText("<script>").waitFor();
    const outside = `[...document.querySelectorAll("dialog, dialog *")]
      .filter((e) => e.getBoundingClientRect().right > 360 && !e.closest(".visually-hidden")).length`;
    expect(await page.evaluate(outside)).toBe(0);
    stub.push({ ...QUESTION, buttons: [hostile], status: "undelivered", errorCode: 63016 });
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await bubble("SM1").getByRole("button", { name: "Choose" }).isDisabled()).toBe(true);
  });
});

describe("a person with a browser", () => {
  it("opens the list, picks, and Claude reads the answer", async () => {
    const { server, phone } = await startStage();
    const { page } = await open([]);
    await page.goto(phone.url);
    await page.getByText("+1 415 523 8886").waitFor();
    const { toolName, input } = questionCall(DB);
    const answer = callTool(server, { tool_name: toolName, input });
    await page.getByRole("button", { name: "Choose" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "1. Postgres" }).click();
    expect(await answer).toMatchObject({ updatedInput: { answers: { "Which DB?": "Postgres" } } });
    await page.getByText("answered: Claude has the answer").waitFor();
    expect(phone.warnings()).toEqual([]);
  });
});
