// The record's page in a real browser, over the real server: what it shows, by eye, by keyboard and by a screen reader.
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { launchBrowser } from "../helpers/browser.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";

/** Where to put pictures for a person to look at; none are made without it. */
const PICTURES = process.env["RECORD_PICTURES"];
const OWN = "o".repeat(40);
const HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function open({ server }: Pick<ServerStage, "server">, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(server.localUrl);
  return { page, complaints };
}

/** Asks; nobody waits for the answer. */
async function ask(stage: ServerStage, command: string, headers = {}, input = {}) {
  const count = stage.phone.messages().filter(({ buttons }) => buttons.length > 0).length;
  const call = { tool_name: "Bash", input: { command, ...input }, tool_use_id: command };
  const answer = callTool(stage.server, call, { headers });
  const { sid, body } = await stage.request(count);
  return { sid, answer, id: /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "" };
}

async function decide(stage: ServerStage, verb: "approve" | "deny", command: string, input = {}) {
  const asked = await ask(stage, command, { "x-approval-project": "/code/web-shop" }, input);
  await stage.phone.tap(asked.sid, verb);
  await asked.answer;
  await stage.told(`${asked.id} ${verb === "approve" ? "approved" : "denied"}`);
  return asked.id;
}

const live = (page: Page) =>
  page
    .getByRole("status")
    .filter({ hasText: /^live$/ })
    .waitFor();
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

/** What axe-core finds wrong with the page as it is, by rule and place. Run in a world of its own: the page's policy holds there too. */
async function wrongFor(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
  });
  await session.send("Runtime.evaluate", { expression: axe.source, contextId: executionContextId });
  const { result } = await session.send("Runtime.evaluate", {
    expression:
      "axe.run().then(({violations}) => violations.flatMap((v) => v.nodes.map((n) => v.id + ' ' + n.target)))",
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  });
  return result.value as string[];
}

