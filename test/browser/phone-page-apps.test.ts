// The page as each app of the phone: Telegram's buttons in rows, documents, signs, and the tabs between several.
import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PhoneMessage } from "../../src/simulator/phone/phone-app.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { type PhonePageStub, startPhonePageStub } from "../helpers/phone-page-stub.ts";

const PHONE = "4500000000000006";
const TEXT =
  "🔔 Approval Request\n\nExecute command: git push --force origin main\nhttps://evil.example\nRequest ID: kqmwa";
const COMMAND = "git push --force origin main";
const base = { phone: PHONE, buttons: [], at: Date.UTC(2026, 0, 5, 9, 30) } as const;

const REQUEST: PhoneMessage = {
  ...base,
  sid: "6-101",
  direction: "to-phone",
  body: TEXT,
  entities: [
    { type: "bold", offset: 3, length: 16 },
    { type: "code", offset: TEXT.indexOf(COMMAND), length: COMMAND.length },
    { type: "url", offset: TEXT.indexOf("https"), length: "https://evil.example".length },
  ],
  buttons: [
    { id: "approve:kqmwa", title: "✅ Approve" },
    { id: "deny:kqmwa", title: "❌ Deny" },
    { id: "session:kqmwa", title: "🔁 Session" },
  ],
  rows: [2, 1],
  status: "read",
};
const FILE: PhoneMessage = {
  ...base,
  sid: "6-100",
  direction: "to-phone",
  body: "The whole call",
  entities: [],
  rows: [],
  document: { name: "kqmwa.txt", text: "line one\nline <b>two</b>" },
  status: "read",
};
const OWN: PhoneMessage = {
  ...base,
  sid: "6-102",
  direction: "from-phone",
  body: "not now",
  status: "received",
};
const APPS = [
  { app: "telegram", title: "Telegram" },
  { app: "whatsapp", title: "WhatsApp" },
  { app: "whatsapp-agent", title: "WhatsApp (agent)" },
] as const;
const TELEGRAM = { app: "telegram", apps: APPS, hasReactions: false, sender: "bot" } as const;
const AGENT = { app: "whatsapp-agent", apps: APPS, hasReactions: true, sender: "agent" } as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Opened {
  readonly page: Page;
  readonly stub: PhonePageStub;
  readonly complaints: readonly string[];
}

async function open(
  app: typeof TELEGRAM | typeof AGENT,
  messages: readonly PhoneMessage[],
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const stub = await startPhonePageStub(messages, [PHONE], app);
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
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(`${stub.url}/?app=${app.app}`);
  await page.locator("#sender", { hasText: app.sender }).waitFor();
  return { page, stub, complaints };
}

