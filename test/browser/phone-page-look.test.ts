// How the phone page behaves under a finger, a mouse and a keyboard, and how it shows times, days and code.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { incoming, REQUEST } from "../helpers/phone-page.ts";
import { type PhonePageStub, startPhonePageStub } from "../helpers/phone-page-stub.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

/** Of the arrow beside the first message. */
const OPACITY = "getComputedStyle(document.querySelector('[data-sid=SM1] > .reply-to')).opacity";
const FINGER = { hasTouch: true, isMobile: true } as const;

async function open(
  messages: readonly SimMessage[],
  options: { readonly hasTouch?: boolean; readonly isMobile?: boolean; readonly timezoneId?: string } = {},
): Promise<{ page: Page; stub: PhonePageStub }> {
  const stub = await startPhonePageStub(messages);
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: "en-US",
    ...options,
  });
  onTestFinished(async () => {
    await context.close();
    await stub.close();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(stub.url);
  await page.getByText("+1 415 523 8886").waitFor();
  return { page, stub };
}

/** How long the finger rests before it is lifted, s. */
const REST_S = 1;

/**
 * One finger, from the middle of an element. It rests at the end of its way: Chromium takes a tap that comes soon after a flick for the
 * one that stops the scrolling, and presses nothing.
 */
async function swipe(page: Page, selector: string, right: number, down = 0): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not on the page`);
  const [x, y] = [box.x + box.width / 3, box.y + box.height / 2];
  const touch = await page.context().newCDPSession(page);
  const lifted = Date.now() / 1000;
  for (let step = 0; step <= 10; step += 1) {
    const point = { x: x + (right * step) / 10, y: y + (down * step) / 10 };
    await touch.send("Input.dispatchTouchEvent", {
      type: step === 0 ? "touchStart" : "touchMove",
      touchPoints: [point],
      timestamp: lifted - REST_S - 0.2 + step / 50,
    });
  }
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [], timestamp: lifted });
}

describe("the warning", () => {
  it("is one line that opens, and stays as it was left", async () => {
    const { page } = await open([REQUEST]);
    const words = page.getByText("no security boundary");
    expect(await words.isVisible()).toBe(false);
    expect((await page.locator("#notice").boundingBox())?.height).toBeLessThan(35);
    await page.locator("#notice summary").press("Enter");
    await words.waitFor();
    await page.reload();
    await words.waitFor();
    await page.locator("#notice summary").click();
    await page.reload();
    await page.locator("[data-sid=SM1]").waitFor();
    expect(await words.isVisible()).toBe(false);
  });
});

describe("a reply to one message", () => {
  const quoting = (page: Page) => page.locator("#quoting");

  it("is begun with a swipe to the right, and no arrow stands beside a bubble", async () => {
    const { page } = await open([REQUEST], FINGER);
    expect(await page.evaluate(OPACITY)).toBe("0");
    await swipe(page, "[data-sid=SM1] .content", 120);
    await quoting(page).getByText("Approval Request").waitFor();
  });

  it.each([
    ["a short swipe", 30, 0],
    ["a swipe to the left", -120, 0],
    ["scrolling", 20, 200],
  ])("is not begun by %s", async (_what, right, down) => {
    const { page, stub } = await open([REQUEST], FINGER);
    await swipe(page, "[data-sid=SM1] .content", right, down);
    await page.getByTestId("composer").fill("plain");
    await page.locator("#send").click();
    await expect
      .poll(() => stub.posts.find(({ path }) => path === "/phone/type")?.payload)
      .toEqual({
        text: "plain",
        phone: expect.any(String),
      });
  });

  it("that begins on a button does not press it", async () => {
    const { page, stub } = await open([REQUEST], FINGER);
    await swipe(page, "[data-sid=SM1] .quick-reply >> nth=0", 120);
    await quoting(page).getByText("Approval Request").waitFor();
    expect(stub.posts.filter(({ path }) => path === "/phone/tap")).toEqual([]);
    await page.getByRole("button", { name: "✅ Approve" }).tap();
    await expect.poll(() => stub.posts.filter(({ path }) => path === "/phone/tap")).toHaveLength(1);
  });

  it("is begun with an arrow that a mouse sees beside the bubble, and a keyboard reaches", async () => {
    const { page } = await open([REQUEST]);
    const opacity = () => page.evaluate(OPACITY);
    expect(await opacity()).toBe("0");
    await page.locator("[data-sid=SM1] .content").hover();
    await expect.poll(opacity).toBe("1");
    await page.locator("h1").hover();
    await expect.poll(opacity).toBe("0");
    await page.getByRole("button", { name: "❌ Deny" }).focus();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toContain("reply-to");
    await expect.poll(opacity).toBe("1");
    await page.keyboard.press("Enter");
    await quoting(page).getByText("Approval Request").waitFor();
  });
});

describe("times", () => {
  it("are hours and minutes in the bubbles, and days between them", async () => {
    const noon = new Date();
    noon.setUTCHours(12, 5, 41, 0);
    const daysAgo = (days: number) => noon.getTime() - days * 86_400_000;
    const { page } = await open(
      [
        incoming("SM1", "old", { at: Date.UTC(2024, 1, 3, 7, 9, 30) }),
        incoming("SM2", "yesterday", { at: daysAgo(1) }),
        incoming("SM3", "today", { at: daysAgo(0) }),
        incoming("SM4", "today", { at: daysAgo(0) + 1 }),
      ],
      { timezoneId: "UTC" },
    );
    await page.locator("[data-sid=SM4]").waitFor();
    expect(await page.locator(".day").allTextContents()).toEqual(["February 3, 2024", "Yesterday", "Today"]);
    expect(await page.locator("time").allTextContents()).toEqual([
      "7:09 AM",
      "12:05 PM",
      "12:05 PM",
      "12:05 PM",
    ]);
  });
});

describe("inline code", () => {
  const CODES = ["ls  -la", "git log --oneline --all", "a-b", `--file=${"x".repeat(60)}`, "-", "a\u00a0b"];

  it("is the text that came, space for space", async () => {
    const { page } = await open([incoming("SM1", CODES.map((code) => `\`${code}\``).join("\n"))]);
    await page.locator("[data-sid=SM1]").waitFor();
    expect(await page.locator("[data-sid=SM1] .code").allTextContents()).toEqual(CODES);
  });

  it("breaks between words and not after the hyphens of an option, and stays in its bubble", async () => {
    const command = "docker run --rm -v /srv/data:/data -e A=1 postgres pg_dump --format=custom --file=/x";
    const { page } = await open([incoming("SM1", `Execute command: \`${command}\``)]);
    const options = page.locator("[data-sid=SM1] .unbroken");
    await options.first().waitFor();
    const lines = await options.evaluateAll((words) => words.map((word) => word.getClientRects().length));
    expect(lines.length).toBeGreaterThan(4);
    expect(new Set(lines)).toEqual(new Set([1]));
    const isInside = await page.locator("[data-sid=SM1] .code").evaluate((code) => {
      const right = code.closest(".bubble")?.getBoundingClientRect().right ?? 0;
      return [...code.getClientRects()].every((line) => line.right <= right);
    });
    expect(isInside).toBe(true);
  });
});
