// The whole way a new user goes: the server with its simulated phone, and a person who taps in a browser.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { launchBrowser } from "../helpers/browser.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { BASH_CALL, callTool, startStage } from "../helpers/server-stage.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function openPhone(url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  page.setDefaultTimeout(PATIENCE_MS);
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(url);
  await page.getByText("+1 415 523 8886").waitFor();
  return { page, complaints };
}

describe("a person with a browser", () => {
  it("sees the request, taps Approve, and the call is allowed", async () => {
    const { server, phone, request } = await startStage();
    const { page, complaints } = await openPhone(phone.url);
    const answer = callTool(server);
    const { sid, body } = await request();
    const bubble = page.locator(`[data-sid=${sid}]`);
    await bubble.locator("code", { hasText: /^ls -la \/etc$/ }).waitFor();
    await bubble.getByRole("button", { name: "✅ Approve" }).click();
    expect(await answer).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
    const id = /\*Request ID:\* (\w+)/.exec(body)?.[1] ?? "";
    await page.getByText(`✅ ${id} approved: Claude has the answer`).waitFor();
    expect(phone.warnings()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("taps Deny, and a second tap is told that nothing ran", async () => {
    const { server, phone, request } = await startStage();
    const { page } = await openPhone(phone.url);
    const answer = callTool(server);
    const bubble = page.locator(`[data-sid=${(await request()).sid}]`);
    await bubble.getByRole("button", { name: "❌ Deny" }).click();
    expect(await answer).toMatchObject({ behavior: "deny" });
    await page.getByText("denied: Claude has the answer").waitFor();
    await bubble.getByRole("button", { name: "✅ Approve" }).click();
    await page.getByText(/was already denied \d+ s ago: nothing ran/).waitFor();
  });

  it("writes why not, and Claude reads these words", async () => {
    const { server, phone, request } = await startStage();
    const { page } = await openPhone(phone.url);
    const answer = callTool(server);
    const id = /\*Request ID:\* (\w+)/.exec((await request()).body)?.[1] ?? "";
    const composer = page.getByTestId("composer");
    await composer.fill(`no ${id} use <b>staging</b>`);
    await composer.press("Enter");
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringMatching(/Their words: use <b>staging<\/b>$/),
    });
  });

  it("with CONFIRM=problems sees its tap read and somebody type, and no message", async () => {
    const { server, phone, request } = await startStage({ env: { CONFIRM: "problems" } });
    const { page, complaints } = await openPhone(phone.url);
    const dots = page.getByRole("img", { name: "Claude approvals is typing" });
    expect(await dots.count()).toBe(0);
    const answer = callTool(server);
    const bubble = page.locator(`[data-sid=${(await request()).sid}]`);
    await bubble.getByRole("button", { name: "✅ Approve" }).click();
    expect(await answer).toMatchObject({ behavior: "allow" });
    await dots.waitFor();
    expect(phone.messages().filter(({ direction }) => direction === "to-phone")).toHaveLength(1);
    // A message takes the place of the dots.
    await phone.type("STATUS");
    await page.getByText("0 requests waiting.").waitFor();
    await dots.waitFor({ state: "hidden" });
    await page.reload();
    await page.locator(".message.out .ticks.read").first().waitFor();
    expect(complaints).toEqual([]);
  });
});
