// What the phone page sends, in a real browser against a stub of the simulator: taps, typed and quoted replies, reads.
import { describe, expect, it } from "vitest";
import { FILLER, incoming, own, REQUEST, usePhonePage } from "../helpers/phone-page.ts";
import { PHONE } from "../helpers/phone-page-stub.ts";

const open = usePhonePage();

describe("the phone's page, when it is used,", () => {
  it("posts a tap, then shows the button as chosen and the answer as taken", async () => {
    const { stub, bubble, untilPosted } = await open([REQUEST]);
    await bubble("SM1").locator("[data-button-id='approve:kqmwa']").click();
    await untilPosted("/phone/tap", { message: "SM1", button: "approve:kqmwa" });
    stub.push(own("SM2", "✅ Approve", { quotes: "SM1", buttonId: "approve:kqmwa" }));
    await bubble("SM2").getByText("Execute command: ls -la /etc").waitFor();
    await bubble("SM2").getByText("Read", { exact: true }).waitFor({ state: "attached" });
    const chosen = bubble("SM1").getByRole("button", { name: "✅ Approve (chosen)" });
    await expect.poll(() => chosen.isEnabled()).toBe(true);
  });

  it("sends what is typed on Enter, keeps Shift+Enter for a new line, and empties the field", async () => {
    const { page, untilPosted } = await open([]);
    const field = page.getByTestId("composer");
    await field.pressSequentially("APPROVE kqmwa");
    await field.press("Shift+Enter");
    await field.pressSequentially("please");
    await field.press("Enter");
    await untilPosted("/phone/type", { text: "APPROVE kqmwa\nplease", phone: PHONE });
    await expect.poll(() => field.inputValue()).toBe("");
  });

  it("quotes a message, and stops quoting on ×", async () => {
    const { page, bubble, untilPosted } = await open([REQUEST]);
    const field = page.getByTestId("composer");
    const reply = bubble("SM1").getByRole("button", { name: "Reply", exact: true });
    await bubble("SM1").hover();
    await reply.click();
    await page.locator("#quoting").getByText("Approval Request").waitFor();
    await page.getByRole("button", { name: "Cancel reply" }).click();
    await page.locator("#quoting").waitFor({ state: "hidden" });
    await reply.click();
    await field.fill("not on production");
    await page.getByRole("button", { name: "Send" }).click();
    await untilPosted("/phone/type", { text: "not on production", phone: PHONE, quote: "SM1" });
    await expect.poll(() => page.locator("#quoting").isHidden()).toBe(true);
  });

  it("says when the approval server did not take an answer", async () => {
    const { page, stub, bubble } = await open([REQUEST]);
    stub.answer = { httpStatus: 200, body: { status: 403, body: "", contentType: "text/plain" } };
    await bubble("SM1").getByRole("button", { name: "❌ Deny" }).click();
    await page.getByRole("alert").getByText("The server did not take it: HTTP 403").waitFor();
    stub.push(own("SM2", "❌ Deny", { quotes: "SM1", buttonId: "deny:kqmwa" }));
    await bubble("SM2").getByText("The server did not take it: HTTP 403").waitFor();
  });

  it("gives the text back when nothing was sent", async () => {
    const { page, stub } = await open([]);
    stub.answer = { httpStatus: 400, body: { error: "too long" } };
    await page.getByTestId("composer").fill("hello");
    await page.getByTestId("composer").press("Enter");
    await page.getByRole("alert").getByText("too long").waitFor();
    await expect.poll(() => page.getByTestId("composer").inputValue()).toBe("hello");
  });

  it("reports a message as read once it is on the screen, and no other", async () => {
    const above = incoming("SM1", "above", { status: "delivered" });
    const { bubble, posted, untilPosted } = await open([
      above,
      ...FILLER,
      incoming("SM2", "below", { status: "delivered" }),
    ]);
    await untilPosted("/phone/read", { message: "SM2" });
    expect(posted("/phone/read")).toEqual([{ message: "SM2" }]);
    await bubble("SM1").scrollIntoViewIfNeeded();
    await untilPosted("/phone/read", { message: "SM1" });
  });
});