/** Where somebody looks at it: SCREENSHOTS is a folder. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

const bubble = (page: Page, sid: string) => page.locator(`[data-sid="${sid}"]`);

describe("the phone's page as Telegram", () => {
  it("has the buttons below the message, in their rows, and what is formatted as it was sent", async () => {
    const { page, complaints } = await open(TELEGRAM, [FILE, REQUEST, OWN]);
    await bubble(page, OWN.sid).waitFor();
    const shown = await bubble(page, REQUEST.sid).evaluate((message) => ({
      rows: [...message.querySelectorAll(".keyboard-row")].map((row) => row.children.length),
      bold: message.querySelector("strong")?.textContent,
      code: message.querySelector("code")?.textContent,
      link: message.querySelector(".link-like")?.textContent,
      links: message.querySelectorAll("a").length,
      text: message.querySelector(".body")?.textContent,
      title: message.ownerDocument.title,
    }));
    expect(shown).toEqual({
      ...{ rows: [2, 1], bold: "Approval Request", code: COMMAND, link: "https://evil.example", links: 0 },
      ...{ text: TEXT, title: "(1) Simulated phone" },
    });
    await shoot(page, "telegram");
    expect(complaints).toEqual([]);
  });

  it("says what the bot answers to a tap, and shows the outcome in place of the buttons", async () => {
    const { page, stub } = await open(TELEGRAM, [REQUEST]);
    stub.answer = { httpStatus: 200, body: { status: 200, answer: "✅ Approved" } };
    await bubble(page, REQUEST.sid).getByRole("button", { name: "✅ Approve" }).press("Enter");
    await page.getByRole("alert").getByText("✅ Approved").waitFor();
    expect(stub.posts).toContainEqual({
      path: "/phone/tap",
      app: "telegram",
      payload: { message: REQUEST.sid, button: "approve:kqmwa" },
    });
    stub.push({ ...REQUEST, buttons: [], rows: [], body: `${TEXT}\n\n✅ Approved`, isEdited: true });
    await bubble(page, REQUEST.sid).getByText("edited").waitFor();
    expect(await page.locator(".keyboard").count()).toBe(0);
    expect(await page.title()).toBe("Simulated phone");
  });

  it("says so where the bot does not answer a tap", async () => {
    const { page, stub } = await open(TELEGRAM, [REQUEST]);
    stub.answer = { httpStatus: 200, body: { status: 202, error: "it has not answered the tap" } };
    await bubble(page, REQUEST.sid).getByRole("button", { name: "❌ Deny" }).click();
    await page.getByRole("alert").getByText("it has not answered the tap").waitFor();
    expect(await bubble(page, REQUEST.sid).locator(".waiting").count()).toBe(0);
  });

  it("opens a document, by keyboard too, as text and nothing else", async () => {
    const { page } = await open(TELEGRAM, [FILE]);
    await page.getByRole("button", { name: "Open kqmwa.txt" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "kqmwa.txt" });
    expect(await dialog.locator("pre").textContent()).toBe(FILE.document?.text);
    await shoot(page, "document");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });
});

describe("the phone's page as WhatsApp's agent", () => {
  const AGENTS: readonly PhoneMessage[] = [
    {
      ...base,
      sid: "wamid.OUT1",
      direction: "to-phone",
      body: "🔔 *Approval Request*\n\n`ls`\nRequest ID: kqmwa",
      status: "delivered",
    },
    {
      ...base,
      sid: "wamid.IN2",
      direction: "from-phone",
      body: "yes",
      status: "received",
      isRead: false,
      quotes: "wamid.OUT1",
    },
  ];

  it("has no buttons, reads what it shows, and gives a sign", async () => {
    const { page, stub } = await open(AGENT, AGENTS);
    await expect
      .poll(() => stub.posts)
      .toContainEqual({ path: "/phone/read", app: "whatsapp-agent", payload: { message: "wamid.OUT1" } });
    const request = bubble(page, "wamid.OUT1");
    expect(await request.locator(".quick-reply, .key").count()).toBe(0);
    await request.getByRole("button", { name: "React" }).press("Enter");
    await page.getByRole("button", { name: "React with 👍" }).press("Enter");
    await expect
      .poll(() => stub.posts)
      .toContainEqual({
        path: "/phone/react",
        app: "whatsapp-agent",
        payload: { message: "wamid.OUT1", emoji: "👍" },
      });
    stub.push({ ...AGENTS[0]!, reaction: "👍" });
    await request.locator(".reaction", { hasText: "👍" }).waitFor();
    await shoot(page, "agent");
  });

  it("ticks a message twice when it was delivered, and blue when the agent has read it", async () => {
    const { page, stub } = await open(AGENT, AGENTS);
    const own = bubble(page, "wamid.IN2");
    await own.locator(".ticks.delivered").waitFor();
    stub.push({ ...AGENTS[1]!, isRead: true });
    await own.locator(".ticks.read").waitFor();
  });
});

describe("the page with several apps", () => {
  it("has a tab for each, which a keyboard reaches", async () => {
    const { page } = await open(TELEGRAM, [REQUEST]);
    const tabs = page.getByRole("navigation", { name: "Apps of the phone" }).getByRole("link");
    expect(await tabs.allTextContents()).toEqual(APPS.map(({ title }) => title));
    expect(await page.locator("[aria-current=page]").textContent()).toBe("Telegram");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe("?app=whatsapp");
  });

  it.each([
    ["Telegram", TELEGRAM, "light"],
    ["Telegram in the dark", TELEGRAM, "dark"],
    ["the agent in the dark", AGENT, "dark"],
  ] as const)("does not scroll sideways on a 360 px screen: %s", async (name, app, colorScheme) => {
    const long = "x".repeat(400);
    const messages: readonly PhoneMessage[] = [
      { ...FILE, body: long, document: { name: long, text: long } },
      {
        ...REQUEST,
        body: `${long} ${TEXT}`,
        entities: [{ type: "pre", offset: 0, length: 200 }],
        buttons: [
          { id: "a", title: long },
          { id: "b", title: "no" },
        ],
        rows: [2],
        reaction: "👀",
      },
      { ...OWN, body: long, quotes: REQUEST.sid, reaction: "👀" },
      REQUEST,
    ];
    const touch = { hasTouch: true, isMobile: true };
    const { page } = await open(app, messages.slice(0, 3).concat({ ...REQUEST, sid: "6-103" }), {
      colorScheme,
      ...touch,
    });
    await bubble(page, OWN.sid).waitFor();
    await shoot(page, name.replaceAll(" ", "-"));
    const widest = "[document.documentElement, document.querySelector('#log')].map(e => e.scrollWidth)";
    expect(await page.evaluate(widest)).toEqual([360, 360]);
    const outside = `[...document.querySelectorAll(".message, .message *:not(dialog *, dialog)")]
      .filter((e) => e.getBoundingClientRect().right > 360 && !e.closest(".visually-hidden")).length`;
    expect(await page.evaluate(outside)).toBe(0);
  });
});
