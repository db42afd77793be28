// The phone page, open in a browser on a conversation that the test writes.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { launchBrowser } from "./browser.ts";
import { PATIENCE_MS } from "./patience.ts";
import { PHONE, type PhonePageStub, startPhonePageStub } from "./phone-page-stub.ts";

const base = { phone: PHONE, buttons: [], at: Date.UTC(2026, 0, 5, 9, 30) } as const;

/** A message from the approval server, already read unless told otherwise. */
export function incoming(sid: string, body: string, more: Partial<SimMessage> = {}): SimMessage {
  return { ...base, sid, direction: "to-phone", body, status: "read", ...more };
}

/** A message of the person with the phone. */
export function own(sid: string, body: string, more: Partial<SimMessage> = {}): SimMessage {
  return { ...base, sid, direction: "from-phone", body, status: "received", ...more };
}

export const REQUEST = incoming("SM1", "🔔 *Approval Request*\n\nExecute command: `ls -la /etc`", {
  buttons: [
    { id: "approve:kqmwa", title: "✅ Approve" },
    { id: "deny:kqmwa", title: "❌ Deny" },
  ],
});

/** More than fits on the screen. */
export const FILLER = Array.from({ length: 30 }, (_, index) => incoming(`SF${index}`, `line ${index}`));

export interface OpenPhone {
  readonly page: Page;
  readonly stub: PhonePageStub;
  /** What the browser reported as an error, broken security policies among it. */
  readonly complaints: readonly string[];
  bubble(sid: string): Locator;
  /** Payloads posted to a path so far. */
  posted(path: string): unknown[];
  untilPosted(path: string, payload: unknown): Promise<void>;
  untilTitle(title: string): Promise<unknown>;
}

/**
 * One browser for the file, one page for each test, all closed afterwards.
 * @returns opens the page, 360 px wide, and waits until it shows the sender's number
 */
export function usePhonePage(): (
  messages: readonly SimMessage[],
  phones?: readonly string[],
) => Promise<OpenPhone> {
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  const stubs: PhonePageStub[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    page.setDefaultTimeout(PATIENCE_MS);
    complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    await Promise.all(stubs.splice(0).map((stub) => stub.close()));
  });

  return async (messages, phones) => {
    const stub = await startPhonePageStub(messages, phones);
    stubs.push(stub);
    await page.goto(stub.url);
    await page.getByText("+1 415 523 8886").waitFor();
    const posted = (path: string) =>
      stub.posts.filter((post) => post.path === path).map(({ payload }) => payload);
    return {
      page,
      stub,
      complaints,
      posted,
      bubble: (sid) => page.locator(`[data-sid=${sid}]`),
      untilPosted: (path, payload) =>
        vi.waitFor(() => expect(posted(path)).toContainEqual(payload), { timeout: PATIENCE_MS }),
      // Not waitForFunction: it polls inside the page, where the content security policy forbids eval.
      untilTitle: (title) =>
        vi.waitFor(async () => expect(await page.title()).toBe(title), { timeout: PATIENCE_MS }),
    };
  };
}
