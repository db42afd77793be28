// What the phone page shows, in a real browser against a stub of the simulator.
import { describe, expect, it } from "vitest";
import { FILLER, incoming, own, REQUEST, usePhonePage } from "../helpers/phone-page.ts";
import { OTHER_PHONE, PHONE } from "../helpers/phone-page-stub.ts";

const open = usePhonePage();

describe("the phone's page", () => {
  it("says that it is no real phone, and how to begin", async () => {
    const { page, complaints } = await open([]);
    await page.getByText("Simulated phone: anyone on this machine can tap here.").waitFor();
    await page.getByText("No messages yet. Ask Claude something that needs approval").waitFor();
    expect(complaints).toEqual([]);
  });

  it("shows a message the moment it comes, with its markup, and counts it in the title", async () => {
    const { stub, bubble, untilTitle } = await open([]);
    stub.push(REQUEST);
    await bubble("SM1")
      .locator("strong", { hasText: /^Approval Request$/ })
      .waitFor();
    await bubble("SM1")
      .locator("code", { hasText: /^ls -la \/etc$/ })
      .waitFor();
    await untilTitle("(1) Simulated phone");
    stub.push(own("SM2", "✅ Approve", { quotes: "SM1", buttonId: "approve:kqmwa" }));
    await untilTitle("Simulated phone");
  });

  it("keeps a hostile body text", async () => {
    const hostile =
      "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script> https://evil.example";
    const { page, complaints, bubble } = await open([
      incoming("SM1", `${hostile}\n\`${hostile}\`\n*${hostile}*`, {
        buttons: [{ id: "<b>", title: "<i>x</i>" }],
      }),
      own("SM2", hostile, { quotes: "SM1" }),
    ]);
    await bubble("SM2").waitFor();
    expect(await page.locator("img, script:not([src]), a, i, #messages b").count()).toBe(0);
    expect(await bubble("SM1").locator(".body").textContent()).toContain(`${hostile}\n`);
    expect(await bubble("SM1").getByRole("button", { name: "<i>x</i>" }).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("says that a message failed, and why, and takes no taps on it", async () => {
    const { stub, bubble, untilTitle } = await open([{ ...REQUEST, status: "sent" }]);
    await bubble("SM1").getByRole("button", { name: "✅ Approve" }).waitFor();
    stub.push({ ...REQUEST, status: "undelivered", errorCode: 63016 });
    await bubble("SM1").getByText("Not delivered: error 63016").waitFor();
    expect(await bubble("SM1").getByRole("button", { name: "✅ Approve" }).isDisabled()).toBe(true);
    await untilTitle("Simulated phone");
  });

  it("does not scroll sideways on a 360 px screen, however long the words", async () => {
    const long = "x".repeat(400);
    const { page, bubble } = await open(
      [
        incoming("SM1", `${long}\n> ${long}\n- ${long}\n\`\`\`${long}\n${long}\`\`\``, {
          buttons: [{ id: "a", title: long }],
        }),
        own("SM2", long, { quotes: "SM1" }),
        incoming("SM3", "no", { status: "failed", errorCode: 63016 }),
      ],
      [PHONE, OTHER_PHONE],
    );
    await bubble("SM2").getByRole("button", { name: "Reply", exact: true }).click({ force: true });
    await page.getByTestId("composer").fill(long);
    const widest = "[document.documentElement, document.querySelector('#log')].map(e => e.scrollWidth)";
    expect(await page.evaluate(widest)).toEqual([360, 360]);
    const outside = `[...document.querySelectorAll(".bubble, .bubble *, .composer *")]
      .filter((e) => e.getBoundingClientRect().right > 360 && !e.closest(".visually-hidden")).length`;
    expect(await page.evaluate(outside)).toBe(0);
  });

  it("switches between the phones of several approvers", async () => {
    const { page, bubble } = await open(
      [REQUEST, incoming("SM9", "for the other", { phone: OTHER_PHONE })],
      [PHONE, OTHER_PHONE],
    );
    await page.getByRole("combobox", { name: "Phone" }).selectOption(OTHER_PHONE);
    await bubble("SM9").waitFor();
    expect(await bubble("SM1").count()).toBe(0);
    await page.reload();
    await bubble("SM9").waitFor();
  });
});

describe("the phone's page, while messages come,", () => {
  const inView = (sid: string) => `(() => {
    const log = document.querySelector("#log").getBoundingClientRect();
    const row = document.querySelector("[data-sid=${sid}]").getBoundingClientRect();
    return row.top >= log.top - 1 && row.bottom <= log.bottom + 1;
  })()`;

  it("follows new messages, unless the person has scrolled up", async () => {
    const { page, stub, bubble } = await open(FILLER);
    stub.push(incoming("SM1", "new"));
    await bubble("SM1").waitFor();
    await expect.poll(() => page.evaluate(inView("SM1"))).toBe(true);
    await bubble("SF0").scrollIntoViewIfNeeded();
    await expect.poll(() => page.evaluate(inView("SF0"))).toBe(true);
    stub.push(incoming("SM2", "newer"));
    const back = page.getByRole("button", { name: "Go to the newest message" });
    await back.waitFor();
    expect(await page.evaluate(inView("SF0"))).toBe(true);
    await back.click();
    await expect.poll(() => page.evaluate(inView("SM2"))).toBe(true);
  });

  it("keeps focus on a button while the message's status changes", async () => {
    const { page, stub, bubble } = await open([{ ...REQUEST, status: "queued" }]);
    await bubble("SM1").locator("[data-button-id='deny:kqmwa']").focus();
    stub.push({ ...REQUEST, status: "delivered" });
    stub.push(incoming("SM2", "later"));
    await bubble("SM2").waitFor();
    expect(await page.evaluate("document.activeElement.dataset.buttonId")).toBe("deny:kqmwa");
  });

  it("says that it reconnects, and then shows what it missed", async () => {
    const { page, stub, bubble } = await open([REQUEST]);
    stub.refuseStreams();
    await page.getByText("reconnecting…").waitFor();
    stub.push(incoming("SM2", "missed"));
    stub.acceptStreams();
    await bubble("SM2").waitFor();
    await page.getByText("+1 415 523 8886").waitFor();
  });
});