describe("the record's page", () => {
  it("shows what waits with its clock, and what was decided the moment it is", async () => {
    const stage = await startStage();
    const { page, complaints } = await open(stage);
    await page.getByText("Nothing waits for an answer.").waitFor();
    const { sid, answer, id } = await ask(stage, "rm -rf build");
    const item = page.getByRole("listitem").filter({ hasText: id });
    await item.getByText(/^[45]:\d\d$/).waitFor();
    await page.getByText(`Bash waits: ${id}.`).waitFor({ state: "attached" });
    await vi.waitFor(async () => expect(await page.title()).toBe("(1) Approvals"), { timeout: PATIENCE_MS });
    await stage.phone.tap(sid, "deny");
    await answer;
    await row(page, id)
      .getByText(/^denied by …\d{4}$/)
      .waitFor();
    await page.getByText("Nothing waits for an answer.").waitFor();
    expect(complaints).toEqual([]);
  });

  it("offers nothing that could change anything, and says why", async () => {
    const stage = await startStage();
    const { page } = await open(stage);
    const { sid, answer, id } = await ask(stage, "ls");
    await page.getByRole("listitem").filter({ hasText: id }).waitFor();
    await page
      .getByText("An agent on this machine can reach this page: nothing can be approved here.")
      .waitFor();
    const names = await page.getByRole("button").allTextContents();
    expect(names.join(" ")).not.toMatch(/approve|deny|session/i);
    await stage.phone.tap(sid, "deny");
    await answer;
  });

  it("tells a request's whole story, with hidden characters in sight and nothing of it alive", async () => {
    const stage = await startStage();
    const id = await decide(stage, "approve", `echo ${HOSTILE}\necho a\u200bb`);
    const { page, complaints } = await open(stage);
    await row(page, id).getByRole("button").click();
    const dialog = page.getByRole("dialog", { name: new RegExp(id) });
    await dialog.getByText("replied: Approve: it counted").waitFor();
    await dialog.getByText("The caller has the answer.").waitFor();
    await dialog
      .getByText(/delivered \d\d:\d\d:\d\d/)
      .first()
      .waitFor();
    expect(await dialog.locator("pre").textContent()).toBe(`echo ${HOSTILE}\necho a⟨U+200B⟩b`);
    expect(await dialog.locator("pre mark").textContent()).toBe("⟨U+200B⟩");
    expect(await page.locator("img, script:not([src])").count()).toBe(0);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(complaints).toEqual([]);
  });

  it("is searched and walked with the keyboard alone", async () => {
    const stage = await startStage();
    const apples = await decide(stage, "approve", "echo apples");
    const pears = await decide(stage, "deny", "echo pears");
    const { page } = await open(stage);
    await row(page, apples).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("pears");
    await row(page, apples).waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: new RegExp(pears) }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByLabel("Search").fill("");
    await page.getByLabel("Status").selectOption("approved");
    await row(page, apples).waitFor();
    await row(page, pears).waitFor({ state: "detached" });
    await page.getByLabel("Project").fill("elsewhere");
    await page.getByText("Nothing is found with these filters.").waitFor();
  });

  it("says that the connection is lost, and comes back by itself", async () => {
    const stage = await startStage();
    const { page } = await open(stage);
    await live(page);
    await page.context().setOffline(true);
    await page.route("**/record/api/**", (route) => route.abort());
    const { sid, answer, id } = await ask(stage, "echo meanwhile");
    await page.getByText("The connection to the server is lost: trying again.").waitFor();
    await page.context().setOffline(false);
    await page.unroute("**/record/api/**");
    await row(page, id).waitFor();
    await live(page);
    await stage.phone.tap(sid, "deny");
    await answer;
  });

  it("wants the token where one is set, and keeps it in this tab", async () => {
    const stage = await startStage({ env: { APPROVAL_TOKEN: OWN } });
    const { page } = await open(stage);
    await page.getByLabel("APPROVAL_TOKEN").fill("wrong");
    await page.getByRole("button", { name: "Show the record" }).click();
    await page.getByText("The server does not take this token.").waitFor();
    expect(await page.getByRole("table").isVisible()).toBe(false);
    await page.getByLabel("APPROVAL_TOKEN").fill(OWN);
    await page.keyboard.press("Enter");
    await live(page);
    await page.getByText("Nothing was asked yet.").waitFor();
    await page.reload();
    await live(page);
    expect(
      await page.evaluate("[localStorage.length, document.cookie, location.href.includes('oooo')]"),
    ).toEqual([0, "", false]);
    const other = await open(stage);
    await other.page.getByText("This server wants its token").waitFor();
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const)(
    "in %s at %i px: nothing sticks out, and axe-core finds nothing",
    async (colorScheme, width) => {
      const stage = await startStage();
      const command = 'git commit -m "fix: round totals" && git push';
      const long = await decide(stage, "approve", `echo ${"x".repeat(300)}`);
      await decide(stage, "deny", "rm -rf node_modules && npm ci");
      const several = await decide(stage, "approve", `for f in src/*.ts; do\n  npx tsc "$f"\u200b\ndone`, {
        description: "Compile each file",
      });
      const waits = await ask(stage, command, { "x-approval-project": "/code/web-shop" });
      const { page } = await open(stage, {
        colorScheme,
        viewport: { width, height: width === 360 ? 740 : 900 },
      });
      await page.getByRole("listitem").filter({ hasText: waits.id }).waitFor();
      await row(page, long).waitFor();
      await live(page);
      const widest = "document.documentElement.scrollWidth";
      expect(await page.evaluate(widest)).toBe(width);
      expect(await wrongFor(page)).toEqual([]);
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/list-${colorScheme}-${width}.png` });
      await row(page, several).getByRole("button").click();
      await page.getByText("The caller has the answer.").waitFor();
      expect(await page.evaluate(widest)).toBe(width);
      expect(await wrongFor(page)).toEqual([]);
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/story-${colorScheme}-${width}.png` });
      await stage.phone.tap(waits.sid, "deny");
      await waits.answer;
    },
  );

  it("takes the colours that are chosen over those of the system, and remembers them", async () => {
    const stage = await startStage();
    const { page } = await open(stage, { colorScheme: "light" });
    const background = "getComputedStyle(document.body).backgroundColor";
    const light = await page.evaluate(background);
    await page.getByLabel("Colours").selectOption("dark");
    expect(await page.evaluate(background)).not.toBe(light);
    await page.reload();
    expect(await page.evaluate(background)).not.toBe(light);
  });
});
